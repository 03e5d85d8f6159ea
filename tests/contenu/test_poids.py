"""Every page one reads is light: few requests, few bytes, its files counted as they are sent."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import get_finder
from django.core.management import call_command
from django.test import Client, override_settings

from config.settings import base

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contenu")]
REQUETES, OCTETS = 6, 40_000
EN_TETES = 800  # bytes of each answer, its policy above all
DEMANDES = (  # by the browser, with the page: its scripts, its sheets, its icon, its pictures and drawings
    r'<script src="([^"]+)"', r'<link rel="stylesheet" href="([^"]+)"', r'<link rel="icon" href="([^"]+)"',
    r'<img\b[^>]* src="([^"]+)"', r'<use href="([^"#]+)',
)  # fmt: skip
PAGES = [
    "/",
    "/fiches/",
    "/fiches/?q=sant%C3%A9+mentale&territoire=Rouen",
    "/dispositifs/",
    "/dispositifs/asv/",
    "/dispositifs/cls/",
    "/dispositifs/clsm/",
    "/dispositifs/comparer/?d=asv&d=cls&d=clsm",
    "/dispositifs/echeancier/",
    "/dispositifs/choisir/",
    "/dispositifs-locaux/",
    "/dispositifs-locaux/cls-chateau-thierry/",
    "/actions/",
    "/actions/amiens-matinales/",
    "/carte/",
    "/carte/?departement=76",
    "/territoires/",
    "/territoires/region/28/",
    "/territoires/commune/76540/",
    "/territoires/departement/76/couverture/",
    "/statistiques/",
    "/sigles/",
    "/organismes/",
    "/aide/",
    "/a-propos/",
]


@pytest.fixture(scope="module")
def en_production(tmp_path_factory) -> Iterator[Path]:
    """Gather our static files, and serve the site with all its layers; give the folder of these files."""
    servis: Path = tmp_path_factory.mktemp("servis")
    with override_settings(
        STORAGES=base.STORAGES,
        STATIC_ROOT=servis,
        STATICFILES_FINDERS=["django.contrib.staticfiles.finders.FileSystemFinder"],
        MIDDLEWARE=base.MIDDLEWARE,
    ):
        get_finder.cache_clear()
        call_command("collectstatic", "--no-input", "--verbosity=0")
        yield servis
    get_finder.cache_clear()


@pytest.mark.parametrize("adresse", PAGES)
def test_une_page_que_l_on_lit_est_legere(en_production, adresse):
    client = Client(headers={"Accept-Encoding": "gzip, deflate, br"})
    reponse, claire = client.get(adresse), Client().get(adresse)
    assert reponse.status_code == 200 and reponse["Content-Encoding"] in ("br", "gzip")
    fichiers = {vu for motif in DEMANDES for vu in re.findall(motif, claire.text)}
    assert all(fichier.startswith(settings.STATIC_URL) for fichier in fichiers)
    poids = {fichier: _octets(en_production / fichier.removeprefix(settings.STATIC_URL)) for fichier in fichiers}
    poids[adresse] = len(reponse.content)
    assert len(poids) <= REQUETES, poids
    assert sum(poids.values()) + EN_TETES * len(poids) <= OCTETS, poids


def _octets(fichier: Path) -> int:
    """Return what is sent of this file: WhiteNoise prefers Brotli, when it is shorter."""
    compresse = fichier.with_name(f"{fichier.name}.br")
    return (compresse if compresse.exists() else fichier).stat().st_size
