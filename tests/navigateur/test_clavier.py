"""Who has no mouse, who enlarges, who has a narrow screen: on every kind of page, everything is reached and seen."""

from collections.abc import Iterator

import pytest
from django.db import connections
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.base_reelle import base_reelle
from tests.essais import croiser
from tests.navigateur.accessibilite import deborde
from tests.navigateur.clavier import ARRET, coupes_par_leur_boite, parcourir

pytestmark = pytest.mark.django_db  # or there is no test database (the server reads it by its own connections)
SORTES = [
    "/",
    "/fiches/?q=cls",
    "/dispositifs/clsm/",
    "/dispositifs-locaux/cls-chateau-thierry/",
    "/actions/amiens-matinales/",
    "/dispositifs/comparer/?d=asv&d=rtps&d=cmt",
    "/dispositifs-locaux/comparer/?l=cls-hem&l=cls-roubaix",
    "/territoires/departement/76/",
    "/territoires/commune/76231/",
    "/territoires/epci/200023414/couverture/",
    "/territoires/commune/76231/note/",
    "/carte/",
    "/carte/?departement=76",
    "/dispositifs/choisir/",
    "/dispositifs/echeancier/",
    "/organismes/",
    "/statistiques/",
    "/contribuer/gabarits/",
    "/dispositifs/asv/proposer/?section=cout",
    "/dispositifs/asv/signaler/",
    "/contribuer/nouvelle-fiche/local/",
    "/dispositifs/asv/historique/",
    "/accessibilite/",
    "/comptes/connexion/",
    "/nulle-part/",
]
# Spaced as WCAG 1.4.12 says, by a sheet of the reader, over ours.
ESPACE = """* {
  line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important;
}
p { margin-bottom: 2em !important; }"""
# A screen of 1280 pixels enlarged to 200 % has the room of 640, to 400 % that of 320.
LECTURES = {"200 %": (640, ""), "400 %": (320, ""), "espacé": (1280, ESPACE), "espacé, 400 %": (320, ESPACE)}


@pytest.fixture(scope="module")
def serveur(django_db_setup, django_db_blocker) -> Iterator[str]:
    with base_reelle(django_db_blocker):
        serveur = LiveServer("127.0.0.1")
        yield serveur.url
        serveur.stop()
    connections.close_all()


@pytest.fixture
def plaintes() -> list[str]:
    """A page that is not there is one of them: the browser complains of it."""
    return []


@pytest.mark.parametrize("adresse, largeur", croiser(SORTES, [1280, 390]))
def test_chaque_arret_se_voit_et_rien_n_est_hors_d_atteinte(serveur, page: Page, adresse, largeur):
    page.set_viewport_size({"width": largeur, "height": 800})
    page.goto(serveur + adresse)
    assert parcourir(page) == []


@pytest.mark.parametrize("adresse, bouton", [("/", "Menu"), ("/fiches/?q=cls", "Menu"), ("/fiches/?q=cls", "Filtrer")])
def test_un_volet_ouvert_ne_cache_jamais_ce_qui_a_le_focus(serveur, page: Page, adresse, bouton):
    """One leaves it by its end: it closes, and what comes next is seen."""
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(serveur + adresse)
    page.get_by_role("button", name=bouton).click()
    assert page.locator(":popover-open").count() == 1
    arrets = []
    while page.locator(":popover-open").count() and len(arrets) < 100:
        page.keyboard.press("Tab")
        arrets.append(page.evaluate(ARRET))
    page.keyboard.press("Tab")
    arrets.append(page.evaluate(ARRET))
    assert 3 < len(arrets) < 100
    assert [arret for arret in arrets if arret and arret["faute"]] == []


@pytest.mark.parametrize("adresse", ["/", "/dispositifs/clsm/"])
def test_chaque_menu_ouvert_se_parcourt(serveur, page: Page, adresse):
    page.goto(serveur + adresse)
    for menu in page.locator(".taches > li > details > summary").all():
        menu.focus()
        page.keyboard.press("Enter")
        liens = menu.locator("xpath=..").get_by_role("link")
        for _ in range(liens.count()):
            page.keyboard.press("Tab")
            arret = page.evaluate(ARRET)
            assert arret and not arret["faute"], arret
        assert liens.last.evaluate("lien => lien === document.activeElement")


@pytest.mark.parametrize("adresse", SORTES)
def test_rien_ne_se_perd_agrandi_espace_ou_etroit(serveur, page: Page, adresse):
    page.goto(serveur + adresse)
    perdu = {}
    for lecture, (largeur, feuille) in LECTURES.items():
        page.set_viewport_size({"width": largeur, "height": 800})
        page.evaluate(
            """texte => {
              const feuille = new CSSStyleSheet();
              feuille.replaceSync(texte);
              document.adoptedStyleSheets = [feuille];
            }""",
            feuille,
        )
        perdu[lecture] = [*coupes_par_leur_boite(page), *(["la page déborde"] if deborde(page) else [])]
    assert not any(perdu.values()), perdu
