"""The navigation by task: where it leads, and where it says one is."""

import re

import pytest
from django.urls import reverse

from config.navigation import TACHES
from tests.balisage import texte
from tests.factories import fiche_dispositif, fiche_locale, territoire

pytestmark = pytest.mark.django_db


def menu(client, adresse: str) -> str:
    return client.get(adresse).text.partition('id="menu"')[2].partition("</nav>")[0]


def test_cinq_taches_menent_partout_sans_script(client):
    page = menu(client, "/")
    assert [texte(titre) for titre in re.findall(r"<summary[^>]*>(.*?)</summary>", page, re.DOTALL)] == [
        "Mon territoire", "S’inspirer", "Comprendre", "Décider", "Contribuer",
    ]  # fmt: skip
    for tache in TACHES:
        for entree in tache.entrees:
            assert f'<a href="{reverse(entree.route)}">' in page


@pytest.mark.parametrize(
    "route", [e.route for tache in TACHES for e in tache.entrees if e.route != "mes_contributions"]
)
def test_chaque_entree_mene_a_une_page_et_se_dit_courante(client, route):
    adresse = reverse(route)
    reponse = client.get(adresse)
    assert reponse.status_code == 200
    assert f'<a href="{adresse}" aria-current="page">' in reponse.text


def test_une_page_est_dans_sa_tache(client):
    fiche_dispositif(slug="cls")
    fiche_locale(slug="cls-hem", dispositif="cls")
    lieu = territoire()
    for adresse, tache in [
        ("/dispositifs/cls/", "Comprendre"),
        ("/dispositifs-locaux/cls-hem/", "S’inspirer"),
        (lieu.get_absolute_url(), "Mon territoire"),
        ("/dispositifs/cls/proposer/", "Contribuer"),
        ("/aide/", ""),
    ]:
        ici = re.findall(r'<summary aria-current="true">(.*?)<', menu(client, adresse))
        assert [titre.strip() for titre in ici] == ([tache] if tache else [])
