"""The whole site on this machine, by one command: `make demo`, or `python3 bin/demo.py [--neuve] [--developpement]`.

Prepares what is missing (packages, database, territories, fiches, static files), serves until Ctrl-C or SIGTERM, then
stops what it started and nothing else. The next time only what changed is done again, and the data are kept; `--neuve`
starts over; `--developpement` (`make serve`) reads code and static files again when they change. PORT chooses the port,
DATABASE_URL another PostgreSQL, PYTHON (with make) the interpreter.
"""

import errno
import hashlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from installer import DEPOT, PYTHON_VENV, Empechement, installer, verifier_place

sys.path.insert(0, str(DEPOT))
from config import base_embarquee  # standard library only: it needs no package

HOTE = "127.0.0.1"
REGLAGES = "config.settings.demo"
GRANIAN = ["granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "4", "--log-level", "warning"]
OUVRIER = ["manage.py", "procrastinate", "worker", "--shutdown-graceful-timeout=5"]
# E-mails wait for nobody: a code to sign in is worth ten minutes, and asking a slow web site may take as long.
OUVRIERS = {
    "courriels": [*OUVRIER, "--name=courriels", "--queues=courriels"],
    "taches": [*OUVRIER, "--name=taches", "--queues=comptes,contributions,sources,tirages", "--concurrency=2"],
}
REPOS = 5  # seconds before a worker that stopped is started again: a base that is away may be back
STATIQUES = DEPOT / ".statiques"
SIGNAUX = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(arguments: list) -> None:
    if not {*arguments} <= {"--neuve", "--developpement"}:
        sys.exit(__doc__)
    for nom in SIGNAUX:
        signal.signal(nom, interrompre)
    try:
        port = port_libre()
        installer("base" if os.environ.get("DATABASE_URL") else "demo")
        with base_de_donnees(neuve="--neuve" in arguments):
            charger()
            if "--developpement" in arguments:
                servir(port, ["manage.py", "runserver", f"{HOTE}:{port}"], "config.settings.developpement")
            else:
                rassembler_statiques()
                adresse = ["--host", HOTE, "--port", str(port)]
                servir(port, ["-m", *GRANIAN, *adresse, "config.wsgi:application"])
    except (Empechement, base_embarquee.ErreurBase) as empechement:
        sys.exit(str(empechement))
    except OSError as erreur:
        if erreur.errno != errno.ENOSPC:
            raise
        sys.exit("Le disque est plein : libérez de la place, puis recommencez.")
    except KeyboardInterrupt:
        print("\nArrêté.", flush=True)


def interrompre(*_: object) -> None:
    """Stop in order on Ctrl-C, SIGTERM or the closing of the terminal; further ones must not cut that short."""
    for nom in SIGNAUX:
        signal.signal(nom, signal.SIG_IGN)
    raise KeyboardInterrupt


def port_libre() -> int:
    texte = os.environ.get("PORT", "8000")
    if not texte.isdigit() or not 0 < int(texte) < 65536:
        raise Empechement(f"PORT vaut « {texte} » : il faut un nombre entre 1 et 65535.")
    remede = f"Choisissez-en un autre, par exemple : PORT={max(8000, int(texte)) % 65535 + 1} make demo"
    with socket.socket() as essai:
        essai.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            essai.bind((HOTE, int(texte)))
        except PermissionError:
            raise Empechement(f"Le port {texte} est réservé. {remede}") from None
        except OSError:
            raise Empechement(f"Le port {texte} est déjà pris. {remede}") from None
    return int(texte)


@contextmanager
def base_de_donnees(*, neuve: bool) -> Iterator[None]:
    """Have a PostgreSQL server up, and stop it afterwards if it was not up before."""
    if neuve:
        if os.environ.get("DATABASE_URL"):
            raise Empechement("Repartir de zéro ne vaut que pour la base de la démonstration : retirez DATABASE_URL.")
        print("Effacement de la base précédente…", flush=True)
        base_embarquee.detruire()
    demarree = False
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNAUX)  # an interruption waits until we know what to stop
        demarree = base_embarquee.demarrer()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNAUX)
        yield
    finally:
        if demarree:
            base_embarquee.arreter()


def charger() -> None:
    """Bring the database up to date with the migrations, the territories and the fiches of this checkout."""
    # Kept beside the embedded data, and trusted for them only: they disappear together.
    marque = None if os.environ.get("DATABASE_URL") else base_embarquee.racine() / "chargement"
    applications = [paquet.parent for paquet in DEPOT.glob("*/__init__.py") if paquet.parent.name != "tests"]
    sources = [source for dossier in applications for source in dossier.rglob("*.py")]
    sources += [*DEPOT.glob("fixtures/**/*"), DEPOT / "requirements" / "base.txt"]
    with si_change(marque, sources) as change:
        if change:
            print("Base de données :", flush=True)
            verifier_place(base_embarquee.racine().parent)
            gerer("migrate", "--verbosity=0")
            gerer("charger_territoires")
            gerer("charger_contenu")
            gerer("synchroniser_roles")
            gerer("charger_demo")


def rassembler_statiques() -> None:
    """Gather the static files, hashed and compressed."""
    sources = [*DEPOT.glob("static/**/*"), *DEPOT.glob("config/settings/*.py"), DEPOT / "requirements" / "base.txt"]
    with si_change(STATIQUES / ".empreinte", sources) as change:
        if change:
            print("Fichiers statiques…", flush=True)
            gerer("collectstatic", "--no-input", "--verbosity=0")


@contextmanager
def si_change(marque: Path | None, sources: Iterable[Path]) -> Iterator[bool]:
    """Say whether these files changed since the block last went well."""
    resume = hashlib.sha256()
    for chemin in sorted(sources):
        if chemin.is_file():
            resume.update(os.fsencode(chemin.relative_to(DEPOT)) + b"\0" + chemin.read_bytes())
    empreinte = resume.hexdigest()
    connue = marque is not None and marque.exists() and marque.read_text() == empreinte
    yield not connue
    if marque is not None and not connue:
        marque.write_text(empreinte)


def environnement(reglages: str = REGLAGES) -> dict:
    sans = {nom: valeur for nom, valeur in os.environ.items() if nom not in ("PYTHONHOME", "PYTHONPATH")}
    return {**sans, "DJANGO_SETTINGS_MODULE": reglages, "PYTHONUTF8": "1"}


def gerer(*commande: str) -> None:
    # In a session of its own, as the web server: Ctrl-C reaches this script alone, which stops things in order.
    resultat = subprocess.run(
        [PYTHON_VENV, "manage.py", *commande], cwd=DEPOT, env=environnement(), check=False, start_new_session=True
    )
    if resultat.returncode:
        verifier_place(base_embarquee.racine().parent)  # PostgreSQL stops when the disk is full
        raise Empechement(f"« manage.py {commande[0]} » a échoué : la cause est écrite ci-dessus.")


def servir(port: int, commande: list, reglages: str = REGLAGES) -> None:
    """Run the web server until it stops, and the workers, started again when they stop as systemd would do."""
    with ExitStack() as pile:
        serveur = pile.enter_context(processus(commande, reglages))
        ouvriers = {nom: pile.enter_context(processus(ouvrier, reglages)) for nom, ouvrier in OUVRIERS.items()}
        attendre(serveur, port)
        print(f"\nLe site est prêt : http://{HOTE}:{port}/  (Ctrl-C pour arrêter le serveur, les ouvriers et la base)")
        print(f"Les courriels ne partent pas : lisez-les sur http://{HOTE}:{port}/demo/courriels/", flush=True)
        while serveur.poll() is None:
            time.sleep(REPOS)
            for nom in [nom for nom, ouvrier in ouvriers.items() if ouvrier.poll() is not None]:
                print(f"L’ouvrier « {nom} » s’est arrêté (la cause est écrite ci-dessus) : il repart.", flush=True)
                ouvriers[nom] = pile.enter_context(processus(OUVRIERS[nom], reglages))
        raise Empechement("Le serveur web s’est arrêté de lui-même : la cause est écrite ci-dessus.")


@contextmanager
def processus(commande: list, reglages: str) -> Iterator[subprocess.Popen]:
    """Run a program beside this one, and stop it with all it started."""
    lance = subprocess.Popen([PYTHON_VENV, *commande], cwd=DEPOT, env=environnement(reglages), start_new_session=True)
    try:
        yield lance
    finally:
        lance.terminate()
        with suppress(subprocess.TimeoutExpired):
            lance.wait(timeout=10)
        with suppress(ProcessLookupError):  # whatever of it would stay
            os.killpg(lance.pid, signal.SIGKILL)


def attendre(serveur: subprocess.Popen, port: int) -> None:
    """Return once the home page is served."""
    limite = time.monotonic() + 60
    while serveur.poll() is None and time.monotonic() < limite:
        try:
            connexion = http.client.HTTPConnection(HOTE, port, timeout=20)
            connexion.request("GET", "/")
            code = connexion.getresponse().status
            connexion.close()
        except OSError:
            time.sleep(0.05)
            continue
        if code != http.HTTPStatus.OK:
            raise Empechement(f"La page d’accueil répond par l’erreur {code} : la cause est écrite ci-dessus.")
        return
    raise Empechement("Le serveur web n’a pas démarré : la cause est écrite ci-dessus.")


if __name__ == "__main__":
    main(sys.argv[1:])
