"""Without network, one reads again what one read: nothing private, and nothing at all if one refused."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connections
from django.test import override_settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from config.settings import base
from tests.base_reelle import base_reelle

pytestmark = pytest.mark.django_db
FICHE, COMMUNE = "/dispositifs/asv/", "/territoires/commune/76484/"
ANNONCE = "Sans réseau"
CLES = "async () => (await (await caches.open('pages')).keys()).map((cle) => new URL(cle.url).pathname)"


@pytest.fixture(scope="module")
def serveur(django_db_setup, django_db_blocker) -> Iterator[str]:
    """A server that says which pages are for everybody, as it does out of the tests."""
    with override_settings(MIDDLEWARE=base.MIDDLEWARE), base_reelle(django_db_blocker):
        serveur = LiveServer("127.0.0.1")
        yield serveur.url
        serveur.stop()
    connections.close_all()


@pytest.fixture
def lectrice(browser, browser_context_args, serveur) -> Iterator[Page]:
    """A reader whose browser takes service workers, once the site's own is at work."""
    contexte = browser.new_context(**{**browser_context_args, "service_workers": "allow"}, base_url=serveur)
    page = contexte.new_page()
    page.goto("/aide/")
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    yield page
    contexte.close()


def lire(page: Page, adresse: str, *, gardee: bool = True) -> None:
    page.goto(adresse)
    if gardee:
        attendre(page, lambda cles: adresse in cles)


def attendre(page: Page, condition: Callable[[list[str]], bool]) -> None:
    """Wait until the worker has written, which it does after the page is shown."""
    for _ in range(200):
        if condition(page.evaluate(CLES)):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"gardées : {page.evaluate(CLES)}")


def test_une_page_lue_se_relit_sans_reseau_et_le_dit(lectrice):
    lire(lectrice, FICHE)
    assert ANNONCE not in lectrice.inner_text("main")
    lectrice.context.set_offline(True)
    lectrice.goto(FICHE)
    expect(lectrice.locator("main [role=status]").first).to_contain_text(ANNONCE)
    assert "Atelier santé ville" in lectrice.inner_text("h1")
    assert lectrice.evaluate("getComputedStyle(document.querySelector('.entete')).borderBottomWidth") == "4px"


def test_une_page_jamais_lue_mene_a_la_liste_de_celles_qui_sont_gardees(lectrice):
    lire(lectrice, FICHE)
    lire(lectrice, COMMUNE)
    lectrice.context.set_offline(True)
    lectrice.goto("/actions/")
    expect(lectrice.locator("h1")).to_have_text("Hors ligne")
    expect(lectrice.locator("#gardees a")).to_have_count(2)
    assert lectrice.locator("#gardees a").first.get_attribute("href").endswith(COMMUNE)  # the freshest
    lectrice.locator("#gardees a").last.click()
    expect(lectrice.locator("h1")).to_contain_text("Atelier santé ville")


def test_tant_que_le_reseau_repond_on_lit_ce_qu_il_dit(lectrice):
    lire(lectrice, FICHE)
    lectrice.evaluate("""async () => (await caches.open('pages')).put(location.href, new Response('périmée'))""")
    lectrice.goto(FICHE)
    assert "périmée" not in lectrice.inner_text("body") and "Atelier santé ville" in lectrice.inner_text("h1")


@pytest.mark.parametrize(
    "adresse",
    ["/comptes/connexion/", "/dispositifs/asv/proposer/", "/dispositifs/asv/signaler/", "/contribuer/",
     "/fiches/?q=addictions", "/territoires/commune/76484/note/?ligne=Pour+moi", "/mes-contributions/", "/nulle-part/"],
)  # fmt: skip
def test_rien_de_prive_n_est_garde(lectrice, adresse):
    lectrice.goto(adresse)
    retenir(lectrice, adresse)
    assert lectrice.evaluate(CLES) == []


def test_rien_n_est_garde_avec_un_cookie(lectrice, serveur):
    lectrice.context.add_cookies([{"name": "autre", "value": "x", "url": serveur}])
    lectrice.goto(FICHE)
    retenir(lectrice, FICHE)
    assert FICHE not in lectrice.evaluate(CLES)


def retenir(page: Page, adresse: str) -> None:
    """Have the worker do at once what it does after a page is shown."""
    (travailleur,) = page.context.service_workers
    travailleur.evaluate("async (adresse) => retenir(location.origin + adresse, await fetch(adresse))", adresse)


def test_refuser_efface_tout_et_dure(lectrice):
    lire(lectrice, FICHE)
    lectrice.goto("/hors-ligne/")
    expect(lectrice.locator("#gardees a")).to_have_count(1)
    lectrice.get_by_label("Garder les pages que je lis").uncheck()
    expect(lectrice.locator("#dit")).to_have_text("Plus rien n’est gardé sur cet appareil.")
    lectrice.goto(FICHE)
    lectrice.goto("/hors-ligne/")
    assert not lectrice.get_by_label("Garder les pages que je lis").is_checked()
    assert lectrice.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0
    assert lectrice.evaluate("async () => await caches.keys()") == ["refus"]
    lectrice.get_by_label("Garder les pages que je lis").check()
    expect(lectrice.locator("#dit")).to_have_text("Les pages que vous lirez seront gardées.")
    assert lectrice.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 1


def test_les_pages_gardees_sont_comptees_les_plus_recentes_d_abord(lectrice):
    lectrice.evaluate("""async () => {
      const cache = await caches.open('pages');
      for (let n = 0; n < 45; n += 1)
        await cache.put(`/vieille-${n}/`, new Response('x', { headers: { 'X-Octets': '1' } }));
    }""")
    lire(lectrice, FICHE)
    attendre(lectrice, lambda cles: len(cles) == 40)
    assert lectrice.evaluate(CLES)[-1] == FICHE and "/vieille-0/" not in lectrice.evaluate(CLES)


def test_les_pages_gardees_ne_pesent_pas_plus_que_prevu(lectrice):
    lectrice.evaluate("""async () => {
      const cache = await caches.open('pages');
      for (let n = 0; n < 5; n += 1)
        await cache.put(`/lourde-${n}/`, new Response('x', { headers: { 'X-Octets': '1500000' } }));
    }""")
    lire(lectrice, FICHE)
    attendre(lectrice, lambda cles: len(cles) == 3)
    assert lectrice.evaluate(CLES) == ["/lourde-3/", "/lourde-4/", FICHE]


def test_partager_copie_l_adresse_et_le_dit(lectrice):
    lectrice.context.grant_permissions(["clipboard-read", "clipboard-write"])
    lectrice.add_init_script("delete Navigator.prototype.share")
    lectrice.goto(f"{FICHE}?d=cls#citer")
    lectrice.get_by_role("button", name="Partager").click()
    expect(lectrice.locator("[data-partager] + [role=status]")).to_have_text("Adresse copiée.")
    assert lectrice.evaluate("navigator.clipboard.readText()").endswith(FICHE)


@pytest.mark.parametrize(
    "adresse",
    [FICHE, COMMUNE, f"{COMMUNE}note/", "/dispositifs/comparer/?d=asv&d=cmt",
     "/dispositifs-locaux/comparer/?l=cls-hem&l=cls-roubaix"],
)  # fmt: skip
def test_on_partage_par_l_appareil_quand_il_sait_et_jamais_sans_script(lectrice, adresse, browser, serveur):
    lectrice.add_init_script("navigator.share = (quoi) => { window.partage = quoi; return Promise.resolve(); }")
    lectrice.goto(adresse)
    lectrice.get_by_role("button", name="Partager").click()
    assert lectrice.evaluate("window.partage.url.endsWith(location.pathname + location.search)")
    contexte = browser.new_context(java_script_enabled=False)
    page = contexte.new_page()
    page.goto(serveur + adresse)
    assert not page.get_by_role("button", name="Partager").count()
    contexte.close()
