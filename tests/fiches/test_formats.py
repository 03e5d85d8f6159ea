"""What contents of former formats said, in the words of the present one."""

import pytest

from fiches.formats import convertir
from tests.factories import constat

LUS = [constat("signe", "2015-12-17"), constat("actif", "2016-11-22")]


@pytest.mark.parametrize(
    "ancien, neuf",
    [
        ({"echeance": "2020-01-01"}, {"fin": "2020-01-01"}),
        ({"echeance": None}, {"fin": ""}),
        ({"debut": None}, {"debut": ""}),
        ({"duree_ans": 5}, {"duree_habituelle": "5 ans"}),
        ({"duree_ans": 1}, {"duree_habituelle": "1 an"}),
        ({"duree_ans": None}, {"duree_habituelle": ""}),
        ({"annee_debut": 2016, "annee_fin": None}, {"debut": "2016", "fin": ""}),
        ({"preuve": "en_cours"}, {"preuve": "non_evaluee"}),
        ({"preuve": "idee"}, {"preuve": "", "avancement": "idee"}),
        ({"preuve": "evaluee"}, {"preuve": "evaluee"}),
        ({"titre": "CLS"}, {"titre": "CLS"}),
    ],
)
def test_ce_que_disait_un_ancien_contenu(ancien, neuf):
    assert convertir(ancien) == neuf
    assert convertir(neuf) == neuf


def test_le_constat_et_la_signature_font_deux_constats():
    ancien = {"constat": "actif", "constate_le": "2016-11-22", "signe_le": "2015-12-17"}
    dits = [{**dit, "source": ""} for dit in LUS]
    assert convertir(ancien) == {"constats": dits, "anterieures": []}


def test_un_contrat_signe_ce_jour_la_n_est_dit_qu_une_fois():
    ancien = {"constat": "signe", "constate_le": "2015-12-17", "signe_le": "2015-12-17"}
    assert convertir(ancien)["constats"] == [constat("signe", "2015-12-17", "")]


def test_une_date_qui_avance_est_un_constat_de_plus():
    assert convertir({"constate_le": "2026-01-01"}, {"constats": LUS})["constats"] == [
        *LUS,
        constat("actif", "2026-01-01", ""),
    ]


def test_un_constat_corrige_a_sa_date_remplace_le_dernier():
    neufs = convertir({"constat": "en_projet"}, {"constats": LUS})["constats"]
    assert neufs == [LUS[0], constat("en_projet", "2016-11-22", "")]
