"""The hostile base of tests/securite, in a real browser: nothing runs, with our content policy and even without it."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction
from django.test import Client, override_settings
from playwright.sync_api import Page, Route

from config.jointure import IMPORT, IMPORT_DE_FEUILLE, IMPORT_DE_SCRIPT
from tests.securite import monde_hostile

pytestmark = pytest.mark.django_db  # or there is no test database
ORIGINE = "http://localhost"
IMPORTS = (IMPORT, IMPORT_DE_FEUILLE, IMPORT_DE_SCRIPT)


@pytest.fixture(scope="module")
def pages(django_db_setup, django_db_blocker) -> Iterator[dict[str, dict]]:
    """Every page, by its address, and the files they load, as they would be sent."""
    with django_db_blocker.unblock(), override_settings(WHITENOISE_USE_FINDERS=True):
        with ThreadPoolExecutor(max_workers=1) as fil:  # away from Playwright's loop, with a connection of its own
            pages = fil.submit(_composer).result()
        yield pages
    connections.close_all()  # those opened beside the loop


def _composer() -> dict[str, dict]:
    try:
        with transaction.atomic():
            pages = {adresse: _lire(adresse) for adresse in monde_hostile.construire()}
            pages = {adresse: page for adresse, page in pages.items() if page["status"] == 200}
            fichiers = {f for page in pages.values() for f in re.findall(r'"(/static/[^"#]+)', page["body"].decode())}
            transaction.set_rollback(True)
            return pages | _servir(fichiers)
    finally:
        connection.close()


def _servir(fichiers: set[str]) -> dict[str, dict]:
    """Return these files, and those that sheets and scripts go on from."""
    servis: dict[str, dict] = {}
    while restent := fichiers - servis.keys():
        nouveaux = {fichier: _lire(fichier) for fichier in restent}
        servis |= nouveaux
        for servi in nouveaux.values():
            texte = servi["body"].decode("latin-1")
            fichiers |= {f"/static/{vu[1]}" for motif in IMPORTS for vu in motif.finditer(texte)}
    return servis


def _lire(adresse: str) -> dict:
    reponse = Client().get(adresse)
    return {"status": reponse.status_code, "headers": dict(reponse.headers), "body": b"".join(reponse)}


@pytest.mark.parametrize("avec_politique", [True, False], ids=["avec la politique", "sans elle"])
def test_rien_ne_s_execute(pages, page: Page, avec_politique):
    ailleurs: list[str] = []
    fenetres: list[str] = []

    def servir(route: Route) -> None:
        trouvee = pages.get(route.request.url.removeprefix(ORIGINE))
        if trouvee is None:
            ailleurs.append(route.request.url)
            route.abort()
            return
        entetes = trouvee["headers"]
        if not avec_politique:
            entetes = {nom: valeur for nom, valeur in entetes.items() if nom != "Content-Security-Policy"}
        route.fulfill(status=trouvee["status"], headers=entetes, body=trouvee["body"])

    page.route("**/*", servir)
    page.on("dialog", lambda fenetre: (fenetres.append(fenetre.message), fenetre.dismiss()))
    for adresse in pages:
        if adresse.startswith("/static/"):
            continue
        page.goto(ORIGINE + adresse)
        assert page.locator("h1").count() == 1, adresse
        # Whatever waits for a hand: links of a strange scheme, and what runs when it takes the focus.
        assert page.evaluate("[...document.links].filter(l => !/^(https?|mailto):$/.test(l.protocol)).length") == 0
        page.evaluate("document.querySelectorAll('a, button, input, select, [tabindex]').forEach(e => e.focus())")
    assert fenetres == []
    assert ailleurs == []
