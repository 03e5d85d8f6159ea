"""Browser tests: Playwright drives the Chromium of the machine (its own is not downloaded).

Without one, these tests are left out, and one line says so; under CI that is a failure.
"""

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.db import connections
from pytest_django.live_server_helper import LiveServer

from tests.base_reelle import base_reelle

DOSSIER = Path(__file__).parent
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
MANQUE = None
if CHROMIUM is None:
    MANQUE = "Chromium n’est pas installé (sous Debian : sudo apt install chromium)"
elif find_spec("playwright") is None or find_spec("axe_playwright_python") is None:
    MANQUE = "les paquets manquent (python3 bin/installer.py navigateur)"

if MANQUE:
    if os.environ.get("CI"):
        raise pytest.UsageError(f"Tests dans le navigateur : {MANQUE}.")
    collect_ignore_glob = ["*.py"]
else:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright runs an event loop in the thread of the tests


def pytest_terminal_summary(terminalreporter) -> None:
    if MANQUE:
        terminalreporter.write_line(f"Tests dans le navigateur laissés de côté : {MANQUE}.", yellow=True)


def pytest_itemcollected(item) -> None:
    if DOSSIER in item.path.parents:
        item.add_marker("navigateur")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items) -> None:
    """Run these last: beside Playwright's loop, Django opens other connections, which nobody would close after them."""
    items.sort(key=lambda item: DOSSIER in item.path.parents)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict:
    drapeaux = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
    drapeaux += ["--disable-background-networking", "--disable-component-update"]  # it asks nothing of the network
    if os.geteuid() == 0:
        drapeaux.append("--no-sandbox")  # Chromium refuses to run as root otherwise
    return {"executable_path": CHROMIUM, "args": drapeaux}


@pytest.fixture(scope="session")
def browser_context_args() -> dict:
    ecran = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}  # colours are measured at once
    return {"locale": "fr-FR", "timezone_id": "Europe/Paris", "service_workers": "block", **ecran}


@pytest.fixture(scope="module")
def serveur(django_db_setup, django_db_blocker) -> Iterator[str]:
    """The address of a server on the real content. (Not `live_server`: it would empty the base after each test.)"""
    with base_reelle(django_db_blocker):
        serveur = LiveServer("127.0.0.1")
        yield serveur.url
        serveur.stop()
    connections.close_all()  # those opened beside Playwright's loop, which nobody else sees


@pytest.fixture
def plaintes(page) -> list[str]:
    """Collect what the browser complains of: script errors, and whatever the content security policy refuses."""
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda erreur: messages.append(str(erreur)))
    return messages


@pytest.fixture(autouse=True)
def _aucune_plainte(request) -> Iterator[None]:
    """Fail any browser test during which the browser complained (a test that expects it empties `plaintes`)."""
    if "page" not in request.fixturenames:
        yield
        return
    messages = request.getfixturevalue("plaintes")
    yield
    assert messages == []
