"""The environment variables: one declaration, one table of documentation, one sentence when something is wrong."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

from config import environnement
from config.environnement import VARIABLES, lire

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "DATABASE_URL": "postgresql://st@127.0.0.1:9/sante",
    "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ALLOWED_HOSTS": "sante.exemple.fr",
    "SITE_URL": "https://sante.exemple.fr",
    "EMAIL_URL": "smtp://moi:secret@127.0.0.1:25?tls=1",
    "EMAIL_FROM": "Santé en territoires <ne-pas-repondre@sante.exemple.fr>",
}
ENTREES = {
    "manage.py": ["manage.py", "check"],
    "wsgi": ["-c", "import config.wsgi"],
}


def lancer(arguments: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
    # What the browser tests ask of this process is not for that one.
    ignorees = {*VARIABLES, *PRODUCTION, "DJANGO_ALLOW_ASYNC_UNSAFE"}
    neutres = {nom: valeur for nom, valeur in os.environ.items() if nom not in ignorees}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env={**neutres, **variables, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_la_documentation_a_la_meme_table():
    page = (settings.BASE_DIR / "docs" / "exploitation.md").read_text(encoding="utf-8")
    lignes = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \| (.*?) \|$", page, re.MULTILINE)
    attendues = [
        (v.nom, v.sens, f"`{v.defaut}`" if v.defaut else "", "required" if v.requise else "")
        for v in VARIABLES.values()
    ]
    assert lignes == attendues


PROCONNECT = {
    "PROCONNECT_URL": "https://proconnect.exemple.fr/api/v2",
    "PROCONNECT_CLIENT_ID": "site",
    "PROCONNECT_CLIENT_SECRET": "un secret",
}


def test_proconnect_demande_ses_trois_variables_ou_aucune(monkeypatch, capsys):
    assert environnement.proconnect() is None
    for nom, valeur in PROCONNECT.items():
        monkeypatch.setenv(nom, valeur)
    assert environnement.proconnect() == {
        "url": "https://proconnect.exemple.fr/api/v2",
        "client_id": "site",
        "client_secret": "un secret",
    }
    monkeypatch.delenv("PROCONNECT_CLIENT_ID")
    with pytest.raises(SystemExit):
        environnement.proconnect()
    dit = capsys.readouterr().err
    assert "il manque PROCONNECT_CLIENT_ID" in dit and "un secret" not in dit


@pytest.mark.parametrize("adresse", ["http://proconnect.exemple.fr", "proconnect.exemple.fr", "https://a.fr/?x=1"])
def test_proconnect_ne_se_parle_qu_en_https(monkeypatch, adresse):
    monkeypatch.setenv("PROCONNECT_URL", adresse)
    with pytest.raises(SystemExit):
        environnement.proconnect()


def test_rien_ne_lit_l_environnement_ailleurs():
    """The settings know only what is declared (manage.py, wsgi.py and the launcher choose no setting)."""
    fichiers = [f for f in (settings.BASE_DIR / "config").rglob("*.py") if f.stem not in ("environnement", "wsgi")]
    fichiers = [f for f in fichiers if f.stem != "base_embarquee"]
    assert [f.name for f in fichiers if re.search(r"os\.(environ|getenv)", f.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("entree", ENTREES.values(), ids=ENTREES)
@pytest.mark.parametrize("absente", [nom for nom, variable in VARIABLES.items() if variable.requise])
def test_une_variable_absente_se_dit_en_une_phrase(entree, absente):
    resultat = lancer(entree, **{nom: valeur for nom, valeur in PRODUCTION.items() if nom != absente})
    assert resultat.returncode == 2
    assert resultat.stderr == f"Configuration : la variable {absente} manque (voir docs/exploitation.md).\n"


def test_une_base_qui_ne_repond_pas_se_dit_en_une_phrase():
    resultat = lancer(["manage.py", "migrate"], **PRODUCTION)
    assert resultat.returncode == 2
    assert resultat.stderr.startswith("Configuration : la base de données ne répond pas")
    assert resultat.stderr.count("\n") == 1


def test_les_reglages_de_production_sont_surs():
    resultat = lancer(["manage.py", "check", "--deploy", "--fail-level", "WARNING"], **PRODUCTION)
    assert resultat.returncode == 0, resultat.stderr


@pytest.mark.parametrize(
    "nom, valeur",
    [
        ("DATABASE_URL", "mysql://hote/base"),
        ("DATABASE_URL", "postgresql://hote:port/base"),
        ("DATABASE_URL", "postgresql://hote/"),
        ("SECRET_KEY", "trop courte"),
        ("ALLOWED_HOSTS", " , "),
        ("SITE_URL", "sante.exemple.fr"),
        ("SITE_URL", "https://exemple.fr/sante"),
        ("EMAIL_URL", "http://hote"),
        ("EMAIL_URL", "smtp://hote:port"),
        ("EMAIL_FROM", "Santé en territoires"),
        ("HTTPS", "oui"),
        ("PROXIES", "-1"),
        ("PORT", "http"),
        ("JOURNAUX", "bavard"),
    ],
)
def test_une_valeur_fausse_se_dit_en_une_phrase(nom, valeur, monkeypatch, capsys):
    monkeypatch.setenv(nom, valeur)
    with pytest.raises(SystemExit) as sortie:
        lire(nom)
    assert sortie.value.code == 2
    phrase = capsys.readouterr().err
    assert phrase.startswith("Configuration : la valeur") and nom in phrase and phrase.count("\n") == 1
    if nom in ("SECRET_KEY", "DATABASE_URL", "EMAIL_URL"):
        assert valeur not in phrase


def test_l_adresse_d_une_base(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://moi:%40secret@hote:5433/ma%20base?sslmode=require")
    base = lire("DATABASE_URL")
    lue = {nom: base[nom] for nom in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")}
    assert lue == {
        "NAME": "ma base",
        "USER": "moi",
        "PASSWORD": "@secret",
        "HOST": "hote",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


def test_l_adresse_d_une_base_par_son_dossier(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://st@/sante?host=/un/dossier à nous&port=5432")
    base = lire("DATABASE_URL")
    assert (base["HOST"], base["PORT"], base["OPTIONS"]) == ("/un/dossier à nous", "5432", {})


@pytest.mark.parametrize(
    "adresse, port, tls, immediat",
    [
        ("smtp://hote", 587, False, False),
        ("smtp://hote:25?tls=1", 25, True, False),
        ("smtps://hote", 465, False, True),
    ],
)
def test_l_adresse_du_serveur_de_courriels(adresse, port, tls, immediat, monkeypatch):
    monkeypatch.setenv("EMAIL_URL", adresse.replace("hote", "moi:%40secret@hote"))
    assert lire("EMAIL_URL") == {
        "hote": "hote",
        "port": port,
        "utilisateur": "moi",
        "secret": "@secret",
        "tls": tls,
        "tls_immediat": immediat,
    }


def test_la_cle_de_la_demonstration_est_tiree_une_fois(tmp_path):
    cle = environnement.cle_locale(tmp_path)
    assert len(cle) >= 50
    assert environnement.cle_locale(tmp_path) == cle
    (fichier,) = tmp_path.iterdir()
    assert fichier.stat().st_mode & 0o077 == 0
