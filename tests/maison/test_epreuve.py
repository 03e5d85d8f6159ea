"""The drill of the cut counts what it did, and says when that proves nothing (bench/couper.py)."""

import runpy

import pytest
from django.conf import settings

comparer = runpy.run_path(str(settings.BASE_DIR / "bench" / "couper.py"))["comparer"]


@pytest.mark.parametrize("coupures, dites, decisions", [(100, 100, 100), (100, 210, 210), (100, 210, 300)])
def test_l_epreuve_vaut_si_chaque_coupure_a_vu_une_decision(coupures, dites, decisions):
    comparer(coupures, dites, decisions)


@pytest.mark.parametrize(
    "coupures, dites, decisions",
    [(100, 3, 3), (100, 0, 0), (100, 210, 209), (100, 210, 311)],
    ids=["trop peu de décisions", "aucune", "une décision perdue", "des décisions en trop"],
)
def test_l_epreuve_echoue(coupures, dites, decisions):
    with pytest.raises(SystemExit, match="Incohérence"):
        comparer(coupures, dites, decisions)
