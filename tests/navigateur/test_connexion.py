"""Signing in, in a real browser: with and without JavaScript, on a desk and on a telephone, by code or access key."""

import re
from collections.abc import Iterator

import pytest
from django.db import connection, connections
from django.test import override_settings
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from demo import personnes
from tests.navigateur.accessibilite import verifier

pytestmark = pytest.mark.django_db  # or there is no test database
MINA, CAMILLE = "moderatrice@exemple.fr", "contributeur@exemple.fr"
LARGEURS = {"bureau": 1280, "telephone": 390}
ECRANS = pytest.mark.parametrize("largeur, theme", [("bureau", "light"), ("telephone", "dark")])
TABLES = (
    "comptes_utilisateur, comptes_utilisateur_groups, auth_group, account_emailaddress, mfa_authenticator,"
    " usersessions_usersession, django_session, courriels_courriel, procrastinate_jobs, comptes_limite"
)


@pytest.fixture(scope="module")
def serveur(django_db_setup, django_db_blocker) -> Iterator[str]:
    """The address of a server with the people of the demonstration (access keys want a name, not a number).

    What these tests write is committed, for the server reads it by its own connections; it is deleted after them.
    """
    with django_db_blocker.unblock(), override_settings(ACCOUNT_RATE_LIMITS=False):
        assert connection.settings_dict["NAME"].startswith("test_")
        personnes.charger()
        serveur = LiveServer("localhost")
        yield serveur.url
        serveur.stop()
        with connection.cursor() as curseur:
            curseur.execute(f"TRUNCATE {TABLES} CASCADE")
    connections.close_all()  # those opened beside Playwright's loop, which nobody else sees


def lire_le_code(page: Page, serveur: str, adresse: str) -> str:
    """Read the last code in the mailbox of the demonstration, in another tab."""
    boite = page.context.new_page()
    boite.goto(f"{serveur}/demo/courriels/?a={adresse}")
    boite.locator(".lignes a").first.click()
    code = re.search(r"\b\d{6}\b", boite.locator(".lettre").inner_text())[0]
    boite.close()
    return code


def se_connecter(page: Page, serveur: str) -> None:
    page.goto(f"{serveur}/comptes/connexion/")
    page.get_by_label("Votre adresse électronique").fill(MINA)
    page.get_by_role("button", name="Recevoir un code").click()
    page.get_by_label("Code à six chiffres").fill(lire_le_code(page, serveur, MINA))
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon compte")


@ECRANS
def test_elle_se_connecte_regle_son_nom_et_repart(serveur, page: Page, plaintes, largeur, theme):
    page.set_viewport_size({"width": LARGEURS[largeur], "height": 800})
    page.emulate_media(color_scheme=theme)
    page.goto(f"{serveur}/aide/")
    if largeur == "telephone":
        page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Se connecter").click()
    verifier(page)
    page.get_by_label("Votre adresse électronique").fill(CAMILLE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Recopiez le code reçu")
    code = page.get_by_label("Code à six chiffres")
    code.fill("12345")
    page.get_by_role("button", name="Se connecter").click()
    expect(code).to_have_accessible_description(re.compile("Il manque des chiffres"))
    verifier(page)
    assert ["422" in plainte for plainte in plaintes] == [True]
    plaintes.clear()
    code.fill(lire_le_code(page, serveur, CAMILLE))
    page.get_by_label("Rester connecté trente jours").check()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Aide")  # where she was
    if largeur == "telephone":
        page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Mon compte").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon compte")
    assert any(cookie["name"] == "sessionid" and cookie["expires"] > 0 for cookie in page.context.cookies())
    verifier(page)
    page.get_by_label("Pseudonyme (facultatif)").fill("camille-lit")
    page.get_by_label("Mon pseudonyme").check()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("status")).to_have_text("Vos préférences sont enregistrées.")
    verifier(page)
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("status").filter(has_text="fermée")).to_be_visible()
    assert "sessionid" not in {cookie["name"] for cookie in page.context.cookies()}


def test_elle_se_connecte_sans_javascript(serveur, browser: Browser):
    contexte = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = contexte.new_page()
    page.goto(f"{serveur}/comptes/connexion/")
    page.get_by_label("Votre adresse électronique").fill(MINA)
    page.get_by_role("button", name="Recevoir un code").click()
    page.get_by_label("Code à six chiffres").fill(lire_le_code(page, serveur, MINA))
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon compte")
    contexte.close()


@ECRANS
@pytest.mark.parametrize("adresse", ["/demo/courriels/", "/comptes/inscription/"])
def test_la_page_est_accessible(serveur, page: Page, adresse, largeur, theme):
    page.set_viewport_size({"width": LARGEURS[largeur], "height": 800})
    page.emulate_media(color_scheme=theme)
    page.goto(serveur + adresse)
    verifier(page)


@ECRANS
def test_les_pages_du_compte_sont_accessibles(serveur, page: Page, largeur, theme):
    page.set_viewport_size({"width": LARGEURS[largeur], "height": 800})
    page.emulate_media(color_scheme=theme)
    se_connecter(page, serveur)
    for adresse in ("adresse", "appareils", "donnees", "second-facteur", "second-facteur/application",
                    "second-facteur/cles", "second-facteur/cles/ajouter"):  # fmt: skip
        page.goto(f"{serveur}/comptes/{adresse}/")
        verifier(page)


def test_une_cle_d_acces_suffit_pour_revenir(serveur, page: Page):
    outils = page.context.new_cdp_session(page)
    outils.send("WebAuthn.enable")
    cle = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    cle |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    outils.send("WebAuthn.addVirtualAuthenticator", {"options": cle})
    se_connecter(page, serveur)
    page.goto(f"{serveur}/comptes/second-facteur/cles/ajouter/")
    page.get_by_label("Nom de cette clé").fill("Mon ordinateur")
    page.get_by_label("Me connecter avec cette clé seule").check()
    page.get_by_role("button", name="Ajouter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Codes de secours")
    verifier(page)
    page.goto(f"{serveur}/comptes/")
    page.get_by_role("button", name="Se déconnecter").click()
    page.goto(f"{serveur}/comptes/connexion/?next=/aide/")
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    expect(page).to_have_url(f"{serveur}/aide/")
    expect(page.get_by_role("link", name="Mon compte")).to_be_visible()


def test_une_cle_qui_ne_repond_pas_se_dit(serveur, page: Page):
    outils = page.context.new_cdp_session(page)
    outils.send("WebAuthn.enable")
    cle = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    outils.send("WebAuthn.addVirtualAuthenticator", {"options": cle | {"isUserVerified": False}})
    page.goto(f"{serveur}/comptes/connexion/")
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    expect(page.get_by_role("alert")).to_contain_text("La clé n’a pas répondu")
