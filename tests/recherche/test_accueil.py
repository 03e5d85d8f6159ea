import re
from datetime import UTC, datetime

import html5lib
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.balisage import d_une_ligne, texte
from tests.factories import constat, fiche_action, fiche_dispositif, fiche_locale, masquer, territoire
from tests.recherche.lecture import Page

pytestmark = pytest.mark.django_db


def test_l_accueil_compte_ce_qui_est_publie(client):
    fiche_dispositif()
    masquer(fiche_dispositif())
    fiche_locale()
    fiche_action(sources=[{"titre": "A"}, {"titre": "B"}])
    territoire("qpv", "QN07601M", "Grammont")
    chiffres = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", d_une_ligne(client.get("/").text))
    assert {texte(libelle): int(valeur) for libelle, valeur in chiffres} == {
        "fiches publiées": 3,
        "quartiers prioritaires géographie 2024": 1,
        "sources citées": 4,
        "chiffres datés et sourcés": 0,
    }


def test_l_accueil_montre_les_deux_dernieres_modifications_de_chaque_nature(client):
    for n in range(3):
        with time_machine.travel(datetime(2026, 3, 1 + n, 12, tzinfo=UTC), tick=False):
            fiche_dispositif(titre=f"Dispositif {n}")
            fiche_action(titre=f"Action {n}")
    page = client.get("/").content.decode()
    for nature in ("Dispositif", "Action"):
        assert f"{nature} 2" in page and f"{nature} 1" in page and f"{nature} 0" not in page


def test_l_accueil_montre_ce_qu_une_source_a_vu_le_plus_recemment(client):
    for annee in (2024, 2025, 2023):
        fiche_locale(titre=f"CLS {annee}", constats=[constat("actif", str(annee))])
    page = client.get("/").content.decode()
    assert page.index("CLS 2025") < page.index("CLS 2024") and "CLS 2023" not in page


def test_de_celles_d_un_meme_jour_l_accueil_montre_les_plus_renseignees(client):
    pleines = {"description": "Une démarche.[^1]", "objectif": "Agir.[^1]"}
    fiche_dispositif(titre="Pleine", sections=pleines)
    for n in range(2):
        fiche_dispositif(titre=f"À peine commencée {n}")
    page = client.get("/").content.decode()
    assert page.index("Pleine") < page.index("À peine commencée 0") and "À peine commencée 1" not in page


def test_l_accueil_coute_six_requetes_au_plus(client):
    for _ in range(8):
        fiche_action(themes=["logement"])
    with CaptureQueriesContext(connection) as captees:
        client.get("/")
    assert len(captees) <= 6


def test_l_accueil_est_valide_et_sans_temoin(client):
    fiche_locale()
    reponse = client.get("/")
    lecteur = html5lib.HTMLParser()
    lecteur.parse(Page(reponse).html)
    assert lecteur.errors == [] and not reponse.cookies
