"""Settings by environment: one declaration of every variable, read here and nowhere else.

docs/exploitation.md has the same table; a test compares them.
"""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True)
class Variable:
    nom: str
    role: str
    defaut: str = ""
    requise_en_production: bool = False


VARIABLES = {
    v.nom: v
    for v in (
        Variable("DATABASE_URL", "PostgreSQL 15 or later: `postgresql://user:password@host:port/name`",
                 "the embedded server", requise_en_production=True),
        Variable("SECRET_KEY", "signs links and forms; 50 random characters or more", "", requise_en_production=True),
        Variable("ALLOWED_HOSTS", "host names of the site, separated by commas", "", requise_en_production=True),
        Variable("HTTPS", "`1`: the site is reached over HTTPS only (redirects, HSTS, secure cookies)", "1"),
        Variable("PROXIES", "number of trusted proxies in front of the site", "1"),
        Variable("JOURNAUX", "level of the logs: DEBUG, INFO, WARNING or ERROR", "INFO"),
    )
}  # fmt: skip


def refuser(message: str) -> NoReturn:
    """Stop with one clear sentence: a wrong setting is not a bug, it deserves no traceback."""
    sys.stderr.write(f"Configuration : {message}\n")
    raise SystemExit(2)


def lire(nom: str, *, requise: bool = False, defaut: str = "") -> str:
    valeur = os.environ.get(VARIABLES[nom].nom, "").strip() or defaut
    if requise and not valeur:
        refuser(f"la variable {nom} manque ({VARIABLES[nom].role}).")
    return valeur


def lire_choix(nom: str, choix: tuple[str, ...], *, defaut: str) -> str:
    valeur = lire(nom, defaut=defaut)
    if valeur not in choix:
        refuser(f"{nom} vaut « {valeur} », il faut : {', '.join(choix)}.")
    return valeur


def lire_entier(nom: str, *, defaut: int) -> int:
    valeur = lire(nom, defaut=str(defaut))
    if not valeur.isdigit():
        refuser(f"{nom} vaut « {valeur} », il faut un nombre entier.")
    return int(valeur)


def lire_liste(nom: str, *, requise: bool = False) -> list[str]:
    return [mot.strip() for mot in lire(nom, requise=requise).split(",") if mot.strip()]


def base_de_donnees(adresse: str) -> dict[str, Any]:
    """Return Django's database settings for this address; the host may be a socket folder (`?host=/run/postgresql`)."""
    try:
        parties = urlsplit(adresse)
        port = parties.port
    except ValueError:
        refuser("DATABASE_URL est illisible ; forme attendue : postgresql://utilisateur:secret@hote:5432/base.")
    nom = unquote(parties.path.lstrip("/"))
    if parties.scheme not in ("postgres", "postgresql") or not nom:
        refuser("DATABASE_URL doit désigner une base PostgreSQL : postgresql://utilisateur:secret@hote:5432/base.")
    options = {cle: valeurs[-1] for cle, valeurs in parse_qs(parties.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": nom,
        "USER": unquote(parties.username or ""),
        "PASSWORD": unquote(parties.password or ""),
        "HOST": options.pop("host", "") or parties.hostname or "",
        "PORT": str(port or options.pop("port", "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def cle_locale(dossier: Path) -> str:
    """Return the secret key of this checkout, drawn once and kept in a file git does not track."""
    import secrets

    fichier = dossier / ".cle-secrete"
    if not fichier.exists():
        fichier.touch(mode=0o600)
        fichier.write_text(secrets.token_urlsafe(50))
    return fichier.read_text().strip()
