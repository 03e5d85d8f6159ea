"""The rule of age: what a scheme is today, from what sources said and when."""

from datetime import date
from random import Random

import pytest

from dispositifs.age import Constat, EtatLocal, Situation, regles
from dispositifs.models import DispositifLocal
from francais.dates import DatePartielle
from tests.factories import constat, fiche_dispositif, fiche_locale

pytestmark = pytest.mark.django_db
JOUR = date(2026, 11, 23)


def etat(*constats: tuple[str, str], **brut) -> EtatLocal:
    """Return the state of a scheme whose sources said this, the very same in SQL and in Python."""
    fiche = fiche_locale(constats=[constat(*dit) for dit in constats or [("actif", "2022-03-29")]], **brut)
    lu = DispositifLocal.objects.avec_etat(JOUR).get(pk=fiche.pk)
    assert lu.etat_local == lu.situation.etat(JOUR)
    assert lu.situation == Situation.lue(lu.rendu["situation"]) == Situation.de(lu.contenu)
    return EtatLocal(lu.etat_local)


@pytest.mark.parametrize(
    "dit, attendu",
    [
        ({"fin": "2030-01-01"}, EtatLocal.EN_VIGUEUR),  # an end still ahead, however old the statement
        ({"fin": "2027-06-30"}, EtatLocal.FIN_PROCHE),
        ({"fin": "2026"}, EtatLocal.FIN_PROCHE),  # until its last day
        ({"fin": "2027-11-23"}, EtatLocal.EN_VIGUEUR),
        ({"fin": "2026-10"}, EtatLocal.TERME_PASSE),
        ({"fin": "2023-12-31"}, EtatLocal.TERME_PASSE),
        ({}, EtatLocal.A_VERIFIER),
        ({"debut": "2027-06-01", "fin": "2032-01-01"}, EtatLocal.EN_PROJET),
        ({"debut": "2026", "fin": "2032"}, EtatLocal.EN_VIGUEUR),
    ],
)
def test_un_contrat_vu_actif_en_mars_2022(dit, attendu):
    assert etat(**dit) == attendu


@pytest.mark.parametrize(
    "le, attendu",
    [
        ("2024-11-23", EtatLocal.EN_VIGUEUR),
        ("2024-11-22", EtatLocal.A_VERIFIER),
        ("2024-12", EtatLocal.EN_VIGUEUR),
        ("2024-11", EtatLocal.A_VERIFIER),  # on its first day, for all one knows
        ("2025", EtatLocal.EN_VIGUEUR),
        ("2024", EtatLocal.A_VERIFIER),
    ],
)
@pytest.mark.parametrize("dit", ["actif", "signe", "adopte"])
def test_sans_fin_connue_vu_depuis_moins_de_vingt_quatre_mois(dit, le, attendu):
    assert etat((dit, le)) == attendu


def test_un_projet_de_plus_de_vingt_quatre_mois_est_a_verifier():
    assert etat(("en_projet", "2026-01")) == EtatLocal.EN_PROJET
    assert etat(("en_projet", "2016-11-22")) == EtatLocal.A_VERIFIER
    assert etat(("en_projet", "2016-11-22"), fin="2030") == EtatLocal.A_VERIFIER  # nobody saw it begin


def test_preparer_le_suivant_n_arrete_pas_un_contrat_en_cours():
    assert etat(("signe", "2021"), ("en_projet", "2026-05"), fin="2028") == EtatLocal.EN_VIGUEUR
    assert etat(("signe", "2018"), ("en_projet", "2026-05"), fin="2025") == EtatLocal.EN_PROJET


def test_ce_qui_est_dit_termine_l_est_meme_avant_sa_fin():
    assert etat(("actif", "2025"), ("termine", "2026-06"), fin="2030") == EtatLocal.TERMINE
    assert etat(("termine", "2018"), ("signe", "2026-01")) == EtatLocal.EN_VIGUEUR  # and begun again


def test_vu_en_vie_apres_sa_fin_il_a_continue():
    assert etat(("actif", "2026-06"), fin="2025-12-31") == EtatLocal.EN_VIGUEUR
    assert etat(("actif", "2025"), fin="2025-12-31") == EtatLocal.TERME_PASSE


def test_aucune_fin_n_est_estimee():
    fiche_dispositif(slug="cls", duree_habituelle="cinq ans")
    assert etat(("signe", "2015-12-17"), dispositif="cls") == EtatLocal.A_VERIFIER


def test_l_age_qui_fait_verifier_est_un_reglage(settings):
    settings.AGE_DES_CONSTATS = 120
    assert etat(("actif", "2017")) == EtatLocal.EN_VIGUEUR


def test_sql_et_python_disent_le_meme_quoi_qu_il_arrive():
    hasard = Random(20261123)
    fiche = fiche_locale()
    dates = ["", "2016", "2024", "2024-11", "2024-11-22", "2024-11-23", "2025", "2026", "2026-11-22", "2026-11-23"]
    dates += ["2026-11-24", "2027", "2027-11", "2027-11-22", "2027-11-23", "2030-06"]
    vus = set()
    for _ in range(400):
        vu, actif, debut, fin = (DatePartielle(hasard.choice(dates)) for _ in range(4))
        situation = Situation(hasard.choice(Constat.values), vu, actif, debut, fin)
        DispositifLocal.objects.filter(pk=fiche.pk).update(**vars(situation))
        dit = DispositifLocal.objects.avec_etat(JOUR).values_list("etat_local", flat=True).get(pk=fiche.pk)
        assert situation.etat(JOUR) == dit, situation
        vus.add(dit)
    assert vus == {etat for etat, _ in regles(JOUR)}
