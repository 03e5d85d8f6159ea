"""The texts of law of a dispositif: each leads to the source that bears it, or to the search of Légifrance."""

import re

import pytest

from dispositifs.cadre_legal import textes

SOURCES = [
    {"titre": "Article L. 3221-20 du code", "url": "https://exemple.fr/l3221-20"},
    {"titre": "Article L.\u00a03221-2 du code", "url": "https://exemple.fr/l3221-2"},
    {"titre": "Arrêté du 26 janvier 2016", "url": "https://exemple.fr/arrete"},
    {"titre": "Instruction n° DGS/SP4/2025/8 du 13 mai 2025", "url": "https://exemple.fr/instruction"},
    {"titre": "Décret n° 2024-1036", "url": ""},
]


def liens(cadre: str) -> list[list[tuple[str, str]]]:
    return [re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', texte) for texte in textes(cadre, SOURCES)]


@pytest.mark.parametrize(
    "cadre, url, mots",
    [
        ("Code de la santé publique, article L. 3221-2", "https://exemple.fr/l3221-2", "L. 3221-2"),
        ("instruction n°\u00a0DGS/SP4/2025/8 du 13 mai", "https://exemple.fr/instruction", "n°\u00a0DGS/SP4/2025/8"),
        ("arrêtés du 2 mai 2015 et du 26 janvier 2016", "https://exemple.fr/arrete", "26 janvier 2016"),
    ],
)
def test_un_texte_mene_a_la_source_qui_le_porte(cadre, url, mots):
    assert liens(cadre) == [[(url, mots)]]


@pytest.mark.parametrize("cadre", ["loi du 26 janvier 2016", "décret n° 2024-1036", "code du travail, article L. 1"])
def test_un_texte_de_l_etat_sans_source_se_cherche_sur_legifrance(cadre):
    [[(url, mots)]] = liens(cadre)
    assert url.startswith("https://www.legifrance.gouv.fr/search/") and mots == "chercher sur Légifrance"


def test_ce_qui_n_est_pas_un_texte_de_loi_reste_un_texte():
    assert textes("Aucune base légale ; <b>accord</b> du 3 mai", SOURCES) == [
        "Aucune base légale", "&lt;b&gt;accord&lt;/b&gt; du 3 mai",
    ]  # fmt: skip
