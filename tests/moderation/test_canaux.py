"""Invariant 1: no public channel says a word of a fiche out of sight, nor of a proposition that waits."""

import re

import pytest
from django.test import Client

from contributions.verbes import retraits
from dispositifs.models import Absence
from fiches.models import Sigle
from tests.contributions.recits import proposition
from tests.factories import fiche_action, fiche_dispositif, fiche_locale, moderatrice, territoire, theme

pytestmark = pytest.mark.django_db
SECRET = "Zybrelune"  # a word that nothing else says
ADRESSES = [
    "/",
    "/fiches/",
    f"/fiches/?q={SECRET}",
    "/fiches/?q=temoin",
    "/fiches/?dispositif=visee",
    "/fiches/?format=csv",
    f"/fiches/?q={SECRET}&format=csv",
    "/dispositifs/",
    "/dispositifs/temoin/",
    "/dispositifs/echeancier/",
    "/dispositifs/echeancier/?format=ics",
    "/dispositifs/comparer/?d=temoin&d=visee",
    "/dispositifs/comparer/",
    "/dispositifs-locaux/",
    "/dispositifs-locaux/temoin-local/",
    "/actions/",
    "/actions/temoin-action/",
    "/territoires/",
    "/territoires/commune/76540/",
    "/territoires/departement/76/",
    "/territoires/departement/76/couverture/",
    f"/territoires/chercher/?q={SECRET}",
    "/carte/",
    "/sigles/",
    "/organismes/",
    "/transparence/",
    "/transparence/?format=csv",
    "/statistiques/",
    "/contribuer/a-faire/",
    "/dispositifs/choisir/",
    "/territoires/commune/76540/semblables/",
    "/fiches/flux.atom",
    "/dispositifs/flux.atom",
    "/dispositifs-locaux/flux.atom",
    "/actions/flux.atom",
    "/sitemap.xml",
    "/sitemap-fiches.xml",
    "/sitemap-territoires.xml",
    "/territoires/departement/76/couverture/?format=csv",
    "/dispositifs/comparer/?d=temoin&d=visee&format=csv",
    "/contribuer/nouvelle-fiche/action/?titre=Temoin",
]
FICHES = {
    "dispositif": (fiche_dispositif, {"sigle": "ZYB"}),
    "local": (fiche_locale, {"fin": "2027-01-01", "porteur": SECRET}),
    "action": (fiche_action, {}),
}


@pytest.fixture
def monde():
    """Neighbours of every kind: same territory, same theme, same dispositif, an articulation, a link in a text."""
    departement = territoire("departement", "76", "Seine-Maritime")
    commune = territoire(code="76540", nom="Rouen", dans=[departement])
    theme("prevention")
    return commune


def creer(nature: str, commune):
    fabrique, particularites = FICHES[nature]
    commun = {"themes": ["prevention"]}
    lieux = {} if nature == "dispositif" else {"sur": [commune]}
    fiche = fabrique(slug="visee", titre=SECRET, **commun, **lieux, **particularites)
    dispositif = "visee" if nature == "dispositif" else "temoin"
    lien = [{"type": "s_inscrit_dans", "vers": "visee", "source": 1}] if nature == "dispositif" else []
    fiche_dispositif(slug="temoin", titre="Temoin", articulations=lien, **commun)
    fiche_locale(slug="temoin-local", titre="Temoin local", dispositif=dispositif, fin="2027-02-01", sur=[commune])
    fiche_action(slug="temoin-action", titre="Temoin action", dispositif=dispositif, sur=[commune], **commun)
    Sigle.objects.create(sigle="ZYB", developpe="", definition="Un sigle.", fiche_id=fiche.pk)
    return fiche


def bavards(mots: list[str]) -> list[str]:
    """Return the public addresses that say one of these words (what one has typed is repeated, that is no leak)."""
    lecteur = Client()
    trouves = []
    for adresse in ADRESSES:
        page = lecteur.get(adresse)
        assert page.status_code in (200, 400, 404), (adresse, page.status_code)
        texte = page.text
        if SECRET in adresse:
            texte = re.sub(rf"(?<=q=){SECRET}", "", texte)
            texte = re.sub(rf"{SECRET}(?=&quot;|\"|&amp;|&|'|\s*»|\s*&nbsp;»|$)", "", texte)
        if any(mot in texte for mot in mots):
            trouves.append(adresse)
    return trouves


@pytest.mark.parametrize("nature", FICHES)
def test_publiee_elle_se_voit(monde, nature):
    """The test below would prove nothing otherwise."""
    creer(nature, monde)
    assert len(bavards([SECRET, "/visee/"])) >= 8


@pytest.mark.parametrize("nature", FICHES)
@pytest.mark.parametrize("verbe", [retraits.masquer, retraits.retirer])
def test_hors_de_vue_plus_rien_ne_la_dit_ni_n_y_mene(monde, nature, verbe):
    fiche = creer(nature, monde)
    verbe(fiche, par=moderatrice(), motif="inexact", explication="À revoir.")
    assert bavards([SECRET, "/visee/"]) == []
    page = Client().get(fiche.get_absolute_url())
    assert page.status_code == 410 and SECRET not in page.text


def test_un_dispositif_suivi_masque_ne_casse_pas_la_couverture(monde):
    """The pages of coverage follow a few dispositifs: they do without the one that is out of sight."""
    asv = fiche_dispositif(slug="asv", titre=SECRET)
    fiche_locale(dispositif="asv", sur=[monde])
    Absence.objects.create(dispositif=asv, territoire=monde, constatee_le="2026-01-01", source="Un rapport")
    retraits.masquer(asv, par=moderatrice(), motif="inexact", explication="À revoir.")
    for adresse in ("departement/76/couverture/", "commune/76540/"):
        page = Client().get(f"/territoires/{adresse}")
        assert page.status_code == 200 and SECRET not in page.text


@pytest.mark.parametrize("nature", FICHES)
@pytest.mark.parametrize("suite", ["", "historique/", "versions/1/", "comparer/?de=1&a=1", "proposer/", "signaler/"])
def test_ses_autres_pages_ne_disent_rien_non_plus(monde, nature, suite):
    fiche = creer(nature, monde)
    retraits.masquer(fiche, par=moderatrice(), motif="inexact", explication="À revoir.")
    page = Client().get(fiche.get_absolute_url() + suite)
    assert page.status_code in (404, 410) and SECRET not in page.text


@pytest.mark.parametrize("nature", FICHES)
def test_ce_qui_est_propose_ne_se_lit_nulle_part(monde, nature):
    fabrique, _ = FICHES[nature]
    lieux = {} if nature == "dispositif" else {"sur": [monde]}
    fiche = fabrique(slug="visee", titre="Ordinaire", themes=["prevention"], **lieux)
    fiche_dispositif(slug="temoin", titre="Temoin")
    fiche_locale(slug="temoin-local", titre="Temoin local", sur=[monde])
    fiche_action(slug="temoin-action", titre="Temoin action", sur=[monde])
    une = proposition(fiche, titre=SECRET, resume=f"{SECRET} est là.")
    assert bavards([SECRET]) == []
    for suite in ("", "historique/", "versions/1/", "comparer/"):
        assert SECRET not in Client().get(fiche.get_absolute_url() + suite).text
    assert une.statut == "soumise"
