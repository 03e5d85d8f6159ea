import re
from datetime import date

import html5lib
import pytest
import time_machine

from tests.factories import constat, fiche_action, fiche_dispositif, fiche_locale, territoire
from tests.recherche.lecture import lire

pytestmark = pytest.mark.django_db


@pytest.fixture
def quarante():
    for n in range(41):
        fiche_dispositif(titre=f"Fiche {n:02}", themes=["logement"])


def test_une_puce_retire_un_filtre_et_garde_les_autres(client):
    territoire("commune", "76540", "Rouen", departements=["76"])
    fiche_action(themes=["logement", "addictions"])
    page = lire(client, q="action", territoire="commune:76540", theme=["logement", "addictions"], tri="nom")
    assert page.puces == {
        "« action »": "/fiches/?territoire=commune:76540&theme=logement&theme=addictions&tri=nom",
        "Rouen (76)": "/fiches/?q=action&theme=logement&theme=addictions&tri=nom",
        "logement": "/fiches/?q=action&territoire=commune:76540&theme=addictions&tri=nom",
        "addictions": "/fiches/?q=action&territoire=commune:76540&theme=logement&tri=nom",
    }
    assert '<a class="bouton nu" href="/fiches/">Tout effacer</a>' in page.html


def test_sans_filtre_pas_de_puce(client):
    fiche_dispositif()
    assert lire(client).puces == {} and "noindex" not in lire(client).html


def test_la_pagination_est_dans_l_adresse(client, quarante):
    page = lire(client, theme="logement")
    assert page.titres == [f"Fiche {n:02}" for n in range(20)] and "41 fiches sur 41" in page.texte
    assert 'href="/fiches/?theme=logement&amp;page=2" rel="next"' in page.html
    page = lire(client, theme="logement", page=3)
    assert page.titres == ["Fiche 40"] and 'rel="next"' not in page.html
    assert 'href="/fiches/?theme=logement"><span class="lecteur">Page </span>1' in page.html


def test_une_page_au_dela_de_la_derniere(client, quarante):
    page = lire(client, page=4)
    assert page.statut == 404 and "Cette page n’existe pas" in page.texte
    assert 'href="/fiches/">Revenir à la première page' in page.html
    assert lire(client, page=10**30).statut == 404


def test_une_liste_vide_a_une_premiere_page(client):
    assert (lire(client).statut, lire(client, page=2).statut) == (200, 404)


def test_un_nom_de_territoire_mene_a_sa_page(client):
    territoire("commune", "76231", "Elbeuf", departements=["76"])
    assert "/territoires/commune/76231/" in lire(client, q="elbeuf").html
    assert "/territoires/commune/76231/" not in lire(client, q="elbeuf santé").html
    assert "/territoires/commune/76231/" not in lire(client, q="elbeuf", nature="local").html


def test_un_nom_que_portent_plusieurs_territoires_les_montre(client):
    territoire("commune", "93066", "Saint-Denis", departements=["93"])
    territoire("commune", "97411", "Saint-Denis", departements=["974"])
    page = lire(client, q="st denis")
    assert "/territoires/commune/93066/" in page.html and "/territoires/commune/97411/" in page.html


def test_un_seul_formulaire_envoie_tout(client):
    """The search field and the order are owned by the form of the filters: nothing chosen is lost, without script."""
    fiche_dispositif()
    page = lire(client)
    assert page.html.count("<form") == 2 and 'id="recherche"' in page.html  # and that of the boxes of a dossier
    assert page.html.count('form="recherche"') == 4  # the words, the order, and their buttons


def test_la_page_dit_le_temps_du_serveur(client):
    duree = client.get("/fiches/")["Server-Timing"]
    assert duree.startswith("recherche;dur=") and "rendu;dur=" in duree


def test_la_page_ne_pose_aucun_temoin(client):
    assert not client.get("/fiches/?q=sante").cookies


def test_le_html_est_valide_et_sans_style_ni_script(client):
    rouen = territoire("commune", "76540", "Rouen", departements=["76"])
    for n in range(23):
        fiche_action(themes=[f"theme-{n}", "logement"], sur=[rouen])
        fiche_locale(sur=[rouen])
    for parametres in (
        {},
        {"q": "action", "territoire": "commune:76540", "theme": "logement"},
        {"q": "rien"},
        {"q": "Rouen"},
        {"territoire": "qqzzkk", "theme": "x", "page": "y"},
        {"page": "9"},
    ):
        page = lire(client, **parametres)
        lecteur = html5lib.HTMLParser()
        lecteur.parse(page.html)
        assert lecteur.errors == [], parametres
        assert " style=" not in page.html and not re.search(r"<script(?! src=)", page.html)


def test_une_carte_dit_si_la_fiche_est_relue_et_rien_de_son_chargement(client):
    fiche = fiche_dispositif()
    assert all(mot not in lire(client).texte for mot in ("Renseignée", "Fiche modifiée", "Version 1", "Relue"))
    type(fiche).objects.update(relue_le=date(2026, 5, 4))
    assert "Relue le 4 mai 2026" in lire(client).texte


def test_les_plus_completes_d_abord(client):
    for completude, titre in ((20, "B"), (90, "C"), (20, "A")):
        fiche = fiche_dispositif(titre=titre)
        type(fiche).objects.filter(pk=fiche.pk).update(completude=completude)
    assert lire(client, tri="completude").titres == ["C", "A", "B"]


def test_a_rafraichir_d_abord_celles_que_personne_n_a_verifiees_depuis_longtemps(client):
    """Checked counts as much as changed."""
    for jour, relue_le, titre in (
        ("2026-01-10", None, "Ancienne"),
        ("2026-01-05", "2026-03-01", "Ancienne, relue depuis"),
        ("2026-02-01", "2026-01-20", "Changée après sa relecture"),
    ):
        with time_machine.travel(f"{jour}T12:00Z", tick=False):
            fiche = fiche_dispositif(titre=titre)
        type(fiche).objects.filter(pk=fiche.pk).update(relue_le=relue_le)
    fiche_locale(titre="Locale, changée ce jour, constatée en 2022", constats=[constat("actif", "2022-03-29")])
    assert lire(client, tri="a_rafraichir").titres == [
        "Locale, changée ce jour, constatée en 2022", "Ancienne", "Changée après sa relecture", "Ancienne, relue depuis"
    ]  # fmt: skip
