"""Bringing a table in a real browser: with JavaScript on a desk, without it on a telephone."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections, transaction
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.base_ouverte import vider
from tests.contributions.tableau.classeurs import classeur
from tests.factories import fiche_dispositif, personne
from tests.navigateur.accessibilite import verifier
from tests.territoires.monde import construire

LIGNES: list[list[object]] = [
    ["Suivi des CLS"],
    ["Collectivité", "Communes", "Signature", "Statut"],
    ["Ville du Bourg", "Le Bourg", "sept. 2021", "Signé"],
    ["CC de la Vallée", "Haute Rivière", "T3 2022", "En cours"],
    ["", "Petit-Val", "2031", "Signé"],
]


@pytest.mark.django_db
def test_la_base_des_tests_existe():
    """Without a marked test in the run, pytest-django makes no test database."""
    assert connections["default"].settings_dict["NAME"].startswith("test_")


@pytest.fixture
def serveur(django_db_setup, django_db_blocker) -> Iterator[tuple[str, str]]:
    """The address of a server on a small country, and the session of somebody signed in, committed for good."""
    with django_db_blocker.unblock():
        vider()
        with transaction.atomic():
            construire()
        fiche_dispositif(slug="cls", titre="Contrat local de santé", sigle="CLS")
        auteur, session = personne(), SessionStore()
        session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(auteur.pk), settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = auteur.get_session_auth_hash()
        session.save()
        serveur = LiveServer("127.0.0.1")
        yield serveur.url, session.session_key
        serveur.stop()
        vider()
    connections.close_all()


@pytest.mark.parametrize("javascript", [True, False], ids=["bureau", "telephone sans script"])
def test_un_tableau_s_apporte_du_fichier_au_lot(serveur, browser: Browser, javascript):
    adresse, session = serveur
    ecran = {"width": 1280, "height": 800} if javascript else {"width": 390, "height": 800}
    contexte = browser.new_context(
        locale="fr-FR", java_script_enabled=javascript, viewport=ecran, reduced_motion="reduce"
    )
    contexte.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": adresse}])
    page = contexte.new_page()

    def regarder(titre: str) -> None:
        expect(page.get_by_role("heading", level=1)).to_have_text(titre)
        if javascript:
            _sur_deux_ecrans(page)

    page.goto(f"{adresse}/contribuer/tableau/")
    regarder("Apporter un tableau")
    fichier = {"name": "suivi.xlsx", "mimeType": "application/octet-stream", "buffer": classeur(LIGNES)}
    page.get_by_label("Votre fichier").set_input_files(fichier)
    page.get_by_label("De quoi parle-t-il").select_option("cls")
    page.get_by_label("Qui l’a établi").fill("ARS du Bocage")
    page.get_by_label("À jour en").fill("mars 2025")
    page.get_by_role("button", name="Lire le tableau").click()
    regarder("Les colonnes de votre tableau")
    page.get_by_role("button", name="Lire les lignes").click()
    regarder("Les lignes de votre tableau")
    expect(page.get_by_role("heading", name="À corriger dans le tableau")).to_be_visible()
    page.get_by_role("group", name="Haute Rivière").get_by_label("Un autre nom, ou un code").fill("Haute-Rive")
    page.get_by_role("button", name="Voir ce qui va changer").click()
    regarder("Ce que votre tableau va changer")
    page.get_by_role("button", name="Envoyer 2 fiches à la relecture").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("suivi.xlsx")
    contexte.close()


def _sur_deux_ecrans(page: Page) -> None:
    for largeur, theme in ((1280, "light"), (390, "dark")):
        page.set_viewport_size({"width": largeur, "height": 800})
        page.emulate_media(color_scheme=theme)
        verifier(page)
