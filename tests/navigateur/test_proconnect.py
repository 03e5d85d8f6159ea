"""ProConnect and « Mes notifications » in a real browser, which applies the content security policy."""

import pytest
from playwright.sync_api import Page, expect

from tests.comptes.fournisseur import Fournisseur
from tests.navigateur.test_connexion import ECRANS, LARGEURS, MINA, lire_le_code, serveur, verifier

__all__ = ["serveur"]  # the fixture
pytestmark = pytest.mark.django_db


def test_on_se_connecte_puis_on_se_deconnecte_des_deux_cotes(page: Page, serveur, settings):
    with Fournisseur() as fournisseur:
        fournisseur.agent["email"] = MINA
        settings.PROCONNECT, settings.SITE_URL = fournisseur.reglages, serveur
        page.goto(f"{serveur}/comptes/connexion/?next=/mes-notifications/")
        verifier(page)
        page.get_by_role("button", name="S’identifier avec ProConnect").click()
        expect(page.get_by_text("Première connexion avec ProConnect")).to_be_visible()
        verifier(page)
        page.get_by_label("Code à six chiffres").fill(lire_le_code(page, serveur, MINA))
        page.get_by_role("button", name="Se connecter").click()
        expect(page.get_by_role("heading", name="Mes notifications")).to_be_visible()
        page.goto(f"{serveur}/comptes/")
        page.get_by_role("button", name="Se déconnecter").click()
        page.wait_for_url(f"{serveur}/")
        assert fournisseur.vus[-1][0] == "/fin"
        page.goto(f"{serveur}/comptes/connexion/")
        page.get_by_role("button", name="S’identifier avec ProConnect").click()
        expect(page.get_by_role("heading", name="Mon compte")).to_be_visible()  # known now: no code


@ECRANS
def test_les_notifications_se_lisent_partout(page: Page, serveur, largeur, theme):
    page.set_viewport_size({"width": LARGEURS[largeur], "height": 800})
    page.emulate_media(color_scheme=theme)
    page.goto(f"{serveur}/comptes/connexion/?next=/mes-notifications/")
    page.get_by_label("Votre adresse électronique").fill(MINA)
    page.get_by_role("button", name="Recevoir un code").click()
    page.get_by_label("Code à six chiffres").fill(lire_le_code(page, serveur, MINA))
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", name="Mes notifications")).to_be_visible()
    verifier(page)
    page.get_by_label("Sur la page « Mes notifications » seulement").check()
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_text("Votre choix est enregistré")).to_be_visible()
    verifier(page)
