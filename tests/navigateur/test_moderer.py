"""A moderator examines and decides in a real browser: with and without JavaScript, at both widths."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from contributions.models import Dossier, Proposition
from fiches.models import Fiche
from tests.base_ouverte import vider
from tests.contributions.recits import ancienne, demande, proposition, signalement
from tests.factories import fiche_dispositif, moderatrice, publier, territoire
from tests.moderation.test_trancher import chiffre, chiffres
from tests.navigateur.accessibilite import deborde, examiner, lignes_du_bandeau
from tests.panorama.test_choisir import regle

ECRANS = {"bureau": (1280, "light"), "telephone": (390, "dark")}


@pytest.mark.django_db
def test_la_base_des_tests_existe():
    """Without a marked test in the run, pytest-django makes no test database."""
    assert not Proposition.objects.exists()


@pytest.fixture
def poste(django_db_setup, django_db_blocker) -> Iterator[tuple[str, Proposition]]:
    """A server, and a proposition with a clean change and two conflicts, one in a list, committed for good."""
    with django_db_blocker.unblock():
        assert connections["default"].settings_dict["NAME"].startswith("test_"), "il faut un test marqué django_db"
        vider()
        textes = {"sections": {"description": "D.[^1]", "cout": "Dix euros."}, "chiffres": [chiffre("habitants", 10)]}
        fiche = fiche_dispositif(slug="asv", titre="Atelier", **textes)
        une = proposition(fiche, cout="20 euros.", duree="Un an.", chiffres=chiffres(chiffre("habitants", 12)))
        publier(
            fiche,
            sections={**fiche.contenu["sections"], "cout": "Quinze euros."},
            chiffres=[chiffre("habitants", 11), chiffre("ateliers", 2)],
        )
        signalement(fiche, cible="section-cout")
        regle("asv", "qpv", "oui")
        serveur = LiveServer("127.0.0.1")
        yield serveur.url, une
        serveur.stop()
        vider()
    connections.close_all()


@pytest.fixture
def ouvrir(browser: Browser, poste) -> Iterator[Callable[..., Page]]:
    """Open a page of the desk, signed in."""
    contextes: list[BrowserContext] = []

    def ouvrir(chemin: str, *, ecran: str = "bureau", javascript: bool = True) -> Page:
        largeur, theme = ECRANS[ecran]
        contexte = browser.new_context(
            java_script_enabled=javascript,
            viewport={"width": largeur, "height": 800},
            color_scheme=theme,
            locale="fr-FR",
        )
        contextes.append(contexte)
        personne, session = moderatrice(), SessionStore()
        session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(personne.pk), settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = personne.get_session_auth_hash()
        session.save()
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": poste[0]}
        contexte.add_cookies([cookie])  # type: ignore[list-item]
        page = contexte.new_page()
        page.goto(poste[0] + chemin)
        return page

    yield ouvrir
    for contexte in contextes:
        contexte.close()


@pytest.mark.parametrize("javascript", [True, False], ids=["avec", "sans"])
def test_elle_tranche_ecarte_une_partie_et_publie(poste, ouvrir, javascript):
    une = poste[1]
    page = ouvrir("/moderation/", javascript=javascript)
    page.get_by_role("link", name="Précise ce point").click()
    page.get_by_role("button", name="Je prends").click()
    expect(page.get_by_text("Vous l’avez prise, jusqu’à")).to_be_visible()
    page.get_by_role("group", name="Coût, choix obligatoire").get_by_label("Écrire autrement").check()
    page.get_by_role("textbox", name="Votre texte pour Coût").fill("De quinze à vingt euros.")
    page.get_by_role("group", name="Chiffre « habitants »").get_by_label("Écrire la ligne").check()
    page.get_by_role("textbox", name="Valeur").fill("1 300")
    duree = page.get_by_role("group", name="Durée", exact=True)
    duree.get_by_label("Ne pas retenir").check()
    page.get_by_label("Motif").select_option("Information inexacte")
    page.get_by_label("Message à l’auteur").fill("La durée n’est pas la bonne.")
    page.get_by_role("button", name="Accepter en partie").click()
    expect(page.get_by_text("La version 3 sera publiée")).to_be_visible()
    expect(page.get_by_text("La durée n’est pas la bonne.")).to_be_visible()
    page.get_by_role("button", name="Confirmer et envoyer").click()
    expect(page.get_by_text("La version 3 est publiée.")).to_be_visible()
    publiee = Fiche.objects.get(slug="asv").contenu
    assert publiee["sections"]["cout"] == "De quinze à vingt euros."
    assert [(x["libelle"], x["valeur"]) for x in publiee["chiffres"]] == [("habitants", 1300), ("ateliers", 2)]
    assert Proposition.objects.get(pk=une.pk).statut == "acceptee_en_partie"


def test_le_texte_a_ajuster_n_apparait_que_si_on_ajuste(poste, ouvrir):
    page = ouvrir(f"/moderation/propositions/{poste[1].pk}/", javascript=False)
    ajuste = page.get_by_role("textbox", name="Texte ajusté pour Durée")
    expect(ajuste).to_be_hidden()
    page.get_by_role("group", name="Durée", exact=True).get_by_label("Retenir en ajustant").check()
    expect(ajuste).to_be_visible()


def test_le_clavier_prend_et_decide_jamais_pendant_qu_on_ecrit(poste, ouvrir):
    page = ouvrir(f"/moderation/propositions/{poste[1].pk}/")
    page.keyboard.press("p")
    expect(page.get_by_text("Vous l’avez prise, jusqu’à")).to_be_visible()
    page.get_by_label("Message à l’auteur").press_sequentially("a c e j k p")
    expect(page.get_by_label("Message à l’auteur")).to_have_value("a c e j k p")
    page.get_by_role("heading", name="Décider").click()
    page.keyboard.press("c")
    expect(page.get_by_role("dialog", name="Confirmer la décision")).to_be_visible()


def test_dix_propositions_simples_se_decident_en_vingt_et_une_touches_et_douze_pages(poste, ouvrir):
    Dossier.objects.update(statut="corrige", decidee_par=moderatrice(), decidee_le=timezone.now())
    Proposition.objects.update(statut="retiree")
    dix = [proposition(fiche_dispositif(), courriel=f"a{n}@exemple.fr", duree=f"{n} ans.") for n in range(10)]
    page = ouvrir("/moderation/")
    pages = [page.url]
    page.on("load", lambda venue: pages.append(venue.url))
    page.keyboard.press("j")
    for une in dix:
        page.wait_for_url(f"**/moderation/propositions/{une.pk}/")
        page.keyboard.press("a")
        expect(page.get_by_role("dialog", name="Confirmer la décision")).to_be_visible()
        page.keyboard.press("Enter")
    expect(page.get_by_text("La version 2 est publiée.")).to_be_visible()
    assert {une.statut for une in Proposition.objects.filter(pk__in=[une.pk for une in dix])} == {"acceptee"}
    assert len(pages) <= 12


def test_sans_javascript_la_page_de_confirmation_mene_au_dossier_suivant(poste, ouvrir):
    autre = proposition(fiche_dispositif(), courriel="b@exemple.fr", duree="Un an.")
    suivante = proposition(fiche_dispositif(), courriel="c@exemple.fr", duree="Deux ans.")
    page = ouvrir(f"/moderation/propositions/{autre.pk}/", javascript=False)
    page.get_by_role("button", name="Accepter").click()
    confirmer = page.get_by_role("button", name="Confirmer et passer au suivant")
    expect(confirmer).to_be_focused()
    confirmer.click()
    page.wait_for_url(f"**/moderation/propositions/{suivante.pk}/")
    expect(page.get_by_text("La version 2 est publiée.")).to_be_visible()


def test_ce_que_la_confirmation_refuse_se_dit_sur_la_page_et_se_referme(poste, ouvrir):
    page = ouvrir(f"/moderation/propositions/{poste[1].pk}/")
    page.get_by_role("button", name="Écarter").click()
    expect(page.get_by_text("Choisissez un motif")).to_be_visible()
    page.get_by_label("Motif").select_option("Information inexacte")
    page.get_by_label("Message à l’auteur").fill("La durée n’est pas la bonne.")
    page.get_by_role("button", name="Écarter").click()
    boite = page.get_by_role("dialog", name="Confirmer la décision")
    assert examiner(page).violations_count == 0
    boite.get_by_role("button", name="Revenir").click()
    expect(boite).to_be_hidden()
    expect(page.get_by_label("Message à l’auteur")).to_have_value("La durée n’est pas la bonne.")
    page.get_by_role("button", name="Écarter").click()
    boite.get_by_role("button", name="Confirmer et passer au suivant").click()
    expect(page.get_by_text("La proposition est écartée")).to_be_visible()
    assert Proposition.objects.get(pk=poste[1].pk).statut == "ecartee"


def test_les_raccourcis_se_desactivent(poste, ouvrir):
    page = ouvrir(f"/moderation/propositions/{poste[1].pk}/")
    page.get_by_text("Au clavier").click()
    page.get_by_label("Utiliser ces raccourcis").uncheck()
    page.keyboard.press("p")
    page.reload()
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="Je prends")).to_be_visible()


@pytest.mark.parametrize("ecran", ECRANS)
def test_les_pages_du_poste_sont_accessibles_et_ne_debordent_pas(poste, ouvrir, ecran):
    une = poste[1]
    dossier = une.fiche.dossiers.get()
    examen = f"/moderation/propositions/{une.pk}/"
    la_regle = une.fiche.comme_dispositif.regles.get()
    departement = territoire("departement", "27", "Eure")
    ancienne(sur=[departement])
    demande("preparee", ancienne(sur=[departement]))
    chemins = [
        "/moderation/", "/moderation/portee/", examen, f"{examen}?vue=apercu", f"{examen}?vue=sources",
        f"{examen}?vue=auteur", f"{examen}?vue=proposee", f"/moderation/signalements/{dossier.pk}/",
        f"/moderation/fiches/{une.fiche_id}/", "/moderation/journal/", "/moderation/a-rafraichir/", "/transparence/",
        "/moderation/groupees/", "/moderation/groupees/rapides/", "/moderation/regles-de-la-file/",
        "/moderation/choisir/", "/moderation/choisir/nouvelle/", f"/moderation/choisir/{la_regle.pk}/",
        "/moderation/confirmations/?territoire=departement:27", "/moderation/confirmations/?etape=relire",
    ]  # fmt: skip
    page = ouvrir("/", ecran=ecran)
    fautes = {}
    for chemin in chemins:
        page.goto(poste[0] + chemin)
        resultats = examiner(page)
        if resultats.violations_count or deborde(page):
            fautes[chemin] = resultats.generate_report()
    assert fautes == {}


def test_le_bandeau_tient_sur_une_ligne(ouvrir):
    assert lignes_du_bandeau(ouvrir("/moderation/")) == {}
