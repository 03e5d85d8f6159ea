"""The audit of dependencies never says « sound » of what nobody looked at."""

import importlib.util
import json
import re

import pytest
from django.conf import settings

DEPOT = settings.BASE_DIR
_plan = importlib.util.spec_from_file_location("auditer", DEPOT / "bin/auditer.py")
auditer = importlib.util.module_from_spec(_plan)
_plan.loader.exec_module(auditer)

SAIN = {"name": "django", "version": "5.2.19", "vulns": []}
PERCE = {"name": "nh3", "version": "0.1", "vulns": [{"id": "CVE-2026-1"}]}
INCONNU = {"name": "nh3", "skip_reason": "Dependency not found"}


def dit(*paquets: dict) -> str:
    return json.dumps({"dependencies": paquets, "fixes": []})


@pytest.mark.parametrize(
    "sorties, code",
    [
        ([dit(SAIN)], 0),
        ([dit(SAIN, PERCE)], 1),
        ([dit(PERCE, INCONNU)], 1),
        ([dit(SAIN, INCONNU)], 3),
        ([dit(INCONNU), dit(SAIN)], 0),
        ([dit(INCONNU), ""], 3),
        (["", "Traceback…"], 3),
        (["{}", "[]"], 3),
        ([dit()], 3),
        ([], 3),
    ],
)
def test_le_verdict(sorties, code):
    rendu, phrase = auditer.juger({"base": [auditer.lire(sortie) for sortie in sorties]})
    assert rendu == code and ("NON FAIT" in phrase) == (code == 3) and ("aucune faille" in phrase) == (code == 0)


def test_un_verrou_sain_n_en_excuse_pas_un_autre():
    sain, aveugle = [auditer.lire(dit(SAIN))], [auditer.lire("")]
    assert auditer.juger({"navigateur": sain, "audit": aveugle})[0] == 3
    assert auditer.juger({"navigateur": aveugle, "audit": [auditer.lire(dit(PERCE))]})[0] == 1


@pytest.mark.parametrize("paquets, code, tolere", [([SAIN], 0, 0), ([PERCE], 1, 1), ([INCONNU], 3, 0)])
def test_sans_service_se_dit_et_une_faille_arrete(monkeypatch, capsys, paquets, code, tolere):
    monkeypatch.setattr(auditer, "demander", lambda *_: auditer.lire(dit(*paquets)))
    assert auditer.main() == code and auditer.main("--sans-service") == tolere
    assert ("AUDIT NON FAIT" in capsys.readouterr().out) == (code == 3)


def test_tous_les_verrous_sont_regardes():
    def noms(verrou: str) -> set[str]:
        return set(re.findall(r"^([\w.-]+)", (DEPOT / f"requirements/{verrou}.txt").read_text(), re.MULTILINE))

    regardes = set().union(*map(noms, auditer.VERROUS))
    assert all(noms(verrou.stem) <= regardes for verrou in (DEPOT / "requirements").glob("*.txt"))


def test_l_outil_d_audit_n_est_ni_en_production_ni_dans_la_demonstration():
    for verrou in ("base", "demo", "dev", "navigateur"):
        assert "pip-audit==" not in (DEPOT / f"requirements/{verrou}.txt").read_text()
