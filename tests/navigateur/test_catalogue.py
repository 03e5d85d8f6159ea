"""A coordinator narrows a list: what she ticks shows at once; without script, a button that stays in sight sends it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.navigateur.accessibilite import pales_selon_le_theme, verifier

pytestmark = pytest.mark.django_db  # or there is no test database (the server reads it by its own connections)
BUREAU, TELEPHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 800}


def compte(page: Page) -> int:
    return int(re.sub(r"\D", "", page.locator("#compte strong").inner_text()))


@pytest.fixture
def demandes(page: Page) -> list[str]:
    """The pages that the browser went to."""
    allees: list[str] = []
    page.on("request", lambda requete: allees.append(requete.url) if requete.is_navigation_request() else None)
    return allees


def test_ce_qu_on_coche_se_voit_sur_place(serveur, page: Page, demandes):
    page.goto(f"{serveur}/fiches/")
    avant, allees = compte(page), len(demandes)
    case = page.get_by_role("checkbox", name="Actions inspirantes")
    annoncees = int(re.sub(r"\D", "", page.locator("label", has=case).locator(".compte").inner_text()))
    case.check()
    expect(page.get_by_role("status").filter(has_text="fiches")).to_contain_text(f"{annoncees} fiches")
    assert compte(page) == annoncees < avant
    expect(page.locator("#resultats .breve:not(.action)")).to_have_count(0)
    expect(page).to_have_url(f"{serveur}/fiches/?nature=action")
    expect(page.get_by_role("button", name=f"Voir les {annoncees} fiches")).to_be_visible()
    expect(case).to_be_focused()
    assert case.is_checked() and len(demandes) == allees
    page.reload()  # the address can be sent
    assert compte(page) == annoncees and case.is_checked()


def test_les_autres_comptes_suivent_et_les_filtres_s_ajoutent(serveur, page: Page):
    page.goto(f"{serveur}/fiches/")
    page.get_by_role("checkbox", name="Contrats et démarches locales").check()
    expect(page).to_have_url(f"{serveur}/fiches/?nature=local")
    page.locator("summary", has_text="Plus de filtres").click()
    theme = page.locator("#facette-theme label").first
    annoncees = theme.locator(".compte").inner_text().split()[0]
    theme.click()
    expect(page.locator("#compte")).to_contain_text(f"{annoncees} fiches")
    expect(theme).to_be_visible()  # what was unfolded stays so


def test_le_tri_s_applique_quand_on_le_change(serveur, page: Page, demandes):
    page.goto(f"{serveur}/dispositifs-locaux/")
    allees = len(demandes)
    assert page.get_by_role("button", name="Trier").count() == 0
    page.get_by_label("Trier").select_option("completude")
    expect(page).to_have_url(f"{serveur}/dispositifs-locaux/?tri=completude")
    page.get_by_label("Trier").select_option("nom")
    expect(page).to_have_url(f"{serveur}/dispositifs-locaux/")  # the order by default is not in the address
    assert len(demandes) == allees


def test_un_territoire_propose_s_applique_sans_quitter_la_page(serveur, page: Page, demandes):
    page.goto(f"{serveur}/fiches/")
    allees = len(demandes)
    page.get_by_label("Nom ou code postal").fill("elbeu")
    page.get_by_role("option", name="Elbeuf (76)").first.click()
    expect(page).to_have_url(f"{serveur}/fiches/?territoire=commune:76231")
    expect(page.get_by_role("checkbox", name="Elbeuf (76)")).to_be_checked()
    expect(page.get_by_label("Nom ou code postal")).to_have_value("")
    page.get_by_role("checkbox", name="Elbeuf (76)").uncheck()
    expect(page).to_have_url(f"{serveur}/fiches/")
    assert len(demandes) == allees


def test_un_territoire_inconnu_se_dit_a_cote_de_son_champ(serveur, page: Page, plaintes):
    page.goto(f"{serveur}/fiches/?nature=local")
    champ = page.get_by_label("Nom ou code postal")
    champ.fill("qqzzkk")
    page.get_by_role("checkbox", name="Actions inspirantes").check()
    expect(page.locator("#erreur-territoire")).to_contain_text("Aucun territoire ne correspond à «\u00a0qqzzkk\u00a0»")
    expect(champ).to_have_attribute("aria-invalid", "true")
    expect(champ).to_have_value("qqzzkk")
    expect(page.get_by_role("alert")).to_contain_text("Un filtre est à corriger")
    verifier(page)
    plaintes.clear()  # the browser tells of the 400 that was wanted


def test_voir_les_fiches_reste_en_vue_et_mene_a_la_liste(serveur, page: Page, demandes):
    page.goto(f"{serveur}/fiches/")
    allees = len(demandes)
    bouton = page.get_by_role("button", name=re.compile("^Voir les"))
    expect(bouton).to_be_in_viewport()
    page.mouse.wheel(0, 400)
    expect(bouton).to_be_in_viewport()
    bouton.click()
    expect(page.locator("#resultats")).to_be_focused()
    expect(page.locator("#resultats .breve").first).to_be_in_viewport()
    assert len(demandes) == allees


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_au_telephone_le_volet_se_lit_et_se_ferme_sur_la_liste(serveur, page: Page, theme):
    page.set_viewport_size(TELEPHONE)
    page.emulate_media(color_scheme=theme)
    page.goto(f"{serveur}/fiches/")
    page.get_by_role("button", name="Filtrer les fiches").click()
    page.get_by_role("checkbox", name="En vigueur").check()
    expect(page).to_have_url(f"{serveur}/fiches/?etat=en_vigueur")
    bouton = page.get_by_role("button", name=f"Voir les {compte(page)} fiches")
    expect(bouton).to_be_in_viewport()
    assert pales_selon_le_theme(page, "#filtres") == {}
    verifier(page)
    bouton.click()
    expect(page.locator("#filtres")).to_be_hidden()
    expect(page.locator("#resultats .breve").first).to_be_in_viewport()


@pytest.mark.parametrize("ecran", [BUREAU, TELEPHONE])
def test_sans_javascript_le_bouton_envoie_ce_qui_est_coche(serveur, browser, ecran):
    contexte = browser.new_context(java_script_enabled=False, viewport=ecran)
    page = contexte.new_page()
    page.goto(f"{serveur}/fiches/?q=sant%C3%A9")
    if ecran == TELEPHONE:
        page.get_by_role("button", name="Filtrer les fiches").click()
    page.get_by_role("checkbox", name="Actions inspirantes").check()
    bouton = page.get_by_role("button", name=re.compile("^Voir les"))
    expect(bouton).to_be_in_viewport()
    bouton.click()
    expect(page).to_have_url(re.compile(r"nature=action"))
    assert page.locator("#resultats .breve").count() == page.locator("#resultats .breve.action").count() > 0
    page.get_by_label("Trier").select_option("nom")
    page.get_by_role("button", name="Trier").click()
    expect(page).to_have_url(re.compile(r"tri=nom"))
    contexte.close()


@pytest.mark.parametrize("ecran", [BUREAU, TELEPHONE])
def test_une_fiche_de_la_liste_tient_en_trois_lignes(serveur, page: Page, ecran):
    """At 1280 px; on a phone, a name may take more, and the sentence two."""
    page.set_viewport_size(ecran)
    page.goto(f"{serveur}/fiches/?nature=local")
    hauteurs = page.locator(".breve").evaluate_all("toutes => toutes.map(une => une.getBoundingClientRect().height)")
    assert len(hauteurs) == 20 and max(hauteurs) < (130 if ecran == BUREAU else 260)
