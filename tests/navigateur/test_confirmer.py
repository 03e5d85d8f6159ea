"""An institution answers « Est-ce toujours vrai ? » on a phone, with and without JavaScript; a moderator had asked."""

from collections.abc import Iterator

import pytest
from django.db import connections
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from contributions.models import Demande, Proposition
from tests.base_ouverte import vider
from tests.contributions.recits import demande
from tests.navigateur import accessibilite

TELEPHONE = {"viewport": {"width": 390, "height": 800}, "color_scheme": "dark", "reduced_motion": "reduce"}


@pytest.mark.django_db
def test_la_base_des_tests_existe():
    """Without a marked test in the run, pytest-django makes no test database."""
    assert not Demande.objects.exists()


@pytest.fixture
def lien(django_db_setup, django_db_blocker) -> Iterator[str]:
    """The address of the link that was sent, on a server; what is written is committed, and deleted after."""
    with django_db_blocker.unblock():
        assert connections["default"].settings_dict["NAME"].startswith("test_"), "il faut un test marqué django_db"
        vider()
        chemin = demande().adresse_publique.partition("/confirmer/")[2]
        serveur = LiveServer("127.0.0.1")
        yield f"{serveur.url}/confirmer/{chemin}"
        serveur.stop()
        vider()
    connections.close_all()


@pytest.mark.parametrize("javascript", [True, False])
def test_une_institution_repond_change_d_avis_et_ne_veut_plus_etre_interrogee(browser: Browser, lien, javascript):
    contexte = browser.new_context(locale="fr-FR", java_script_enabled=javascript, **TELEPHONE)
    contexte.set_default_timeout(10_000)
    page = contexte.new_page()

    def verifier() -> None:
        if javascript:  # axe is a script
            accessibilite.verifier(page)
        assert not accessibilite.deborde(page)

    page.goto(lien)
    expect(page.get_by_role("heading", name="Est-ce toujours vrai")).to_be_visible()
    expect(page.get_by_label("Fini depuis quand")).to_be_hidden()
    verifier()

    # Over, without saying since when: told beside the field, and nothing is lost.
    page.get_by_label("Non, il est fini").check()
    page.get_by_label("Une précision").fill("Repris par l’agglomération.")
    page.get_by_role("button", name="Envoyer la réponse").click()
    expect(page.locator("#erreurs")).to_contain_text("Dites depuis quand")
    expect(page.get_by_label("Une précision")).to_have_value("Repris par l’agglomération.")
    verifier()
    page.get_by_label("Fini depuis quand").fill("mars 2024")
    page.get_by_role("button", name="Envoyer la réponse").click()
    expect(page.get_by_role("heading", name="Merci, votre réponse est reçue")).to_be_visible()
    verifier()

    # The same link changes it, as long as nobody decided.
    page.get_by_text("Changer ma réponse").click()
    page.get_by_label("Oui, il existe encore").check()
    page.get_by_role("button", name="Envoyer la réponse").click()
    expect(page.get_by_role("status")).to_contain_text("Oui, il existe encore")
    expect(page.get_by_role("heading", name="Vos réponses précédentes")).to_be_visible()
    assert Proposition.objects.get().depots.count() == 2

    page.get_by_role("link", name="Ne plus nous écrire").click()
    page.get_by_role("button", name="Ne plus nous écrire").click()
    expect(page.get_by_role("heading", name="nous n’écrirons plus à cette adresse")).to_be_visible()
    verifier()
    contexte.close()
