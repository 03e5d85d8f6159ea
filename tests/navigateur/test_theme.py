"""Light, dark, or as the device asks: nothing is kept until one chooses, and every page follows, errors included."""

from collections.abc import Iterator

import pytest
from django.db import connections
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db  # or there is no test database
FOND = "getComputedStyle(document.body).backgroundColor"
CLAIR, SOMBRE = "rgb(241, 246, 244)", "rgb(13, 23, 25)"


@pytest.fixture(scope="module")
def serveur(django_db_setup, django_db_blocker) -> Iterator[str]:
    with django_db_blocker.unblock():
        serveur = LiveServer("127.0.0.1")
        yield serveur.url
        serveur.stop()
    connections.close_all()


@pytest.mark.parametrize("appareil, fond", [("light", CLAIR), ("dark", SOMBRE)])
def test_sans_choix_la_page_suit_l_appareil_et_ne_garde_rien(serveur, page: Page, appareil, fond):
    page.emulate_media(color_scheme=appareil)
    page.goto(f"{serveur}/aide/")
    assert page.evaluate(FOND) == fond
    expect(page.get_by_role("radio", name="Comme l’appareil")).to_be_checked()
    assert page.evaluate("localStorage.length") == 0 and page.context.cookies() == []


@pytest.mark.parametrize("appareil", ["light", "dark"])
def test_seul_ce_qui_est_choisi_est_rempli(serveur, page: Page, appareil):
    page.emulate_media(color_scheme=appareil)
    page.goto(f"{serveur}/aide/")
    page.get_by_role("radio", name="Claire").check()
    boutons = page.get_by_role("group", name="Apparence").get_by_role("radio")
    fonds = boutons.evaluate_all("tous => tous.map((un) => getComputedStyle(un).backgroundColor)")
    assert fonds == ["rgb(255, 255, 255)", "rgba(0, 0, 0, 0)", "rgba(0, 0, 0, 0)"]


def test_un_choix_vaut_sur_chaque_page_et_ne_met_aucun_cookie(serveur, page: Page, plaintes):
    page.goto(f"{serveur}/aide/")
    page.get_by_role("radio", name="Sombre").check()
    assert page.evaluate(FOND) == SOMBRE
    for adresse in ("/charte/", "/nulle-part/", "/comptes/connexion/"):
        page.goto(serveur + adresse)
        assert page.evaluate(FOND) == SOMBRE, adresse
        expect(page.get_by_role("radio", name="Sombre")).to_be_checked()
    assert page.evaluate("localStorage.theme") == "dark"
    assert [cookie["name"] for cookie in page.context.cookies() if "theme" in cookie["name"]] == []
    plaintes.clear()  # a page that is not there


def test_revenir_a_l_appareil_n_en_laisse_rien(serveur, page: Page):
    page.goto(f"{serveur}/aide/")
    page.get_by_role("radio", name="Sombre").check()
    page.get_by_role("radio", name="Comme l’appareil").check()
    assert page.evaluate(FOND) == CLAIR and page.evaluate("localStorage.length") == 0


def test_le_theme_est_su_avant_que_rien_ne_soit_peint(serveur, page: Page):
    page.add_init_script("localStorage.setItem('theme', 'dark')")
    page.add_init_script(
        "new MutationObserver(() => { if (document.body) window.premier ??= document.documentElement.dataset.theme; })"
        ".observe(document, { childList: true, subtree: true })"
    )
    page.goto(f"{serveur}/aide/")
    assert page.evaluate("premier") == "dark"


def test_un_navigateur_qui_ne_garde_rien_suit_le_choix_de_la_page(serveur, page: Page):
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('refus'); } })")
    page.goto(f"{serveur}/aide/")
    page.get_by_role("radio", name="Sombre").check()
    assert page.evaluate(FOND) == SOMBRE


def test_le_papier_reste_blanc(serveur, page: Page):
    page.goto(f"{serveur}/aide/")
    page.get_by_role("radio", name="Sombre").check()
    page.emulate_media(media="print")
    assert page.evaluate(FOND) == "rgb(255, 255, 255)"


def test_sans_javascript_la_page_suit_l_appareil(serveur, browser: Browser):
    contexte = browser.new_context(java_script_enabled=False, color_scheme="dark")
    page = contexte.new_page()
    page.goto(f"{serveur}/aide/")
    assert page.locator("body").evaluate("corps => getComputedStyle(corps).backgroundColor") == SOMBRE
    expect(page.get_by_role("radio", name="Sombre")).to_be_hidden()
    contexte.close()
