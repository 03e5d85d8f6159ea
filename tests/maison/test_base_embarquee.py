"""The launcher of the embedded server, run as a command on a checkout of its own, in an awkward folder."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

Lanceur = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def lanceur(tmp_path_factory) -> Iterator[Lanceur]:
    """Return the launcher of an otherwise empty checkout, whose server is stopped and deleted afterwards."""
    depot = tmp_path_factory.mktemp("dépôt à part")
    (depot / "config").mkdir()
    shutil.copy(settings.BASE_DIR / "config" / "base_embarquee.py", depot / "config")

    def lancer(verbe: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environnement = {nom: valeur for nom, valeur in os.environ.items() if nom != "DATABASE_URL"}
        commande = [sys.executable, "-m", "config.base_embarquee", verbe]
        return subprocess.run(
            commande, cwd=depot, env=environnement | variables, capture_output=True, text=True, check=False, timeout=90
        )

    yield lancer
    assert lancer("detruire").returncode == 0


@pytest.fixture
def adresse(lanceur) -> str:
    """Return the address of the server, which runs."""
    assert lanceur("start").returncode == 0
    return lanceur("url").stdout.strip()


def dossier_de_donnees(adresse: str) -> Path:
    with psycopg.connect(adresse) as connexion:
        return Path(connexion.execute("SHOW data_directory").fetchone()[0])


def tuer(adresse: str) -> None:
    """Kill the server with no chance to clean up."""
    processus = int((dossier_de_donnees(adresse) / "postmaster.pid").read_text().split()[0])
    os.kill(processus, signal.SIGKILL)


def test_des_demarrages_simultanes_n_en_font_qu_un(lanceur):
    with ThreadPoolExecutor(4) as ensemble:
        resultats = list(ensemble.map(lanceur, ["start"] * 4))
    assert [resultat.stderr for resultat in resultats] == [""] * 4
    assert sorted(resultat.stdout for resultat in resultats) == ["", "", "", "démarré\n"]


def test_redemarrer_un_serveur_qui_tourne_est_immediat(lanceur, adresse):
    debut = time.monotonic()
    assert lanceur("start").stdout == ""
    assert time.monotonic() - debut < 2  # 0.05 s on an idle machine


def test_les_donnees_survivent_a_un_arret_brutal(lanceur, adresse):
    with psycopg.connect(adresse) as connexion:
        connexion.execute("CREATE TABLE temoin AS SELECT 1 AS un")
    tuer(adresse)
    assert lanceur("start").stdout == "démarré\n"
    with psycopg.connect(adresse) as connexion:
        assert connexion.execute("SELECT un FROM temoin").fetchone() == (1,)


def test_le_numero_d_un_serveur_mort_ne_trompe_pas(lanceur, adresse):
    """After a crash, the recorded process number may be that of anything: here, of these tests."""
    pid = dossier_de_donnees(adresse) / "postmaster.pid"
    contenu = pid.read_text().split("\n")
    tuer(adresse)
    pid.write_text("\n".join([str(os.getpid()), *contenu[1:]]))
    assert lanceur("stop").returncode == 0
    assert lanceur("start").stdout == "démarré\n"


def test_les_reglages_de_l_appelant_n_y_changent_rien(lanceur, adresse):
    lanceur("stop")
    resultat = lanceur(
        "start", LANG="fr_FR.absente", LC_ALL="xx_XX", PGPORT="9999", PGHOST="ailleurs", TMPDIR="/absent"
    )
    assert (resultat.stdout, resultat.stderr) == ("démarré\n", "")
    assert lanceur("url", TMPDIR="/absent").stdout.strip() == adresse


def test_arreter_deux_fois(lanceur, adresse):
    for _ in range(2):
        assert lanceur("stop").returncode == 0
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(adresse)


def test_une_autre_base_est_demandee(lanceur):
    lanceur("stop")
    resultat = lanceur("start", DATABASE_URL="postgresql://ailleurs/base")
    assert (resultat.returncode, resultat.stdout) == (0, "")


def test_un_dossier_qui_n_est_pas_a_nous_est_refuse(lanceur, adresse, tmp_path):
    lanceur("stop")
    socket = Path(adresse.partition("host=")[2].partition("&")[0])
    socket.rmdir()
    socket.symlink_to(tmp_path)
    try:
        resultat = lanceur("start")
        assert resultat.returncode == 1
        assert resultat.stderr == f"Le dossier {socket} n’est pas à vous : faites-le supprimer, puis recommencez.\n"
    finally:
        socket.unlink()
