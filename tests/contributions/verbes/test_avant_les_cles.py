"""An existing base, where sources were called by number: what is published and what waits goes on."""

from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from comparaison.contenus import comparer
from contributions.models import Depot, Proposition
from contributions.redaction.views import derniere_saisie, reporter
from contributions.verbes import propositions
from fiches.models import Fiche, Version
from fiches.sources import FORMAT
from moderation.examen import Examen
from tests.contributions.recits import derniere, proposition
from tests.factories import fiche_dispositif, moderatrice, publier

pytestmark = pytest.mark.django_db
ORGANISMES = {"Un": "Observatoire régional", "Deux": "Agence de santé", "Trois": "Université de Rouen"}
UN, DEUX, TROIS = (
    {"titre": titre, "organisation": organisme, "date": "", "apres": None, "repere": "", "url": ""}
    for titre, organisme in ORGANISMES.items()
)
CHIFFRE = {"libelle": "ASV", "valeur": 7, "unite": "ateliers", "annee": 2022, "precision_annee": "exacte", "source": 2}


@pytest.fixture
def fiche():
    """A fiche whose last version was written before the keys."""
    neuve = fiche_dispositif(slug="asv", sources=[UN, DEUX], chiffres=[CHIFFRE],
                             sections={"description": "Selon un.[^1]", "cout": "Selon deux.[^2]"})  # fmt: skip
    ancien = {cle: v for cle, v in neuve.contenu.items() if cle != "format"}
    ancien["sources"] = [UN, DEUX]
    ancien["chiffres"] = [{**neuve.contenu["chiffres"][0], "source": 2}]
    Version.objects.create(
        fiche=neuve, numero=2, contenu=ancien, motif="D’avant les clés.", publiee_le=neuve.publiee_le
    )
    Fiche.objects.filter(pk=neuve.pk).update(contenu=ancien, numero=2)
    return type(neuve).objects.get(pk=neuve.pk)


@pytest.fixture
def une(fiche):
    """A proposition that waited: it takes the first source away and adds one, all being renumbered."""
    return proposition(
        fiche,
        sources=[DEUX, TROIS],
        description="Sans source.",
        cout="Selon deux.[^1]",
        duree="Selon trois.[^2]",
        chiffres=[{**fiche.contenu["chiffres"][0], "valeur": 8, "source": 1}],
    )


def titres(contenu: dict[str, Any]) -> dict[str, str]:
    return {source["cle"]: source["titre"] for source in contenu["sources"]}


def test_une_ancienne_version_se_lit_avec_ses_numeros_pour_cles(client, fiche):
    assert titres(fiche.contenu) == titres(derniere(fiche).contenu) == {"1": "Un", "2": "Deux"}
    assert fiche.contenu["chiffres"][0]["source"] == "2" and fiche.contenu["sections"]["cout"] == "Selon deux.[^2]"
    for adresse in ("/dispositifs/asv/", "/dispositifs/asv/versions/2/"):
        page = client.get(adresse).text
        assert page.count('<a href="#source-2" aria-label="Source 2">2</a>') == 2 and 'id="source-2"' in page


def test_sa_ligne_n_est_pas_recrite(fiche):
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT contenu->'sources'->0->>'cle' FROM fiches_version WHERE fiche_id = %s AND numero = 2", [fiche.pk]
        )
        assert curseur.fetchone() == (None,)


def test_une_proposition_qui_attend_se_montre_sans_ce_qui_n_a_fait_que_changer_de_numero(une):
    examen = Examen(une, une.depot)
    vus = {d.unite.cle: d.nombre for d in examen.comparaison_de_l_auteur.differences}
    assert vus == {"section-description": 2, "section-duree": 1, "sources": 2, "chiffres": 1}
    assert titres(une.depot.proposee) == {"2": "Deux", "3": "Trois"}


def test_une_proposition_qui_attend_se_reunit_a_une_version_d_apres(fiche, une):
    publier(fiche, sources=[*fiche.contenu["sources"], {**UN, "titre": "Quatre", "cle": "3"}],
            sections={**fiche.contenu["sections"], "objectif": "Selon quatre.[^3]"})  # fmt: skip
    fusion = Examen(une, une.depot).fusion
    assert fusion.conflits == [] and titres(fusion.contenu) == {"2": "Deux", "3": "Quatre", "4": "Trois"}
    assert fusion.contenu["sections"] == {
        "description": "Sans source.",
        "objectif": "Selon quatre.[^3]",
        "duree": "Selon trois.[^4]",
        "cout": "Selon deux.[^2]",
    }
    assert [(c["valeur"], c["source"]) for c in fusion.contenu["chiffres"]] == [(8, "2")]


def test_une_proposition_qui_attend_s_accepte_et_publie_le_format_present(client, fiche, une):
    propositions.accepter(une, par=moderatrice(), depot=1)
    publiee = type(fiche).objects.get(pk=fiche.pk)
    assert publiee.contenu["format"] == FORMAT and titres(publiee.contenu) == {"2": "Deux", "3": "Trois"}
    assert list(publiee.sources.values_list("numero", "titre")) == [(1, "Deux"), (2, "Trois")]
    assert '<a href="#source-2" aria-label="Source 2">2</a>' in publiee.rendu["sections"]["duree"]
    assert client.get(publiee.get_absolute_url()).status_code == 200
    assert [d.unite.cle for d in comparer(fiche.nature, fiche.contenu, publiee.contenu).differences] == [
        "section-description", "section-duree", "sources", "chiffres",
    ]  # fmt: skip


def test_un_texte_qui_attend_se_reprend_et_se_reporte(fiche, une):
    saisie = derniere_saisie(une)
    assert saisie["section-duree"] == "Selon trois.[^3]" and saisie["sources-1-cle"] == "3"
    publiee = publier(fiche, titre="Autrement")
    reporte = reporter(une, saisie, derniere(publiee))
    assert reporte["titre"] == "Autrement" and reporte["section-cout"] == "Selon deux.[^2]"


def test_un_brouillon_d_avant_les_cles_se_reprend(client, fiche):
    brouillon = Proposition.objects.create(
        fiche=fiche, nature=fiche.nature, titre=fiche.titre, base=derniere(fiche),
        saisie={"section-cout": ["Selon deux, plus cher.[^1]"], "section-description": ["Sans source."],
                "sources-0-titre": ["Deux"], "sources-0-organisation": [DEUX["organisation"]],
                "chiffres-0-source": ["1"]},
    )  # fmt: skip
    page = client.get(reverse("modifier_proposition", args=[brouillon.jeton]))
    assert page.status_code == 200 and "Selon deux, plus cher.[^2]" in page.text
    assert 'name="sources-0-cle" value="2"' in page.text


def test_un_depot_d_avant_reste_comme_il_a_ete_depose(une):
    assert Depot.objects.get(proposition=une).changements["section-duree"] == "Selon trois.[^2]"
