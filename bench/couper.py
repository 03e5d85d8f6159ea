"""The drill of the cut: kill -9 a process in the middle of its decisions, many times, then look for what is broken.

Run `make epreuve` (ARGS=200 for two hundred cuts). It works on a database of its own, dropped at the end.
"""

import os
import random
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(RACINE))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
COUPURES = 60


def preparer() -> None:
    import django

    django.setup()


def decider_sans_fin() -> None:
    """What a moderator does, over and over, until somebody pulls the plug."""
    preparer()
    from contributions.models import Proposition
    from contributions.verbes import workflow
    from contributions.verbes.empechements import Empechement
    from dispositifs.models import Dispositif
    from tests.contributions.recits import moderatrice, personne, proposition

    elle, auteur = moderatrice(), personne()
    print("prêt", flush=True)
    while True:
        fiche = Dispositif.objects.get(slug="epreuve")
        une = Proposition.objects.a_traiter().first()
        if une is None:
            une = proposition(fiche, auteur=auteur, cout=f"{random.random()} euros.")  # noqa: S311
        with suppress(Empechement):
            sort = random.random()  # noqa: S311
            if sort < 0.2:
                workflow.prendre(une, par=elle)
            elif sort < 0.35:
                workflow.ecarter(une, par=elle, depot=1, motif="inexact", explication="Faux.")
            else:
                tranche = {"section-cout": une.depot.changements["section-cout"]}
                workflow.accepter(une, par=elle, depot=1, sur=fiche.numero, ajustements=tranche)


def verifier() -> tuple[int, int]:
    """Raise if anything is half done; return how many decisions and versions there are."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    from contributions.models import Journal, Proposition
    from courriels.models import Courriel
    from fiches.models import Fiche

    fiche = Fiche.objects.get(slug="epreuve")
    acceptees = Proposition.objects.filter(statut="acceptee")
    derniere = fiche.versions.order_by("-numero").first()
    _egaux("versions et propositions acceptées", fiche.versions.count(), 1 + acceptees.count())
    _egaux("numéro de la fiche et versions", fiche.numero, fiche.versions.count())
    _egaux("fiche et dernière version", fiche.contenu, derniere.contenu)
    for une in Proposition.objects.all():
        dernier = Journal.objects.filter(proposition=une).order_by("-pk").first()
        _egaux(f"{une} et journal", une.statut, dernier.vers if dernier else "brouillon")
    decidees = Proposition.objects.filter(statut__in=Proposition.DECIDEES)
    courriels = Courriel.objects.filter(cle__startswith="proposition_decidee-")
    _egaux("décisions et courriels", decidees.count(), courriels.count())
    taches = ProcrastinateJob.objects.filter(task_name="courriels.envoyer").count()
    _egaux("courriels et tâches", Courriel.objects.count(), taches)
    return decidees.count(), fiche.numero


def _egaux(quoi: str, un: object, deux: object) -> None:
    if un != deux:
        raise SystemExit(f"Incohérence : {quoi} ({un!r} et {deux!r}).")


def main(coupures: int) -> None:
    from config import base_embarquee

    base_embarquee.demarrer()
    preparer()
    from django.db import connection, connections
    from django.test.utils import setup_databases, teardown_databases

    from tests.factories import fiche_dispositif

    anciennes = setup_databases(verbosity=0, interactive=False)
    try:
        fiche_dispositif(slug="epreuve", sections={"description": "D.[^1]", "cout": "Dix euros."})
        adresse = base_embarquee.url().replace("/sante?", f"/{connection.settings_dict['NAME']}?")
        for coupure in range(1, coupures + 1):
            enfant = subprocess.Popen(
                [sys.executable, __file__, "enfant"],
                env={**os.environ, "DATABASE_URL": adresse},
                stdout=subprocess.PIPE,
                text=True,
            )
            enfant.stdout.readline()  # type: ignore[union-attr]  # it says when it begins
            time.sleep(random.uniform(0.02, 1.0))  # noqa: S311
            enfant.kill()
            enfant.wait()
            decisions, versions = verifier()
            print(
                f"\r{coupure} coupures, {decisions} décisions, {versions} versions : tout concorde.", end="", flush=True
            )
        print()
        connections.close_all()
    finally:
        teardown_databases(anciennes, verbosity=0)


if __name__ == "__main__":
    if sys.argv[1:] == ["enfant"]:
        decider_sans_fin()
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else COUPURES)
