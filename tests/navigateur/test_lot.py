"""A table decided on one page in a real browser, on a telephone: with and without JavaScript."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from contributions.models import Lot
from contributions.verbes import lots
from tests.base_ouverte import vider
from tests.contributions.recits import ligne
from tests.factories import constat, fiche_locale, moderatrice, personne
from tests.navigateur.accessibilite import deborde, examiner


@pytest.mark.django_db
def test_la_base_des_tests_existe():
    """Without a marked test in the run, pytest-django makes no test database."""
    assert not Lot.objects.exists()


@pytest.fixture
def poste(django_db_setup, django_db_blocker) -> Iterator[tuple[str, Lot, list[dict]]]:
    """A server, a table of three rows, and the cookie of a moderator."""
    with django_db_blocker.unblock():
        vider()
        cls = fiche_locale(constats=[constat("actif", "2024")], titre="CLS d’Elbeuf")
        vu = [constat("actif", "2024"), constat("actif", "2025")]
        lot = lots.deposer(
            personne(), "Suivi des CLS", [ligne(4, cls, constats=vu), ligne(7), ligne(8)], mot="Vu en mars"
        )
        elle, session = moderatrice(), SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(elle.pk), elle.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session.create()
        serveur = LiveServer("127.0.0.1")
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key or "", "url": serveur.url}
        yield serveur.url, lot, [cookie]
        serveur.stop()
        vider()
    connections.close_all()


@pytest.mark.navigateur
@pytest.mark.parametrize("javascript", [True, False])
def test_un_lot_s_accepte_sauf_une_ligne_au_telephone(browser: Browser, poste, javascript):
    url, lot, cookies = poste
    contexte = browser.new_context(
        viewport={"width": 390, "height": 844}, color_scheme="dark", java_script_enabled=javascript
    )
    contexte.add_cookies(cookies)  # type: ignore[arg-type]
    page = contexte.new_page()
    page.goto(f"{url}{lot.adresse_au_poste}")
    if javascript:
        examiner(page)
    assert not deborde(page)
    page.get_by_role("checkbox", name="Ligne 8").uncheck()
    page.get_by_role("button", name="Accepter les lignes gardées").click()
    expect(page.get_by_text("2 lignes seront publiées")).to_be_visible()
    assert not deborde(page)
    page.get_by_role("button", name="Confirmer").click()
    expect(page.get_by_text("1 ligne attend", exact=True)).to_be_visible()
    page.goto(f"{url}{lot.get_absolute_url()}")
    assert not deborde(page)
    contexte.close()
