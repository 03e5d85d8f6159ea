"""A coordinator makes up her mind: what is missing, what would suit, who is alike. On the real content."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.navigateur.accessibilite import sur_deux_ecrans, verifier

pytestmark = pytest.mark.django_db
PAGES = [
    "/dispositifs/choisir/",
    "/dispositifs/choisir/?territoire=commune:76540&besoin=sante-mentale&existant=groupe",
    "/dispositifs/choisir/?territoire=commune:59350&qpv=non&besoin=methode",
    "/dispositifs/choisir/?qpv=bleu&territoire=zzzzqq",
    "/dispositifs/comparer/?d=asv",
    "/dispositifs/comparer/?d=asv&d=rtps&differences=1",
    "/dispositifs/?d=asv&d=cls",
    "/dispositifs/echeancier/?categorie=contrat",
    "/actions/?dans=transfert&q=temps",
    "/actions/amiens-matinales/",
    "/territoires/commune/76540/",
    "/territoires/region/28/",
    "/territoires/commune/76540/semblables/",
    "/territoires/commune/76540/note/",
    "/territoires/departement/71/semblables/",
    "/territoires/epci/200023414/couverture/?niveau=commune",
]


@pytest.mark.parametrize("adresse, ecran", sur_deux_ecrans(PAGES))
def test_la_page_est_accessible_et_ne_deborde_pas(serveur, page: Page, plaintes, adresse, ecran):
    largeur, theme = ecran
    page.set_viewport_size({"width": largeur, "height": 800})
    page.emulate_media(color_scheme=theme)
    page.goto(serveur + adresse)
    plaintes[:] = [p for p in plaintes if "status of 400" not in p]  # one of the pages is about a wrong answer
    verifier(page)


def test_elle_choisit_sans_javascript(serveur, browser):
    contexte = browser.new_context(java_script_enabled=False)
    page = contexte.new_page()
    page.goto(f"{serveur}/territoires/commune/76540/")
    page.get_by_role("link", name="Quel dispositif pour ce territoire").click()
    expect(page.get_by_role("heading", name="Ce qui vous couvre déjà")).to_be_visible()
    page.get_by_role("radio", name="La santé mentale").check()
    page.get_by_role("button", name="Voir les réponses").click()
    premier = page.locator("ol > li").filter(has_text="Pourquoi cette réponse").first
    expect(premier).to_contain_text("Conseil local de santé mentale")
    expect(premier.get_by_text("Source").first).to_be_visible()
    contexte.close()


def test_elle_reunit_un_dossier_de_fiche_en_fiche(serveur, page: Page):
    page.goto(f"{serveur}/dispositifs/asv/")
    page.get_by_role("link", name="Ajouter à un dossier").click()
    expect(page.get_by_role("link", name="Voir votre dossier (1 fiche)")).to_be_focused()
    page.goto(f"{serveur}/actions/amiens-matinales/")
    page.get_by_role("link", name="Ajouter à votre dossier (1 fiche)").click()
    page.get_by_role("link", name="Voir votre dossier (2 fiches)").click()
    assert page.url.endswith("/dossier/?f=dispositifs/asv&f=actions/amiens-matinales")
    page.get_by_role("link", name="Retirer Atelier santé ville").click()
    page.goto(f"{serveur}/dispositifs/asv/")
    expect(page.get_by_role("link", name="Ajouter à votre dossier (1 fiche)")).to_be_visible()
    page.goto(f"{serveur}/fiches/?q=cls")  # those of a list join the one that was there
    page.get_by_text("Faire un dossier de ces fiches").click()
    page.get_by_role("checkbox", name="Contrat local de santé de Hem").uncheck()
    page.get_by_role("button", name="Faire un dossier des fiches cochées").click()
    expect(page.get_by_role("heading", name="20 fiches sur 20")).to_be_visible()
    expect(page.locator("section > ol > li").first).to_contain_text("Matinales")


def test_sans_javascript_une_liste_fait_un_dossier_de_ce_que_l_on_coche(serveur, browser: Browser):
    contexte = browser.new_context(java_script_enabled=False)
    page = contexte.new_page()
    page.goto(f"{serveur}/dispositifs/")
    page.get_by_text("Faire un dossier de ces fiches").click()
    page.get_by_role("checkbox", name="Atelier santé ville").uncheck()
    page.get_by_role("button", name="Faire un dossier des fiches cochées").click()
    expect(page.get_by_role("link", name="Retirer Contrat local de santé (CLS)", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Retirer Atelier santé ville")).to_have_count(0)
    contexte.close()


def test_elle_compare_deux_dispositifs_pris_dans_la_liste(serveur, page: Page):
    page.goto(f"{serveur}/dispositifs/")
    page.get_by_role("link", name="Ajouter au comparateur : Atelier santé ville").click()
    page.get_by_role("link", name="Ajouter au comparateur : Contrat local de santé").click()
    page.get_by_role("link", name="Ouvrir le comparateur").click()
    assert page.url.endswith("/dispositifs/comparer/?d=asv&d=cls")
    page.get_by_label("Ajouter un dispositif").select_option("rtps")
    page.get_by_role("button", name="Comparer").click()
    expect(page.get_by_role("columnheader", name="RTPS")).to_be_visible()
    page.get_by_role("link", name="Retirer CLS").click()
    assert page.url.endswith("/dispositifs/comparer/?d=asv&d=rtps")


def test_les_differences_seules_se_demandent_aussi_au_serveur(serveur, browser):
    contexte = browser.new_context(java_script_enabled=False)
    page = contexte.new_page()
    page.goto(f"{serveur}/dispositifs/comparer/?d=asv&d=rtps")
    page.get_by_label("Différences seulement").check()
    page.get_by_role("button", name="Comparer").click()
    assert "differences=1" in page.url
    pareil = page.locator("th", has_text="Réaliser ou actualiser un diagnostic local de santé")
    expect(pareil).to_be_hidden()
    page.get_by_label("Différences seulement").uncheck()
    expect(pareil).to_be_visible()
    contexte.close()


def test_de_l_action_aux_territoires_ou_elle_pourrait_servir(serveur, page: Page):
    page.goto(f"{serveur}/actions/amiens-matinales/")
    page.get_by_role("link", name="Des territoires comme Amiens").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Territoires semblables : Amiens")
    expect(page.get_by_role("heading", name="La formule")).to_be_visible()
