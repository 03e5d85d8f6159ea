"""Prepare the checkout's `.venv`, then run a command in it: `python3 bin/installer.py LOT [module arguments…]`.

LOT names a lock of requirements/: base, demo, dev or navigateur. What is already installed costs nothing. Standard
library only; the syntax stays readable by older Pythons, so that they get a sentence instead of a syntax error.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

if sys.version_info < (3, 11):  # before anything below is evaluated
    sys.exit(
        "Python %d.%d est trop ancien : il faut Python 3.11 ou plus récent. S’il est installé à côté, donnez son nom, "
        "par exemple : PYTHON=python3.12 make demo" % sys.version_info[:2]
    )

sys.stdout.reconfigure(errors="replace")  # a terminal that is not in UTF-8 is no reason to fail
DEPOT = Path(__file__).resolve().parent.parent
VENV = DEPOT / ".venv"
PYTHON_VENV = VENV / "bin" / "python"
PLACE_NECESSAIRE = 1_000_000_000  # bytes: the packages of the tests take 400 MB, a database and its journal 300


class Empechement(Exception):
    """Something is missing; the message says what, and the remedy, in one French sentence."""


def installer(lot: str) -> None:
    """Make `.venv` hold exactly what the lock of `lot` says. Raise Empechement when it cannot."""
    verrou = DEPOT / "requirements" / f"{lot}.txt"
    if not verrou.exists():
        raise Empechement(f"Le lot « {lot} » n’existe pas dans requirements/.")
    with _un_seul():
        _creer_venv()
        _completer(verrou)


@contextlib.contextmanager
def _un_seul() -> Iterator[None]:
    """Let one process at a time change `.venv`: `make demo` and `make test` may start together."""
    dossier = os.open(DEPOT, os.O_RDONLY)
    try:
        fcntl.flock(dossier, fcntl.LOCK_EX)
        yield
    finally:
        os.close(dossier)


def _completer(verrou: Path) -> None:
    # Kept inside .venv, so that whoever deletes it deletes what we believe about it.
    marque = VENV / f"installe-{verrou.stem}"
    empreinte = hashlib.sha256(verrou.read_bytes()).hexdigest()
    if marque.exists() and marque.read_text() == empreinte:
        return
    verifier_place(DEPOT)
    _installer_paquets(verrou)
    marque.write_text(empreinte)


def _creer_venv() -> None:
    version = _version_du_venv()
    # Someone who names an interpreter gets that one; otherwise an environment that works is kept.
    if version >= (3, 11) and (version == sys.version_info[:2] or not os.environ.get("PYTHON")):
        return
    try:
        import ensurepip  # noqa: F401, PLC0415  # Debian splits it off, with venv, into a package of its own
        import venv  # noqa: PLC0415
    except ImportError:
        nom = "python%d.%d" % sys.version_info[:2]
        raise Empechement(
            f"Le module venv manque à {nom} : installez-le (sous Debian ou Ubuntu : sudo apt install {nom}-venv), "
            "puis recommencez."
        ) from None
    verifier_place(DEPOT)
    print(f"Environnement Python {sys.version.split()[0]} dans .venv…", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        venv.create(VENV, with_pip=True, symlinks=True)
    except (OSError, subprocess.CalledProcessError) as erreur:
        verifier_place(DEPOT)
        shutil.rmtree(VENV, ignore_errors=True)
        raise Empechement(f"L’environnement Python ne peut pas être créé dans {VENV} : {erreur}.") from erreur


def _version_du_venv() -> tuple:
    """Return the version of the interpreter in `.venv`, () if there is none that works."""
    programme = "import pip, sys; print(*sys.version_info[:2])"
    try:
        sortie = subprocess.run([PYTHON_VENV, "-I", "-c", programme], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ()
    return tuple(map(int, sortie.stdout.split()))


def _installer_paquets(verrou: Path) -> None:
    total = len(re.findall(r"^[\w.-]+(?:\[.*\])?==", verrou.read_text(), re.MULTILINE))
    print(f"Installation de {total} paquets (requirements/{verrou.name})…", flush=True)
    commande = [PYTHON_VENV, "-I", "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--retries=2"]
    commande += ["--progress-bar=off", "--require-hashes", "--only-binary=:all:", "-r", verrou]
    # Settings of the user's own pip that would send the packages elsewhere than into .venv.
    ailleurs = {"PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV"}
    environnement = {nom: valeur for nom, valeur in os.environ.items() if nom not in ailleurs}
    pip = subprocess.Popen(
        commande, env=environnement, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace"
    )
    sortie, faits = [], 0
    try:
        for ligne in pip.stdout:
            sortie.append(ligne)
            if ligne.startswith(("Collecting ", "Requirement already satisfied: ")):
                faits += 1
                nom = re.split(r"[=<>~; ]", ligne.split(": ")[-1].removeprefix("Collecting "))[0]
                progresser(f"  {faits}/{total} {nom}", fini=False)
            elif ligne.startswith("Installing collected"):
                progresser("  mise en place…", fini=False)
        pip.wait()
    finally:
        pip.kill()
    if pip.returncode:
        progresser("")
        raise Empechement(_expliquer("".join(sortie)))
    progresser("  paquets installés")


def _expliquer(sortie: str) -> str:
    """Return why pip failed, in one sentence with the remedy."""
    if "No space left" in sortie:
        return "Le disque est plein : libérez de la place, puis recommencez."
    if re.search(r"Retrying|ConnectionError|NewConnection|Timeout|ProxyError|SSLError|resolution", sortie):
        return "Les paquets n’ont pas pu être téléchargés : vérifiez le réseau (ou le miroir de pip), puis recommencez."
    detail = next((ligne for ligne in reversed(sortie.splitlines()) if ligne.startswith("ERROR")), sortie[-300:])
    if "No matching distribution" in detail:
        detail += " (ni paquet prêt à l’emploi pour ce système, ni compilation prévue)"
    return f"L’installation des paquets a échoué : {detail.strip()}"


def verifier_place(dossier: Path) -> None:
    libre = shutil.disk_usage(dossier).free
    if libre < PLACE_NECESSAIRE:
        raise Empechement(f"Le disque est presque plein ({libre // 10**6} Mo libres) : libérez 1 Go, puis recommencez.")


def progresser(texte: str, fini: bool = True) -> None:
    """Show where a long task stands: on one line of a terminal, or only its end in a file."""
    if sys.stdout.isatty():
        print(f"\r\033[K{texte}", end="\n" if fini and texte else "", flush=True)
    elif fini and texte:
        print(texte, flush=True)


def main(lot: str, *commande: str) -> None:
    try:
        installer(lot)
    except (Empechement, OSError) as erreur:
        sys.exit(str(erreur))
    except KeyboardInterrupt:
        sys.exit(130)
    if commande:
        os.chdir(DEPOT)
        os.execv(PYTHON_VENV, [str(PYTHON_VENV), "-m", *commande])  # noqa: S606


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
