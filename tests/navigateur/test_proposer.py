"""Proposing in a real browser: wide and narrow, with and without JavaScript, without an accessibility fault."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from secrets import token_hex

import pytest
from django.db import connection, connections
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from contributions import abus
from tests.essais import COMPLET
from tests.factories import fiche_dispositif, fiche_locale, territoire, theme
from tests.navigateur import accessibilite

pytestmark = pytest.mark.django_db  # or there is no test database
TABLES = "territoires_territoire, fiches_fiche, fiches_theme, courriels_courriel, procrastinate_jobs, django_session"
ECRANS = {
    "bureau": {"viewport": {"width": 1280, "height": 800}},
    "telephone": {"viewport": {"width": 390, "height": 800}, "color_scheme": "dark"},
    "telephone sans script": {"viewport": {"width": 390, "height": 800}, "java_script_enabled": False},
}


@pytest.fixture(scope="module")
def serveur(django_db_setup, django_db_blocker) -> Iterator[str]:
    """The address of a server with a fiche to improve; what these tests write is committed, and deleted after them."""
    with django_db_blocker.unblock():
        assert connection.settings_dict["NAME"].startswith("test_")
        territoire(nom="Oissel-sur-Seine", code="76484")
        for slug in ("acces-aux-soins", "logement"):
            theme(slug)
        sections = {"description": "Une démarche.[^1]", "cout": "Un poste à plein temps.[^1]"}
        sections["contacts"] = "Le service santé, au 02 35 00 00 00."
        fiche_dispositif(slug="asv", titre="Atelier santé ville", sections=sections, themes=["logement"])
        fiche_locale(
            slug="asv-oissel", titre="Atelier santé ville d’Oissel", territoires=["commune:76484"], dispositif="asv"
        )
        serveur = LiveServer("127.0.0.1")
        yield serveur.url
        serveur.stop()
        with connection.cursor() as curseur:
            curseur.execute(f"TRUNCATE {TABLES} CASCADE")
    connections.close_all()  # those opened beside Playwright's loop, which nobody else sees


@pytest.fixture(params=ECRANS if COMPLET else ["bureau", "telephone sans script"])
def ecran(request, browser: Browser, monkeypatch) -> Iterator[Page]:
    monkeypatch.setattr(abus, "DUREE_MINIMALE", timedelta(seconds=-1))  # a test types faster than people do
    contexte = browser.new_context(locale="fr-FR", reduced_motion="reduce", **ECRANS[request.param])
    contexte.set_default_timeout(10_000)
    page = contexte.new_page()
    plaintes: list[str] = []
    page.on("console", lambda message: plaintes.append(message.text) if message.type == "error" else None)
    yield page
    assert [plainte for plainte in plaintes if "422" not in plainte] == []  # a refused form is no fault of the page
    contexte.close()


@pytest.fixture
def verifier(request, ecran: Page) -> Callable[[], None]:
    """Look for faults of the page one is on. (Axe is a script: it cannot look where there are none.)"""
    scripts = ECRANS[request.node.callspec.params["ecran"]].get("java_script_enabled", True)

    if scripts:
        return lambda: accessibilite.verifier(ecran)
    return lambda: _ne_deborde_pas(ecran)


def _ne_deborde_pas(page: Page) -> None:
    assert not accessibilite.deborde(page)


def test_elle_ameliore_une_section_du_bouton_orange_au_recepisse(serveur, ecran: Page, verifier):
    ecran.goto(f"{serveur}/dispositifs/asv/")
    ecran.locator("summary", has_text="Améliorer ou signaler : Coût").click()
    ecran.get_by_role("link", name="Proposer une amélioration de la section Coût").click()
    ecran.get_by_role("link", name="Changer plus que cela").click()
    texte = ecran.get_by_label("Texte de la section Coût")
    expect(texte).to_be_visible()
    expect(ecran.get_by_label("Texte de la section Description")).to_be_hidden()
    verifier()

    # A figure, and the source that says it, added without losing what is typed.
    texte.fill("Deux postes en 2025.[^2]")
    ecran.locator("#bloc-sources > summary").click()
    ecran.get_by_role("button", name="Ajouter une source").click()
    expect(ecran.get_by_label("Texte de la section Coût")).to_have_value("Deux postes en 2025.[^2]")
    ecran.get_by_role("group", name="Source 2").get_by_label("Titre").fill("Contrat de ville, annexe 3")

    # What the moderator will see, and what readers would.
    ecran.get_by_role("button", name="Voir mes modifications").click()
    expect(ecran.locator("#modifications ins").first).to_be_visible()
    verifier()
    ecran.get_by_role("button", name="Aperçu").click()
    expect(ecran.get_by_role("article", name="Aperçu de la fiche")).to_contain_text("Deux postes en 2025.")
    verifier()

    # Forgetting the rest is told beside the fields, and nothing is lost.
    ecran.get_by_role("button", name="Envoyer ma proposition").click()
    expect(ecran.locator("#erreurs")).to_contain_text("Dites en une phrase")
    verifier()
    ecran.locator("#erreurs").get_by_role("link", name="Dites en une phrase").click()
    ecran.get_by_label("En une phrase").fill("Un poste de plus")
    ecran.get_by_label("un ajout").check()
    ecran.get_by_label("Sous mon nom").check()
    ecran.get_by_label("Nom à afficher").fill("Repères santé")
    visiteuse = f"visiteuse-{token_hex(4)}@exemple.fr"  # another each time: three e-mails a day for one, no more
    ecran.get_by_label("Adresse électronique").fill(visiteuse)
    ecran.get_by_label("J’accepte la charte").check()
    ecran.get_by_role("button", name="Envoyer ma proposition").click()
    ecran.wait_for_url("**/suivi/**")
    expect(ecran.get_by_role("heading", level=1)).to_contain_text("Votre proposition n°")


def test_un_numero_faux_se_corrige_sur_un_seul_ecran_sans_adresse(serveur, ecran: Page, verifier):
    ecran.goto(f"{serveur}/dispositifs/asv/")
    ecran.locator("summary", has_text="Améliorer ou signaler : À qui s’adresser").click()
    ecran.get_by_role("link", name="Proposer une amélioration de la section À qui s’adresser").click()
    verifier()

    # Forgetting how one knows is told beside the field, on the same screen.
    texte = ecran.get_by_label("Ce que cela devrait être")
    expect(texte).to_have_value("Le service santé, au 02 35 00 00 00.")
    texte.fill("Le service santé, au 02 35 11 22 33.")
    ecran.get_by_label("Le numéro, l’adresse sont ceux d’un service").check()
    ecran.get_by_role("button", name="Envoyer la correction").click()
    expect(ecran).to_have_title(re.compile("^Erreur"))
    expect(ecran.get_by_role("alert")).to_be_focused()
    ecran.get_by_role("alert").get_by_role("link", name="Dites comment vous le savez").click()
    expect(ecran.get_by_label("Comment le savez-vous")).to_be_focused()
    verifier()

    ecran.get_by_label("Comment le savez-vous").fill("J’y travaille.")
    ecran.get_by_role("button", name="Envoyer la correction").click()
    ecran.wait_for_url("**/suivi/**")
    expect(ecran.get_by_label("Votre lien de suivi")).to_have_value(ecran.url.partition("#")[0])
    verifier()


def test_elle_confirme_qu_un_dispositif_local_existe_toujours(serveur, ecran: Page, verifier):
    ecran.goto(f"{serveur}/dispositifs-locaux/asv-oissel/corriger/?fait=etat")
    verifier()
    ecran.get_by_label("Toujours en cours").check()
    ecran.get_by_label("Vrai à la date de").fill("2025")
    ecran.get_by_label("Comment le savez-vous").fill("J’y travaille.")
    ecran.get_by_role("button", name="Envoyer la correction").click()
    ecran.wait_for_url("**/suivi/**")
    expect(ecran.locator("#propose")).to_contain_text("2025")


def test_elle_dit_ce_qu_elle_sait_de_sa_ville(serveur, ecran: Page, verifier):
    ecran.goto(f"{serveur}/territoires/commune/76484/")
    ecran.get_by_role("link", name="Dire ce que je sais").first.click()
    expect(ecran.get_by_role("heading", level=1)).to_have_text("Que savez-vous d’Oissel-sur-Seine ?")
    boite = ecran.get_by_role("group", name="Atelier santé ville")
    expect(boite.get_by_label("Je ne sais pas")).to_be_checked()
    expect(boite.get_by_label("Comment le savez-vous")).to_be_hidden()
    verifier()

    # « Plus » wants a year or a source; the fault shows in its box, with what asks it.
    boite.get_by_label("Il n’y en a plus").check()
    ecran.get_by_role("button", name="Envoyer ce que je sais").click()
    ecran.get_by_role("alert").get_by_role("link", name="Donnez une année").click()
    expect(boite.get_by_label("Vrai à la date de")).to_be_focused()
    verifier()
    boite.get_by_label("Vrai à la date de").fill("2025")
    ecran.get_by_role("button", name="Envoyer ce que je sais").click()
    ecran.wait_for_url("**/suivi/**")
    expect(ecran.get_by_label("Votre lien de suivi")).to_be_visible()


def test_elle_part_et_retrouve_son_brouillon(serveur, ecran: Page, verifier):
    ecran.goto(f"{serveur}/dispositifs/asv/proposer/?section=duree")
    ecran.get_by_label("Texte de la section Durée").fill("Six ans.")
    ecran.get_by_role("button", name="Garder en brouillon").click()
    expect(ecran.get_by_text("Brouillon enregistré à").first).to_be_visible()
    ecran.goto(f"{serveur}/dispositifs/asv/proposer/")
    verifier()
    ecran.get_by_role("link", name="Reprendre le brouillon du").first.click()
    expect(ecran.get_by_label("Texte de la section Durée")).to_have_value("Six ans.")
    ecran.goto(ecran.url.replace("modifier/", ""))
    verifier()
    ecran.get_by_role("link", name="Reprendre").click()
    expect(ecran.get_by_label("Texte de la section Durée")).to_be_visible()


def test_la_touche_entree_n_envoie_rien_et_ne_retire_rien(serveur, ecran: Page):
    ecran.goto(f"{serveur}/dispositifs/asv/proposer/?section=sources")
    ecran.get_by_role("group", name="Source 1").get_by_label("Titre").fill("Un autre rapport")
    ecran.keyboard.press("Enter")
    expect(ecran.locator("#modifications ins").first).to_be_visible()
    expect(ecran.get_by_role("group", name="Source 1").get_by_label("Titre")).to_have_value("Un autre rapport")


def test_un_envoi_refuse_s_ouvre_sur_ce_qui_est_a_revoir(serveur, ecran: Page):
    ecran.goto(f"{serveur}/dispositifs/asv/proposer/?section=cout")
    ecran.get_by_label("Texte de la section Coût").fill("Deux postes.[^1]")
    ecran.get_by_role("button", name="Voir mes modifications").last.click()
    expect(ecran.locator("#modifications")).to_be_in_viewport()
    ecran.get_by_role("button", name="Envoyer").click()
    expect(ecran.locator("#erreurs")).to_be_in_viewport()


def test_elle_ajoute_un_territoire(serveur, ecran: Page, verifier):
    ecran.goto(f"{serveur}/dispositifs/asv/proposer/?section=territoires")
    ecran.get_by_label("Ajouter un territoire").fill("oissel")
    ecran.get_by_role("button", name="Chercher").click()
    ecran.get_by_label("Oissel-sur-Seine").check()
    verifier()
    ecran.get_by_label("Ajouter un territoire").fill("")
    ecran.get_by_role("button", name="Garder en brouillon").click()
    expect(ecran.get_by_label("Oissel-sur-Seine")).to_be_checked()


def test_elle_commence_une_fiche_et_apprend_qu_elle_existe(serveur, ecran: Page, verifier):
    ecran.goto(f"{serveur}/contribuer/")
    verifier()
    ecran.get_by_role("link", name="Proposer une fiche").click()
    verifier()
    ecran.get_by_role("link", name="Dispositif local").click()
    verifier()
    ecran.get_by_label("Nom de la fiche").fill("atelier sante ville oissel")
    ecran.get_by_role("button", name="Continuer").click()
    expect(ecran.get_by_role("heading", level=1)).to_have_text("Cette fiche existe peut-être déjà")
    verifier()
    ecran.get_by_role("link", name="Ce n’est pas la même").click()
    expect(ecran.get_by_label("Titre").first).to_have_value("atelier sante ville oissel")
    verifier()


def test_un_onglet_tue_ne_perd_pas_ce_qui_etait_tape(serveur, browser: Browser):
    contexte = browser.new_context(locale="fr-FR", viewport={"width": 390, "height": 800})
    page = contexte.new_page()
    page.clock.install()
    page.goto(f"{serveur}/dispositifs/asv/proposer/?section=cout")
    etat = page.locator("[data-etat-brouillon]")
    expect(etat).to_contain_text("pendant que vous écrivez")
    page.locator("[name=section-cout]").fill("Un poste à mi-temps.[^1]")
    page.clock.fast_forward(5_000)
    expect(etat).to_contain_text("Enregistré en brouillon à")
    page.close()
    page = contexte.new_page()
    page.goto(f"{serveur}/dispositifs/asv/proposer/")
    page.get_by_role("link", name="Reprendre le brouillon").click()
    expect(page.locator("[name=section-cout]")).to_have_value("Un poste à mi-temps.[^1]")
    contexte.close()


def test_une_panne_du_reseau_se_dit_et_le_texte_part_ensuite(serveur, browser: Browser):
    contexte = browser.new_context(locale="fr-FR")
    page = contexte.new_page()
    page.clock.install()
    page.goto(f"{serveur}/dispositifs/asv/proposer/?section=cout&neuf=1")
    contexte.set_offline(True)
    page.locator("[name=section-cout]").fill("Deux postes.[^1]")
    page.clock.fast_forward(5_000)
    etat = page.locator("[data-etat-brouillon]")
    expect(etat).to_contain_text("Pas enregistré")
    contexte.set_offline(False)
    page.clock.fast_forward(15_000)
    expect(etat).to_contain_text("Enregistré en brouillon à")
    contexte.close()


WORD = (
    "<p class=MsoListParagraph style='text-indent:-18pt;mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·"
    "<span>&nbsp;&nbsp;</span></span>Une infirmière</p><p class=MsoListParagraph style='mso-list:l0 level2 lfo1'>"
    "<span style='mso-list:Ignore'>o<span>&nbsp;</span></span>à mi-temps</p><p class=MsoNormal>Et "
    "<b>voilà</b>&nbsp;: <a href='https://a.fr/x(1)'>le site</a>.</p>"
)
EXCEL = "<table><tr><td>Jour</td><td>Heures</td></tr><tr><td>Lundi</td><td>9 h | 12 h</td></tr></table>"
PAGE = (
    "<h2>Ouverture</h2><p>Chaque jour :</p><ol><li>matin<ul><li>8 h</li></ul></li><li><p>soir</p></li></ol>"
    "<script>alert(1)</script>"
)
COLLER = """(zone, html) => {
  const donnees = new DataTransfer();
  donnees.setData("text/html", html);
  donnees.setData("text/plain", "brut");
  zone.focus();
  zone.select();
  return zone.dispatchEvent(new ClipboardEvent("paste", { clipboardData: donnees, bubbles: true, cancelable: true }));
}"""


@pytest.mark.parametrize(
    "html, ecrit",
    [
        (WORD, "- Une infirmière\n  - à mi-temps\n\nEt **voilà**\u00a0: [le site](https://a.fr/x%281%29)."),
        (EXCEL, "| Jour | Heures |\n| --- | --- |\n| Lundi | 9 h \\| 12 h |"),
        (PAGE, "### Ouverture\n\nChaque jour :\n\n1. matin\n   - 8 h\n2. soir"),
        ("<a href='javascript:alert(1)'>clic</a> <b style='font-weight:normal'>mot</b><br>suite", "clic mot\nsuite"),
        ("<p>Le <b>style = sobre</b>, un style=net.</p>", "Le **style = sobre**, un style=net."),
    ],
)
def test_ce_qui_se_colle_garde_listes_tableaux_et_liens(serveur, browser: Browser, html, ecrit):
    contexte = browser.new_context(locale="fr-FR")
    page = contexte.new_page()
    page.goto(f"{serveur}/dispositifs/asv/proposer/?section=cout&neuf=1")
    zone = page.locator("[name=section-cout]")
    assert zone.evaluate(COLLER, html) is False
    expect(zone).to_have_value(ecrit)
    contexte.close()


def test_un_texte_sans_mise_en_forme_se_colle_comme_partout(serveur, browser: Browser):
    contexte = browser.new_context(locale="fr-FR")
    page = contexte.new_page()
    page.goto(f"{serveur}/dispositifs/asv/proposer/?section=cout&neuf=1")
    assert page.locator("[name=section-cout]").evaluate(COLLER, "<p>Des mots.</p>") is True
    contexte.close()
