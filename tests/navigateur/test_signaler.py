"""Reporting and following, in a real browser: with and without script, on both screens, by somebody without account."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connections
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from contributions import abus
from contributions.models import Proposition, Signalement
from demo import contributions as demo
from demo import personnes
from tests.base_reelle import base_reelle
from tests.navigateur.accessibilite import sur_deux_ecrans, verifier

pytestmark = pytest.mark.django_db
ETATS = ["soumise", "en_examen", "corrections_demandees", "ecartee", "acceptee", "signalement", "inconnu"]
TABLES = "contributions_depot, contributions_journal, contributions_proposition, contributions_dossier CASCADE"


@pytest.fixture(scope="module")
def serveur(django_db_setup, django_db_blocker) -> Iterator[str]:
    """A server on the real content, with the work of the demonstration."""
    with base_reelle(django_db_blocker):
        with django_db_blocker.unblock():
            personnes.charger()
            demo.charger()
        serveur = LiveServer("127.0.0.1")
        yield serveur.url
        serveur.stop()
        with django_db_blocker.unblock(), connections["default"].cursor() as curseur:
            curseur.execute(f"TRUNCATE {TABLES}")
            curseur.execute("TRUNCATE comptes_utilisateur, courriels_courriel CASCADE")
    connections.close_all()


@pytest.mark.parametrize("categorie, ecran", sur_deux_ecrans(["erreur", "illicite", "droits"]))
def test_le_formulaire_est_accessible_et_ne_deborde_pas(serveur, page: Page, categorie, ecran):
    largeur, theme = ecran
    page.set_viewport_size({"width": largeur, "height": 800})
    page.emulate_media(color_scheme=theme)
    page.goto(f"{serveur}/dispositifs/asv/signaler/?cible=exemple-2")
    page.locator(f"[value={categorie}]").check()
    verifier(page)
    page.get_by_role("button", name="Envoyer le signalement").click()
    expect(page.get_by_role("alert")).to_contain_text("Rien n’est encore envoyé")
    verifier(page)


@pytest.fixture(autouse=True)
def _reponses_422_attendues(plaintes) -> Iterator[None]:
    """The browser reports the 422 of a form sent back: it is what we want there."""
    yield
    plaintes[:] = [plainte for plainte in plaintes if not re.search(r"status of (422|404)", plainte)]


@pytest.mark.parametrize("etat, ecran", sur_deux_ecrans(ETATS))
def test_le_suivi_est_accessible_et_ne_deborde_pas(serveur, page: Page, etat, ecran):
    largeur, theme = ecran
    if etat == "signalement":
        adresse = Signalement.objects.first().get_absolute_url()
    elif etat == "inconnu":
        adresse = "/suivi/inconnu/"
    else:
        adresse = Proposition.objects.filter(statut=etat).last().get_absolute_url()
    page.set_viewport_size({"width": largeur, "height": 800})
    page.emulate_media(color_scheme=theme)
    page.goto(serveur + adresse)
    for details in page.locator("main details").all():
        details.locator("summary").first.click()
    verifier(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_elle_signale_une_source_et_suit_son_signalement(serveur, browser, javascript, monkeypatch):
    monkeypatch.setattr(abus, "DUREE_MINIMALE", timedelta(seconds=-1))  # a test types faster than people do
    contexte = browser.new_context(java_script_enabled=javascript, viewport={"width": 390, "height": 800})
    page = contexte.new_page()
    page.goto(f"{serveur}/dispositifs/centre-de-sante/")
    page.locator("summary", has_text="Améliorer ou signaler : Sources").click()
    page.get_by_role("link", name="Signaler la source 7").click()
    expect(page.get_by_text("Passage concerné")).to_be_visible()
    expect(page.get_by_label("Quel lien ne répond plus ?")).to_be_visible()  # the category is chosen already
    expect(page.get_by_label("En quoi ce contenu est-il illicite ?")).to_be_hidden()
    page.get_by_text("Un contenu illicite").click()
    expect(page.get_by_label("En quoi ce contenu est-il illicite ?")).to_be_visible()
    expect(page.get_by_label("Quel lien ne répond plus ?")).to_be_hidden()
    page.locator("[value=erreur]").check()
    page.get_by_role("button", name="Envoyer le signalement").click()
    expect(page.get_by_text("Expliquez en une phrase").first).to_be_visible()
    page.get_by_label("Qu’est-ce qui ne va pas ?").fill("Ce n’est pas ce numéro.")
    page.get_by_role("button", name="Envoyer le signalement").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Votre signalement n°")
    expect(page.get_by_text("gardez son lien")).to_be_visible()
    page.get_by_label("Votre message").fill("Voyez la page 3.")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("Votre message est transmis à la modération")).to_be_visible()
    expect(page.get_by_text("Voyez la page 3.")).to_be_visible()
    contexte.close()


def test_l_adresse_secrete_ne_part_pas_avec_un_lien(serveur, page: Page):
    """And the forms still pass the CSRF protection: `no-referrer` would make them post « Origin: null »."""
    page.goto(serveur + Proposition.objects.filter(statut="soumise").first().get_absolute_url())
    with page.expect_request(lambda requete: requete.is_navigation_request()) as partie:
        page.locator("main a[href^='/dispositifs/']").first.click()
    assert partie.value.headers.get("referer") == f"{serveur}/"


def test_elle_retire_sa_proposition_au_clavier(serveur, page: Page):
    une = Proposition.objects.filter(statut="soumise").first()
    page.goto(serveur + une.get_absolute_url())
    page.locator("summary", has_text="Retirer ma proposition").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("ce n’est pas réversible")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Proposition retirée")).to_be_visible()
