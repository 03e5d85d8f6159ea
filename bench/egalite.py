"""Does the time of an answer tell who has an account? `python bench/egalite.py [samples]`, on a throwaway base.

For signing in, asking for the code again and signing up: the times with and without an account, taken in turn, and the
area under the curve (Mann-Whitney): 0.5 when nothing can be told, 1 when everything can.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"


def aire(uns: list[float], autres: list[float]) -> float:
    """Return the chance that one of the first takes longer than one of the others."""
    gagnes = sum((un > autre) + (un == autre) / 2 for un in uns for autre in autres)
    return gagnes / (len(uns) * len(autres))


def mesurer(nombre: int) -> None:
    from django.conf import settings
    from django.test import Client

    from comptes.models import Utilisateur
    from config.settings import comptes

    def connexion(client: Client, adresse: str) -> Callable:
        return lambda: client.post("/comptes/connexion/", {"email": adresse})

    def encore(client: Client, adresse: str) -> Callable:
        connexion(client, adresse)()
        return lambda: client.post("/comptes/code/", {"action": "resend"})

    def inscription(client: Client, adresse: str) -> Callable:
        return lambda: client.post("/comptes/inscription/", {"email": adresse})

    settings.CADENCE_DES_REPONSES = comptes.CADENCE_DES_REPONSES
    settings.PLAFOND_COURRIELS = 10 * nombre  # past the ceiling of the day, an answer says something else
    for geste in (connexion, encore, inscription):
        temps: dict[str, list[float]] = {"connue": [], "inconnue": []}
        for rang in range(nombre):
            for sorte, mesures in temps.items() if rang % 2 else reversed(temps.items()):
                adresse = f"{geste.__name__}-{sorte}-{rang}@ville.example"
                if sorte == "connue":
                    Utilisateur.objects.create_user(adresse)
                ailleurs = f"2001:{len(mesures):x}:{len(geste.__name__):x}:{len(sorte):x}::1"  # each its own network
                demande = geste(Client(REMOTE_ADDR=ailleurs), adresse)
                debut = time.perf_counter()
                reponse = demande()
                mesures.append(time.perf_counter() - debut)
                if reponse.status_code != HTTPStatus.FOUND:
                    sys.exit(f"{geste.__name__} : réponse {reponse.status_code}")
        medianes = {sorte: f"{1000 * statistics.median(mesures):.1f} ms" for sorte, mesures in temps.items()}
        print(f"{geste.__name__:12} {medianes} aire {aire(temps['connue'], temps['inconnue']):.3f}", flush=True)


def main() -> None:
    import django
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    from config import base_embarquee

    base_embarquee.demarrer()
    django.setup()
    setup_test_environment()
    bases = setup_databases(verbosity=0, interactive=False)
    try:
        mesurer(int(sys.argv[1]) if len(sys.argv) > 1 else 250)
    finally:
        teardown_databases(bases, verbosity=0)


if __name__ == "__main__":
    main()
