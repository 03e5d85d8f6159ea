"""A coordinator reads, in a real browser, on the real content: no complaint of the browser, no accessibility fault."""

import re

import pytest
from django.templatetags.static import static
from playwright.sync_api import Browser, Page, Route, expect

from tests.essais import croiser
from tests.navigateur.accessibilite import lignes_du_bandeau, pales_selon_le_theme, verifier
from tests.navigateur.contraste import coupes, halos_pales

pytestmark = pytest.mark.django_db  # or there is no test database (the server reads it by its own connections)
PAGES = [
    "/",
    "/fiches/",
    "/fiches/?q=sant%C3%A9+mentale&territoire=Rouen",
    "/fiches/?q=introuvablissime",
    "/dispositifs/",
    "/dispositifs/asv/",
    "/dispositifs-locaux/cls-chateau-thierry/",
    "/actions/amiens-matinales/",
    "/dispositifs/comparer/?d=asv&d=rtps&d=cmt",
    "/dispositifs-locaux/comparer/?l=cls-hem&l=cls-roubaix&l=cls-chateau-thierry",
    "/dossier/?f=dispositifs/asv&f=actions/amiens-matinales&q=cls",
    "/territoires/",
    "/territoires/chercher/?q=rouen",
    "/territoires/departement/76/",
    "/territoires/commune/76484/",
    "/territoires/qpv/QN07620M/",
    "/territoires/perimetre/pays-de-bray/",
    "/territoires/epci/200023414/couverture/",
    "/carte/",
    "/carte/?departement=76",
    "/dispositifs/echeancier/",
    "/sigles/",
    "/organismes/",
    "/statistiques/",
    "/contribuer/",
    "/contribuer/a-faire/",
    "/contribuer/gabarits/",
    "/dispositifs/asv/proposer/?section=cout",
    "/aide/",
    "/accessibilite/",
]
# Those whose components make up all the others: checked on the four combinations of screen and theme.
PAGES_TYPES = ["/", "/dispositifs/asv/", "/territoires/commune/76484/", "/dispositifs/"]


@pytest.mark.parametrize(
    "adresse, ecran",
    croiser(PAGES, [(1280, "light"), (390, "dark")]) + croiser(PAGES_TYPES, [(1280, "dark"), (390, "light")]),
)
def test_la_page_est_accessible_et_ne_deborde_pas(serveur, page: Page, adresse, ecran):
    largeur, theme = ecran
    page.set_viewport_size({"width": largeur, "height": 800})
    page.emulate_media(color_scheme=theme)
    page.goto(serveur + adresse)
    verifier(page)


def test_rien_n_est_demande_ailleurs(serveur, page: Page):
    demandes: list[str] = []
    page.on("request", lambda requete: demandes.append(requete.url))
    page.goto(f"{serveur}/dispositifs/asv/")
    assert demandes and all(adresse.startswith(serveur) for adresse in demandes)
    assert page.context.cookies() == []


@pytest.mark.parametrize("adresse", ["/", "/dispositifs/asv/", "/territoires/commune/76484/"])
def test_les_donnees_liees_ne_derangent_pas_la_politique_de_contenu(serveur, page: Page, adresse):
    """They are data: the browser reads them without running them, and reports nothing."""
    page.add_init_script(
        "window.refus = []; addEventListener('securitypolicyviolation', e => refus.push(e.violatedDirective))"
    )
    page.goto(serveur + adresse)
    types = page.locator('script[type="application/ld+json"]').evaluate_all(
        "scripts => scripts.flatMap(s => JSON.parse(s.textContent)['@graph'].map(n => n['@type']))"
    )
    assert types
    assert page.evaluate("refus") == []


@pytest.mark.parametrize(
    "adresse",
    ["/dispositifs/asv/", "/territoires/epci/200023414/", "/territoires/epci/200023414/couverture/",
     "/dispositifs/comparer/?d=asv&d=cls&d=cmt", "/fiches/?theme=sante-mentale", "/dispositifs/echeancier/",
     "/statistiques/", "/carte/"],
)  # fmt: skip
def test_la_page_imprimee_tient_sur_la_feuille_et_n_a_rien_a_cliquer(serveur, page: Page, adresse):
    page.set_viewport_size(
        {"width": 680 if "comparer" not in adresse and "couverture" not in adresse else 1020, "height": 900}
    )
    page.emulate_media(media="print")
    page.goto(serveur + adresse)
    for inutile in (
        "header.entete",
        "footer.pied",
        "nav.fil",
        "nav.sommaire",
        "main form",
        "main .bouton",
        "main select",
    ):
        assert page.locator(inutile).locator("visible=true").count() == 0, inutile
    largeur = page.evaluate("innerWidth")
    trop_larges = page.locator("main *:visible").evaluate_all(
        "(tous, l) => tous.filter(e => e.getBoundingClientRect().right > l + 1 && !e.closest('.lecteur'))"
        ".map(e => e.outerHTML.slice(0, 80))",
        largeur,
    )
    assert trop_larges == []
    expect(page.get_by_text(f"depuis Santé en territoires : http://testserver{adresse}")).to_be_visible()


def test_une_fiche_imprimee_ecrit_l_adresse_de_ses_sources_sa_version_et_son_lien(serveur, page: Page):
    page.emulate_media(media="print")
    page.goto(f"{serveur}/dispositifs/asv/")
    source = page.locator("#sources a[href^='http']").first
    assert source.get_attribute("href") in source.evaluate("a => getComputedStyle(a, '::after').content")
    expect(page.get_by_text("version 1,")).to_be_visible()
    expect(page.get_by_text("/dispositifs/asv/").last).to_be_visible()


def test_ce_qui_est_replie_s_imprime(serveur, page: Page):
    page.goto(f"{serveur}/territoires/epci/200023414/")
    commune = page.locator("#contient details a").first
    expect(commune).to_be_hidden()
    page.emulate_media(media="print")
    expect(commune).to_be_visible()


def test_elle_nomme_sa_ville_et_lit_ce_qui_la_concerne(serveur, page: Page):
    page.goto(serveur)
    page.get_by_label("Une commune, un quartier").fill("oissel")
    suggestion = page.get_by_role("option", name="Oissel-sur-Seine")
    expect(suggestion).to_be_visible()
    suggestion.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Oissel-sur-Seine")
    expect(page.get_by_text("Via Métropole Rouen Normandie").first).to_be_visible()


def test_les_suggestions_se_parcourent_au_clavier(serveur, page: Page):
    page.goto(f"{serveur}/territoires/")
    champ = page.get_by_role("combobox", name="Commune, quartier, intercommunalité")
    champ.fill("vandeuvre")
    option = page.get_by_role("option", name="Vandœuvre-lès-Nancy")
    expect(option).to_be_visible()
    expect(champ).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    assert champ.get_attribute("aria-activedescendant") == option.get_attribute("id")
    expect(champ).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vandœuvre-lès-Nancy")


def test_entree_prend_la_premiere_si_elle_est_exacte(serveur, page: Page):
    page.goto(f"{serveur}/territoires/")
    champ = page.get_by_role("combobox", name="Commune, quartier, intercommunalité")
    champ.fill("rouen")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Rouen")
    page.goto(f"{serveur}/territoires/")
    champ.fill("roue")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/territoires/chercher/\?q=roue"))


def test_le_nombre_de_suggestions_est_annonce(serveur, page: Page):
    page.goto(f"{serveur}/territoires/")
    page.get_by_role("combobox").fill("elbeuf")
    expect(page.get_by_role("status").filter(has_text="propositions")).to_be_attached()


def test_echap_et_quitter_le_champ_ferment_les_suggestions(serveur, page: Page):
    page.goto(f"{serveur}/territoires/")
    champ, propositions = page.get_by_role("combobox"), page.get_by_role("listbox", name="Propositions")
    for geste in (
        lambda: page.keyboard.press("Escape"),
        lambda: page.keyboard.press("Tab"),
        lambda: page.get_by_role("heading", level=1).click(),
    ):
        champ.fill("rou")
        champ.fill("rouen")
        expect(propositions).to_be_visible()
        geste()
        expect(propositions).to_be_hidden()
        expect(champ).to_have_attribute("aria-expanded", "false")


def test_une_suggestion_se_choisit_a_la_souris(serveur, page: Page):
    page.goto(f"{serveur}/territoires/")
    page.get_by_role("combobox").fill("elbeuf")
    page.get_by_role("option").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Elbeuf")


@pytest.mark.parametrize(
    "adresse",
    [
        "/fiches/",
        "/dispositifs/echeancier/",
        "/dispositifs/choisir/",
        "/contribuer/a-faire/",
        "/contribuer/nouvelle-fiche/local/",
    ],
)
def test_un_champ_de_territoire_se_remplit(serveur, page: Page, adresse):
    page.goto(serveur + adresse)
    champ = page.locator("[data-suggestions] input[name=territoire]")
    champ.fill("elbeu")
    page.get_by_role("option", name="Elbeuf (76)").first.click()
    expect(champ).to_have_value("Elbeuf (76)")
    assert page.url == serveur + adresse


def test_l_accueil_groupe_ce_qu_il_propose(serveur, page: Page):
    page.goto(serveur)
    page.get_by_role("combobox").fill("cls")
    expect(page.get_by_role("group", name="Dispositifs").get_by_role("option").first).to_contain_text("CLS")


@pytest.mark.parametrize("adresse", ["/", "/territoires/"])
@pytest.mark.parametrize("largeur", [1280, 390])
def test_les_suggestions_se_lisent_en_entier(serveur, page: Page, adresse, largeur):
    """Wherever the field stands, in a dark band too: nothing pale in either theme, nothing cut, a ring on each link."""
    page.set_viewport_size({"width": largeur, "height": 800})
    page.goto(serveur + adresse)
    page.locator("[data-suggestions] input").press_sequentially("elb")
    liens = page.locator(".suggestions [role=option]")
    expect(liens.first).to_be_visible()
    assert liens.count() > 3
    assert pales_selon_le_theme(page, ".suggestions") == {}
    assert coupes(liens) == []
    assert halos_pales(liens) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("adresse", ["/", "/dispositifs/asv/", "/territoires/commune/76484/"])
def test_ce_qui_prend_le_focus_se_voit(serveur, page: Page, adresse, theme):
    page.emulate_media(color_scheme=theme)
    page.goto(serveur + adresse)
    assert halos_pales(page.locator("a[href], button, input, select, summary")) == []


@pytest.mark.parametrize("largeur", [320, 390])
def test_le_signe_du_fil_d_ariane_reste_devant_ses_mots(serveur, page: Page, largeur):
    page.set_viewport_size({"width": largeur, "height": 700})
    page.goto(f"{serveur}/aide/")
    ici = page.locator(".fil [aria-current]")
    ici.evaluate("ici => { ici.textContent = 'Une page dont le nom est plus long que la ligne du téléphone'; }")
    assert ici.evaluate("ici => ici.getBoundingClientRect().top - ici.parentElement.getBoundingClientRect().top") < 2


def test_le_bandeau_tient_sur_une_ligne(serveur, page: Page):
    page.goto(serveur)
    assert lignes_du_bandeau(page) == {}


def test_le_menu_ouvert_se_lit_dans_les_deux_themes(serveur, page: Page):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(serveur)
    page.get_by_role("button", name="Menu").click()
    assert pales_selon_le_theme(page, "[popover].nav") == {}


def test_tout_se_lit_sans_javascript(serveur, browser):
    contexte = browser.new_context(java_script_enabled=False)
    page = contexte.new_page()
    page.goto(serveur)
    page.get_by_label("Une commune, un quartier").fill("elbeuf")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Elbeuf (76)").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Elbeuf")
    page.get_by_role("link", name="Atelier santé ville d’Elbeuf et Cléon").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Elbeuf")
    contexte.close()


def test_le_clavier_saute_au_contenu(serveur, page: Page):
    page.goto(f"{serveur}/dispositifs/asv/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"


def test_un_appel_de_source_mene_a_la_source(serveur, page: Page):
    page.goto(f"{serveur}/dispositifs/asv/")
    page.get_by_role("link", name="Source 1", exact=True).first.click()
    assert page.url.endswith("#source-1")


def test_le_menu_s_ouvre_sur_un_telephone(serveur, page: Page):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(serveur)
    page.get_by_role("button", name="Menu").click()
    navigation = page.get_by_role("navigation", name="Navigation principale")
    lien = navigation.get_by_role("link", name="Trouver ma commune")
    expect(lien).to_be_hidden()
    navigation.get_by_text("Mon territoire").click()
    lien.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Territoires")


def test_les_menus_se_ferment_a_echap_et_quand_on_les_quitte(serveur, page: Page):
    page.goto(f"{serveur}/dispositifs/clsm/")
    for menu in ("Décider", "Améliorer ou signaler : Objectif"):
        bouton = page.locator("summary", has_text=menu)
        lien = bouton.locator("xpath=..").get_by_role("link").first
        for geste in (
            lambda: page.keyboard.press("Escape"),
            lambda: page.get_by_role("heading", level=1).click(),
            lambda: page.get_by_role("link", name="Accueil").focus(),
        ):
            bouton.click()
            expect(lien).to_be_visible()
            geste()
            expect(lien).to_be_hidden()


def test_un_appel_ouvre_le_repli_ou_est_sa_source(serveur, page: Page):
    page.goto(f"{serveur}/dispositifs/clsm/#source-39")
    expect(page.locator("#source-39")).to_be_in_viewport()


def test_au_telephone_on_compare_un_contrat_a_la_fois(serveur, page: Page):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{serveur}/dispositifs-locaux/comparer/?l=cls-hem&l=cls-roubaix&voir=cls-roubaix")
    hem, roubaix = (page.get_by_role("columnheader", name=f"Contrat local de santé de {n}") for n in ("Hem", "Roubaix"))
    expect(roubaix).to_be_visible()
    expect(hem).to_be_hidden()
    page.get_by_role("radio", name="Contrat local de santé de Hem").check()
    expect(hem).to_be_visible()
    expect(roubaix).to_be_hidden()


def test_les_differences_seules_cachent_ce_qui_est_pareil(serveur, page: Page):
    page.goto(f"{serveur}/dispositifs/comparer/?d=asv&d=rtps")
    pareil = page.get_by_role("rowheader", name="Réaliser ou actualiser un diagnostic local de santé")
    expect(pareil).to_be_visible()
    page.get_by_label("Différences seulement").check()
    expect(pareil).to_be_hidden()


def test_une_panne_du_reseau_n_arrete_pas_l_attente_d_un_dossier(serveur, browser: Browser):
    etats = iter(["attendu", "panne", "pret"])

    def repondre(route: Route) -> None:
        etat = next(etats)
        if etat == "panne":
            return route.abort()
        script = f'<script src="{static("preparation.js")}" type="module"></script>'
        corps = f'<meta charset="utf-8"><p id="preparation" data-etat="{etat}">{etat}</p>{script}'
        return route.fulfill(content_type="text/html", body=corps)

    contexte = browser.new_context(locale="fr-FR")
    page = contexte.new_page()
    page.route("**/dossier/preparation/", repondre)
    page.goto(f"{serveur}/dossier/preparation/")
    expect(page.locator("#preparation")).to_have_text("pret", timeout=15_000)
    contexte.close()
