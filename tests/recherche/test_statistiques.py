"""The public figures are those of the published fiches, drawn and written alike."""

import re
from xml.etree import ElementTree as ET

import pytest
import time_machine

from recherche.statistiques import Graphique, dresser
from tests.balisage import d_une_ligne, texte
from tests.factories import constat, fiche_action, fiche_dispositif, fiche_locale, masquer, territoire, theme

pytestmark = pytest.mark.django_db


def comptes(cle: str) -> dict[str, int]:
    """Return what a drawing shows that is not zero."""
    (graphique,) = (g for g in dresser().graphiques if g.cle == cle)
    return {barre.nom: barre.compte for barre in graphique.barres if barre.compte}


def test_on_compte_par_nature_ce_qui_est_publie():
    fiche_dispositif()
    fiche_action()
    cachee = fiche_action()
    masquer(cachee)
    assert comptes("nature") == {"Dispositifs": 1, "Actions inspirantes": 1}
    assert dresser().fiches == 2


def test_une_fiche_compte_une_fois_dans_chaque_region_de_ses_territoires():
    normandie, bretagne = territoire("region", "28", "Normandie"), territoire("region", "53", "Bretagne")
    rouen, elbeuf = (territoire("commune", dans=[normandie]) for _ in range(2))
    fiche_action(sur=[rouen, elbeuf])
    fiche_locale(sur=[rouen, bretagne])
    fiche_dispositif()
    assert comptes("region") == {"Normandie": 2, "Bretagne": 1, "Sans territoire": 1}


def test_une_region_sans_fiche_est_montree_a_zero():
    territoire("region", "28", "Normandie")
    (graphique,) = (g for g in dresser().graphiques if g.cle == "region")
    assert next((b.nom, b.compte, b.longueur) for b in graphique.barres) == ("Normandie", 0, 0)


@pytest.mark.parametrize(
    "vu_le, age",
    [
        ("2026-06-15", "Moins d’un an"),
        ("2025-06-16", "Moins d’un an"),
        ("2025-06-15", "D’un à deux ans"),
        ("2024", "De deux à cinq ans"),  # perhaps the first of January
        ("2020-01", "De cinq à dix ans"),
        ("2016-04", "Dix ans ou plus"),
    ],
)
def test_on_compte_par_anciennete_de_la_derniere_trace_et_non_du_chargement(vu_le, age):
    with time_machine.travel("2026-06-15T12:00Z", tick=False):
        fiche_dispositif()  # a kind of scheme is seen nowhere
        fiche_locale(constats=[constat("actif", vu_le)])
        fiche_action(avancement="en_cours", vu_le=vu_le)
        fiche_action()
        assert comptes("age") == {age: 2, "Sans date": 1}


def test_chaque_fiche_est_dans_une_tranche_de_completude_et_une_seule():
    fiche = fiche_dispositif()
    for completude in (0, 24, 25, 49, 50, 74, 75, 99, 100):
        type(fiche).objects.update(completude=completude)
        assert sum(comptes("completude").values()) == 1
    assert comptes("completude") == {"100 %": 1} and dresser().completude == 100


def test_on_compte_les_themes_et_les_preuves():
    theme("culture", "Culture")
    fiche_action(themes=["logement", "addictions"], preuve="capitalisee")
    fiche_action(themes=["logement"])
    assert comptes("theme") == {"logement": 2, "addictions": 1}
    assert comptes("preuve") == {"Capitalisée": 1, "Non précisé": 1}


def test_un_document_cite_deux_fois_est_un_document():
    for _ in range(2):
        fiche_dispositif(sources=[{"titre": "Rapport"}])
    assert (dresser().sources, dresser().documents) == (2, 1)


def test_la_page_dessine_et_ecrit_les_memes_chiffres(client):
    fiche_action(themes=["logement"])
    fiche_action()
    page = d_une_ligne(client.get("/statistiques/").text)
    graphiques: list[Graphique] = dresser().graphiques
    svgs = re.findall(r"<svg viewBox[^>]*role=\"img\".*?</svg>", page, re.DOTALL)
    tableaux = re.findall(r'<table class="liste">.*?</table>', page, re.DOTALL)
    assert len(svgs) == len(tableaux) == len(graphiques)
    for graphique, svg, tableau in zip(graphiques, svgs, tableaux, strict=True):
        attendus = [(barre.nom, str(barre.compte)) for barre in graphique.barres]
        dessin = ET.fromstring(svg.replace("&nbsp;", "\xa0"))
        assert [tuple(t.text for t in g.iter("text")) for g in dessin.iter("g")] == attendus
        assert dessin.attrib["aria-labelledby"] == dessin.find("title").attrib["id"]
        lignes = re.findall(r"<tr> ?<th scope=\"row\">(.*?)</th> ?<td[^>]*>(.*?)</td>", tableau)
        assert [(texte(nom), texte(compte)) for nom, compte in lignes] == attendus
    assert '<a href="/fiches/?theme=logement">' in page


def test_une_barre_reste_dans_le_dessin():
    for n in range(30):
        fiche_dispositif(themes=["grand"] if n else ["petit"])
    for graphique in dresser().graphiques:
        for barre in graphique.barres:
            assert 0 <= barre.longueur <= 300 and (barre.longueur >= 2 or not barre.compte)


def test_une_base_vide_a_ses_statistiques(client):
    assert client.get("/statistiques/").status_code == 200


def test_la_page_coute_sept_requetes(client, django_assert_max_num_queries):
    for n in range(10):
        fiche_action(themes=[f"theme-{n}"], sur=[territoire("region", f"{n}")])
    with django_assert_max_num_queries(7):
        assert client.get("/statistiques/").status_code == 200


def test_les_dispositifs_locaux_sont_comptes_par_etat():
    fiche_locale(constats=[constat("actif", "2016-04")])
    fiche_locale(fin="2020")
    fiche_locale()
    assert comptes("etat") == {"À vérifier": 1, "Terme passé, suite inconnue": 1, "En vigueur": 1}


@time_machine.travel("2026-11-23", tick=False)
def test_ce_qui_finit_dans_l_annee_compte_aussi_en_vigueur():
    fiche_locale(fin="2027-06-30")
    fiche_locale()
    assert comptes("etat") == {"En vigueur": 2, "Fin dans moins d’un an": 1}
