"""Every page one reads is light: few requests, few bytes, its files counted as they are sent."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import get_finder
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import NoReverseMatch, reverse

from comptes import desabonnement
from config.settings import base
from courriels.envoi import ecrire
from dispositifs.models import Dispositif
from fiches.gabarits import Nature
from tests.contributions.recits import proposition
from tests.factories import personne, publier
from tests.moderation.test_roles import PAGES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contenu")]
REQUETES, OCTETS = 6, 40_000
# The whole of a fiche, to be written: the longest has twenty-seven sources, each with its fields.
ENTIERES, OCTETS_ENTIERS = re.compile(r"/(proposer|modifier)/$"), 54_000
EN_TETES = 800  # bytes of each answer, its policy above all
COMPRESSEES = {"Accept-Encoding": "gzip, deflate, br"}
DEMANDES = (  # by the browser, with the page: its scripts, its sheets, its icon, its pictures and drawings
    r'<script src="([^"]+)"', r'<link rel="stylesheet" href="([^"]+)"', r'<link rel="icon" href="([^"]+)"',
    r'<img\b[^>]* src="([^"]+)"', r'<use href="([^"#]+)',
)  # fmt: skip
COMMUNE, DEPARTEMENT = {"nature": "commune", "code": "76540"}, {"nature": "departement", "code": "76"}
CLSM = {"nature": Nature.DISPOSITIF, "slug": "clsm"}
ARGUMENTS = {  # of the routes that want some
    "fiche_dispositif": {"slug": "clsm"},
    "fiche_local": {"slug": "cls-chateau-thierry"},
    "fiche_action": {"slug": "amiens-matinales"},
    "territoires:page": COMMUNE,
    "territoires:couverture": DEPARTEMENT,
    "territoires:semblables": COMMUNE,
    "territoires:note": COMMUNE,
    "territoires:agenda": DEPARTEMENT,
    "dire": COMMUNE,
    "historique": CLSM,
    "version": {**CLSM, "numero": 1},
    "comparer_versions": CLSM,
    "proposer": CLSM,
    "corriger": CLSM,
    "signaler": CLSM,
    "nouvelle_fiche": {"nature": Nature.ACTION},
    "section_du_plan": {"section": "fiches"},
}
REMPLIES = [  # what an address asks more of a page
    "/fiches/?q=sant%C3%A9+mentale&territoire=Rouen",
    "/dispositifs/asv/",
    "/dispositifs/cls/",
    "/dispositifs/comparer/?d=asv&d=cls&d=clsm",
    "/dispositifs/clsm/comparer/?de=1&a=2",
    "/dispositifs/clsm/corriger/?section=cout",
    "/carte/?departement=76",
    "/territoires/region/28/",
    "/territoires/commune/76231/",
    "/dossier/?f=dispositifs/clsm&f=dispositifs/cls",
]


@pytest.fixture(scope="module")
def en_production(tmp_path_factory) -> Iterator[Path]:
    """Gather our static files, and serve the site with all its layers; give the folder of these files."""
    servis: Path = tmp_path_factory.mktemp("servis")
    with override_settings(
        STORAGES=base.STORAGES,
        STATIC_ROOT=servis,
        MIDDLEWARE=base.MIDDLEWARE,
    ):
        get_finder.cache_clear()
        call_command("collectstatic", "--no-input", "--verbosity=0", "--ignore=admin")
        yield servis
    get_finder.cache_clear()


def adresses() -> Iterator[str]:
    """Yield a page for each route open to everybody, those that secret links lead to, then the fullest ones."""
    une = proposition(publier(Dispositif.objects.get(slug="clsm"), resume="Un autre."), cout="Vingt.")
    secrets = {
        "suivi": {"jeton": une.jeton},
        "modifier_proposition": {"jeton": une.jeton},
        "arreter_courriels": {"jeton": desabonnement.jeton(personne("rose"))},
        "demo_courriel": {"pk": ecrire("a@exemple.fr", "Objet", "Corps", cle="essai").pk},
    }
    for route, depuis in PAGES.items():
        if depuis == "visiteur" or route in secrets:
            with suppress(NoReverseMatch):  # what is shown there is made by its own tests
                yield reverse(route, kwargs={**ARGUMENTS, **secrets}.get(route))
    yield from REMPLIES


def test_toute_page_publique_est_legere(en_production):
    fautes = {}
    for adresse in adresses():
        pesee, claire = (Client(headers=formes).get(adresse, follow=True) for formes in (COMPRESSEES, {}))
        if not claire["Content-Type"].startswith("text/html"):
            continue  # for machines
        assert claire.status_code in (200, 400), adresse  # 400: versions to choose
        poids = {vu: _octets(en_production / vu.removeprefix(settings.STATIC_URL)) for vu in _demandes(claire.text)}
        poids[adresse] = len(pesee.content)
        total = sum(poids.values()) + EN_TETES * len(poids)
        if len(poids) > REQUETES or total > (OCTETS_ENTIERS if ENTIERES.search(adresse) else OCTETS):
            fautes[adresse] = (total, poids)
    assert fautes == {}


def _demandes(page: str) -> set[str]:
    """Return what a browser asks for with this page, all of it ours."""
    fichiers = {vu for motif in DEMANDES for vu in re.findall(motif, page)}
    assert all(fichier.startswith(settings.STATIC_URL) for fichier in fichiers)
    return fichiers


def _octets(fichier: Path) -> int:
    """Return what is sent of this file: WhiteNoise prefers Brotli, when it is shorter."""
    compresse = fichier.with_name(f"{fichier.name}.br")
    return (compresse if compresse.exists() else fichier).stat().st_size
