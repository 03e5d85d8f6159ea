"""The drill of the cut: kill a process, or PostgreSQL, in the middle of decisions, many times; look for what is broken.

Run `make epreuve` (ARGS=200 for two hundred cuts). It works on a database of its own, dropped at the end. One cut in
five is of the embedded server itself, which the demo and the tests of this checkout must not be using meanwhile; with
DATABASE_URL, only processes are cut. It fails at the first thing half done, if a decision that was told done is lost,
or if there were fewer decisions than cuts.
"""

import os
import random
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

RACINE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(RACINE))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
BASE = "epreuve"
COUPURES = 60
DECISIONS = (2, 4)  # told done before a cut: the first one comes after the start of Python, the last one is timed
UNE_SUR = 5  # cuts, is of the server


def preparer() -> None:
    import django

    django.setup()


def decider_sans_fin() -> None:
    """What a moderator does, over and over, until somebody pulls the plug; say each decision once it is committed."""
    preparer()
    from contributions.models import Proposition
    from contributions.verbes import propositions
    from contributions.verbes.empechements import Empechement
    from dispositifs.models import Dispositif
    from tests.contributions.recits import moderatrice, personne, proposition

    elle, auteur = moderatrice(), personne()
    while True:
        fiche = Dispositif.objects.get(slug="epreuve")
        une = Proposition.objects.a_traiter().first()
        if une is None:
            une = proposition(fiche, auteur=auteur, cout=f"{random.random()} euros.")  # noqa: S311
        with suppress(Empechement):
            sort = random.random()  # noqa: S311
            if sort < 0.2:
                propositions.prendre(une, par=elle)
                continue
            if sort < 0.35:
                propositions.ecarter(une, par=elle, depot=1, motif="inexact", explication="Faux.")
            else:
                tranche = {"section-cout": une.depot.changements["section-cout"]}
                propositions.accepter(une, par=elle, depot=1, sur=fiche.numero, ajustements=tranche)
            print("décidé", flush=True)


def verifier() -> tuple[int, int]:
    """Raise if anything is half done; return how many decisions and versions there are.

    To be called in one snapshot: the server may still be finishing what a killed process asked.
    """
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


def couper(adresse: str, *, serveur: bool) -> int:
    """Start a moderator on this database, and pull the plug within the decision that follows a few others.

    Return how many were told done. `serveur`: PostgreSQL goes first, as if it had crashed, and comes back.
    """
    from config import base_embarquee

    with subprocess.Popen(
        [sys.executable, __file__, "enfant"],
        env={**os.environ, "DATABASE_URL": adresse},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL if serveur else None,  # what it says of a server that is no more
        text=True,
    ) as enfant:
        dites = random.randint(*DECISIONS)  # noqa: S311
        for _ in range(dites):
            debut = time.monotonic()
            if not enfant.stdout.readline():
                raise SystemExit("Qui décidait s’est arrêté de lui-même.")
        time.sleep(random.uniform(0, time.monotonic() - debut))  # noqa: S311  (the time the last one took)
        if serveur:
            base_embarquee.arreter("immediate")
        enfant.kill()
        dites += len(enfant.stdout.readlines())
    if serveur:
        base_embarquee.demarrer()
    return dites


def comparer(coupures: int, dites: int, decisions: int) -> None:
    """Raise unless what was told done is there, and at most one more a cut (done, not told)."""
    if not coupures <= dites <= decisions <= dites + coupures:
        raise SystemExit(f"\nIncohérence : {coupures} coupures, {dites} décisions annoncées, {decisions} trouvées.")


def main(coupures: int) -> None:
    from config import base_embarquee

    embarquee = base_embarquee.demarrer() or "DATABASE_URL" not in os.environ
    preparer()
    from django.db import connection, connections, transaction
    from django.test.utils import setup_databases, teardown_databases

    from tests.factories import fiche_dispositif

    connection.settings_dict["TEST"]["NAME"] = BASE  # not that of the tests
    anciennes = setup_databases(verbosity=0, interactive=False)
    try:
        fiche_dispositif(slug="epreuve", sections={"description": "D.[^1]", "cout": "Dix euros."})
        adresse = urlsplit(os.environ.get("DATABASE_URL") or base_embarquee.url())._replace(path=f"/{BASE}").geturl()
        dites = serveurs = 0
        for coupure in range(1, coupures + 1):
            serveur = embarquee and coupure % UNE_SUR == 0
            connections.close_all()
            dites += couper(adresse, serveur=serveur)
            serveurs += serveur
            with transaction.atomic(), connection.cursor() as curseur:
                curseur.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                decisions, versions = verifier()
            comparer(coupure, dites, decisions)
            print(
                f"\r{coupure} coupures, dont {serveurs} de PostgreSQL ; {decisions} décisions, dont {decisions - dites}"
                f" que la coupure a empêché de dire ; {versions} versions : tout concorde.",
                end="",
                flush=True,
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
