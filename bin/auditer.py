"""Look for known flaws in the locked packages: `python bin/auditer.py`, in the environment of requirements/audit.txt.

Ends with 0 when every package was looked at and none has a known flaw, 1 when one has, 3 when it could not be known
(`--sans-service` makes that 0, having said so: CI may run where no service answers). Never silent.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

DEPOT = Path(__file__).resolve().parent.parent
VERROUS = ("navigateur", "audit")  # the first one holds base, demo and dev
SERVICES = ("pypi", "osv")
DELAI = "15"  # seconds an answer may take


class Bilan(NamedTuple):
    vus: int
    ignores: int
    failles: list[str]

    @property
    def complet(self) -> bool:
        return self.vus > 0 and self.ignores == 0


def lire(sortie: str) -> Bilan:
    """Return what pip-audit found. A package its service does not know is not a sound one."""
    try:
        paquets = json.loads(sortie)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Bilan(0, 0, [])
    vus = [paquet for paquet in paquets if "skip_reason" not in paquet]
    failles = [f"{p['name']} {p['version']} : {faille['id']}" for p in vus for faille in p["vulns"]]
    return Bilan(len(vus), len(paquets) - len(vus), failles)


def demander(verrou: str, service: str) -> Bilan:
    commande = [sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip", "--progress-spinner", "off"]
    commande += ["-f", "json", "-s", service, "--timeout", DELAI, "-r", f"requirements/{verrou}.txt"]
    return lire(subprocess.run(commande, cwd=DEPOT, capture_output=True, text=True, check=False).stdout)


def juger(bilans: dict[str, list[Bilan]]) -> tuple[int, str]:
    """Return the status and the sentence, from what each service said of one lock or several."""
    failles = sorted({faille for dits in bilans.values() for bilan in dits for faille in bilan.failles})
    if failles:
        return 1, "FAILLES CONNUES :\n" + "\n".join(f"  {faille}" for faille in failles)
    aveugles = [verrou for verrou, dits in bilans.items() if not any(bilan.complet for bilan in dits)]
    if aveugles or not bilans:
        return 3, (
            "AUDIT NON FAIT : aucun service de failles n’a répondu pour tous les paquets de "
            f"{', '.join(aveugles)}. On ne sait pas si ces versions ont des failles connues."
        )
    vus = sum(max(bilan.vus for bilan in dits) for dits in bilans.values())
    return 0, f"Audit fait : aucune faille connue dans {vus} paquets."


def main(*arguments: str) -> int:
    bilans: dict[str, list[Bilan]] = {}
    for verrou in VERROUS:
        bilans[verrou] = []
        for service in SERVICES:
            bilans[verrou].append(demander(verrou, service))
            if bilans[verrou][-1].complet:
                break
    code, phrase = juger(bilans)
    print(phrase, flush=True)
    return 0 if code == 3 and "--sans-service" in arguments else code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
