import html5lib
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.balisage import texte
from tests.factories import fiche_action, fiche_dispositif, fiche_locale, masquer
from tests.recherche.lecture import Page

pytestmark = pytest.mark.django_db


def contenu(client) -> str:
    """The page, without the menus, which say much of the same."""
    return client.get("/").text.partition("<main")[2].partition("</main>")[0]


def test_l_accueil_dit_combien_de_dispositifs_et_d_actions_sont_publies(client):
    fiche_dispositif(slug="asv")
    masquer(fiche_dispositif())
    fiche_action()
    page = texte(contenu(client))
    assert "Toutes les actions (1)" in page and "Tous les dispositifs (1)" in page


def test_l_accueil_dit_en_une_phrase_les_dispositifs_suivis(client):
    fiche_dispositif(slug="clsm", titre="Conseil local de santé mentale", sigle="CLSM", resume="Une instance.")
    fiche_dispositif(slug="asv", titre="Atelier santé ville", sigle="ASV")
    fiche_dispositif(slug="autre", titre="Un autre")
    page = texte(contenu(client))
    assert page.index("Atelier santé ville") < page.index("Une instance.")
    assert "Un autre" not in page


def test_l_accueil_montre_les_quatre_actions_qu_une_source_a_vues_le_plus_recemment(client):
    for annee in (2024, 2025, 2023, 2022, 2026):
        fiche_action(titre=f"Action {annee}", vu_le=str(annee))
    page = contenu(client)
    places = [page.index(f"Action {annee}") for annee in (2026, 2025, 2024, 2023)]
    assert places == sorted(places) and "Action 2022" not in page


def test_de_celles_d_un_meme_jour_l_accueil_montre_les_plus_renseignees(client):
    pleines = {"deroule": "Trois ateliers.[^1]", "contexte": "Un quartier.[^1]"}
    fiche_action(titre="Pleine", sections=pleines)
    for n in range(4):
        fiche_action(titre=f"À peine commencée {n}")
    page = contenu(client)
    assert page.index("Pleine") < page.index("À peine commencée 0") and "À peine commencée 3" not in page


def test_sans_rien_de_publie_l_accueil_ne_montre_ni_dispositif_ni_action(client):
    page = texte(contenu(client))
    assert "en une phrase" not in page and "à reprendre" not in page


def test_l_accueil_coute_quatre_requetes_au_plus(client):
    for _ in range(8):
        fiche_action(themes=["logement"])
    with CaptureQueriesContext(connection) as captees:
        client.get("/")
    assert len(captees) <= 4


def test_l_accueil_est_valide_et_sans_temoin(client):
    fiche_locale()
    reponse = client.get("/")
    lecteur = html5lib.HTMLParser()
    lecteur.parse(Page(reponse).html)
    assert lecteur.errors == [] and not reponse.cookies
