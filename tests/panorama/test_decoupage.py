"""Which vintages a page or a table speaks of, said wherever territories are counted."""

import csv
from io import StringIO

import pytest

from territoires.models import Millesime
from tests.balisage import texte
from tests.factories import fiche_dispositif, fiche_locale, territoire

DIT = "communes et intercommunalités au 1er janvier 2026, quartiers prioritaires de 2024"
COMMUNE = "/territoires/commune/76540/"


@pytest.fixture
def rouen(db):
    Millesime.objects.retenir({"commune": 2026, "epci": 2026, "qpv": 2024})
    lieu = territoire("commune", "76540", "Rouen", population=114_083, population_annee=2023, population_source="Insee")
    fiche_dispositif(slug="cls", sigle="CLS")
    fiche_locale(sur=[lieu], dispositif="cls", fin="2031-01-01")
    return lieu


@pytest.mark.parametrize(
    "adresse",
    [
        COMMUNE,
        f"{COMMUNE}couverture/",
        f"{COMMUNE}semblables/",
        f"{COMMUNE}note/",
        "/fiches/?territoire=commune:76540",
        "/dispositifs-locaux/",
        "/dispositifs/echeancier/",
        "/carte/",
        "/territoires/",
    ],
)
def test_chaque_page_dit_de_quel_decoupage_elle_parle(client, rouen, adresse):
    assert DIT in texte(client.get(adresse).text)


@pytest.mark.parametrize("adresse", [f"{COMMUNE}couverture/?niveau=commune&format=csv", "/fiches/?format=csv"])
def test_chaque_ligne_d_un_tableau_emporte_le_dit(client, rouen, adresse):
    lignes = list(csv.DictReader(StringIO(client.get(adresse).content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert lignes and all(DIT in texte(ligne["decoupage"]) for ligne in lignes)


def test_un_nouveau_millesime_se_lit_aussitot(client, rouen):
    Millesime.objects.retenir({"commune": 2027})
    assert "communes au 1er janvier 2027, intercommunalités au 1er janvier 2026" in texte(client.get(COMMUNE).text)
