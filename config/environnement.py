"""Settings by environment: every variable is declared here, and read here only.

A missing or wrong one is not a bug: it stops the program with one French sentence, without a traceback.
docs/exploitation.md shows the same table; a test compares them.
"""

import contextlib
import os
import re
import secrets
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from email.utils import parseaddr
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qs, unquote, urlsplit

ATTENTE_DE_LA_BASE = 2  # seconds, the least libpq allows: while the database is away, threads must not pile up


def refuser(phrase: str) -> NoReturn:
    sys.stderr.write(f"Configuration : {phrase}\n")
    raise SystemExit(2)


def _texte(valeur: str) -> str:
    return valeur


def _secret(valeur: str) -> str:
    if len(valeur) < 50:
        raise ValueError("il faut au moins 50 caractères tirés au hasard")
    return valeur


def _secrets(valeur: str) -> list[str]:
    return [_secret(mot) for mot in _liste(valeur)]


def _liste(valeur: str) -> list[str]:
    mots = [mot for mot in (morceau.strip() for morceau in valeur.split(",")) if mot]
    if not mots:
        raise ValueError("il faut au moins un nom")
    return mots


def _oui_ou_non(valeur: str) -> bool:
    if valeur not in ("0", "1"):
        raise ValueError("il faut 0 ou 1")
    return valeur == "1"


def _entier(valeur: str) -> int:
    if not (valeur.isascii() and valeur.isdigit()):
        raise ValueError("il faut un nombre entier")
    return int(valeur)


def _niveau(valeur: str) -> str:
    niveaux = ("DEBUG", "INFO", "WARNING", "ERROR")
    if valeur.upper() not in niveaux:
        raise ValueError(f"il faut {', '.join(niveaux[:-1])} ou {niveaux[-1]}")
    return valeur.upper()


def _adresse(valeur: str) -> str:
    parties = urlsplit(valeur)
    if parties.scheme not in ("http", "https") or not parties.hostname or parties.path.strip("/"):
        raise ValueError("il faut une adresse sans chemin, comme https://sante.exemple.fr")
    return valeur.rstrip("/")


def _fournisseur(valeur: str) -> str:
    """Return the address of an OpenID Connect provider, as its discovery page signs it."""
    parties = urlsplit(valeur)
    if parties.scheme != "https" or not parties.hostname or parties.query or parties.fragment:
        raise ValueError("il faut une adresse en https, comme https://proconnect.exemple.fr/api/v2")
    return valeur.rstrip("/")


def _base(valeur: str) -> dict[str, Any]:
    """Return Django's database settings for this address; the host may be a socket folder (`?host=/run/postgresql`)."""
    forme = "il faut une adresse comme postgresql://utilisateur:secret@hote:5432/base"
    try:
        parties = urlsplit(valeur)
        port = parties.port
    except ValueError:
        raise ValueError(forme) from None
    options = {nom: valeurs[-1] for nom, valeurs in parse_qs(parties.query).items()}
    base = unquote(parties.path.lstrip("/"))
    if parties.scheme not in ("postgres", "postgresql") or not base:
        raise ValueError(forme)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": base,
        "USER": unquote(parties.username or ""),
        "PASSWORD": unquote(parties.password or ""),
        "HOST": options.pop("host", "") or parties.hostname or "",
        "PORT": options.pop("port", "") or str(port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _courrier(valeur: str) -> dict[str, Any]:
    """Return Django's mail settings: `smtp://…?tls=1` upgrades to TLS, `smtps://…` starts with it."""
    forme = "il faut une adresse comme smtp://utilisateur:secret@hote:587?tls=1"
    try:
        parties = urlsplit(valeur)
        port = parties.port
    except ValueError:
        raise ValueError(forme) from None
    if parties.scheme not in ("smtp", "smtps") or not parties.hostname:
        raise ValueError(forme)
    immediat = parties.scheme == "smtps"
    return {
        "hote": parties.hostname,
        "port": port or (465 if immediat else 587),
        "utilisateur": unquote(parties.username or ""),
        "secret": unquote(parties.password or ""),
        "tls": not immediat and parse_qs(parties.query).get("tls") == ["1"],
        "tls_immediat": immediat,
    }


def _expediteur(valeur: str) -> str:
    if "@" not in parseaddr(valeur)[1] or len(valeur.splitlines()) > 1:
        raise ValueError("il faut une adresse, comme Santé en territoires <ne-pas-repondre@sante.exemple.fr>")
    return valeur


def _courriel(valeur: str) -> str:
    if not re.fullmatch(r"[^\s@:]+@[^\s@]+\.[^\s@]+", valeur):
        raise ValueError("il faut une adresse électronique, comme garde@sante.exemple.fr")
    return valeur


def _contact(valeur: str) -> str:
    """Return a contact as security.txt writes it: the address of a page, or mailto:."""
    if re.fullmatch(r"https://[^\s/]+\S*", valeur):
        return valeur
    if re.fullmatch(r"[^\s@:]+@[^\s@]+\.[^\s@]+", valeur):
        return f"mailto:{valeur}"
    raise ValueError("il faut une adresse électronique ou celle d’une page en https")


def _page(valeur: str) -> str:
    if not re.fullmatch(r"https://[^\s/]+\S*", valeur):
        raise ValueError("il faut l’adresse d’une page en https")
    return valeur


def _jour(valeur: str) -> date:
    try:
        return date.fromisoformat(valeur)
    except ValueError:
        raise ValueError("il faut un jour, comme 2026-11-27") from None


@dataclass(frozen=True)
class Variable:
    nom: str
    sens: str  # in English, for docs/exploitation.md
    convertir: Callable[[str], Any]
    defaut: str = ""
    requise: bool = False  # in production; the demo and the tests need none


VARIABLES = {
    variable.nom: variable
    for variable in (
        Variable("DATABASE_URL", "PostgreSQL 15 or later, `postgresql://user:secret@host/name`", _base, requise=True),
        Variable("SECRET_KEY", "signs sessions and links: 50 random characters at least", _secret, requise=True),
        Variable("SECRET_KEY_FALLBACKS", "former keys, still read after a change, separated by commas", _secrets),
        Variable("ALLOWED_HOSTS", "host names the site answers to, separated by commas", _liste, requise=True),
        Variable("SITE_URL", "public address of the site, for the links in e-mails and feeds", _adresse, requise=True),
        Variable("EMAIL_URL", "mail server: `smtp://user:secret@host:587?tls=1`, `smtps://`", _courrier, requise=True),
        Variable("EMAIL_FROM", "sender of the e-mails, `Name <address>` or an address", _expediteur, requise=True),
        Variable("PLAFOND_COURRIELS", "e-mails a day to addresses nobody proved, all together", _entier, "500"),
        Variable("HTTPS", "`1`: HTTPS only (redirection, HSTS, cookies); `0`: plain HTTP", _oui_ou_non, "1"),
        Variable("PROXIES", "number of trusted proxies in front; `0`: clients connect directly", _entier, "1"),
        Variable("CONTACT_SECURITE", "who is told of flaws (security.txt): an e-mail address or a page", _contact),
        Variable("ORGANISME", "who runs the site, as the declaration of accessibility names it", _texte),
        Variable("CONTACT_ACCESSIBILITE", "who answers about accessibility: an e-mail address or a page", _contact),
        Variable("SCHEMA_ACCESSIBILITE", "the page of the multi-year plan of accessibility, in https", _page),
        Variable("DECLARATION_ACCESSIBILITE", "the day the declaration was established, `2026-11-27`", _jour),
        Variable("PROCONNECT_URL", "ProConnect's address, up to `/.well-known/`; none: no such sign-in", _fournisseur),
        Variable("PROCONNECT_CLIENT_ID", "the name ProConnect gave to the site", _texte),
        Variable("PROCONNECT_CLIENT_SECRET", "the secret that goes with it", _texte),
        Variable("PORT", "port of the demo, on 127.0.0.1", _entier, "8000"),
        Variable("VERIFIER_SOURCES", "`1`: ask regularly whether the addresses of sources answer", _oui_ou_non, "0"),
        Variable("MEMOIRE_PAGES", "MB of public pages that each web worker keeps in memory", _entier, "64"),
        Variable("AGE_DES_CONSTATS", "months after which what a source said is « à vérifier »", _entier, "24"),
        Variable("DELAI_DECISION", "days within which a proposition or a report is decided: a promise", _entier, "10"),
        Variable("DELAI_URGENT", "hours within which illicit content or personal data is: a promise", _entier, "24"),
        Variable("DELAI_ANNULATION", "minutes in which who decided may take it back; e-mails wait", _entier, "10"),
        Variable("DELAI_REPONSE", "days within which a message to moderators is answered: a promise", _entier, "7"),
        Variable("ADRESSE_DE_SECOURS", "who is written to when no moderator takes what is urgent", _courriel),
        Variable("JOURNAUX", "level of the logs: `DEBUG`, `INFO`, `WARNING` or `ERROR`", _niveau, "INFO"),
    )
}  # fmt: skip


SECRETES = {"DATABASE_URL", "EMAIL_URL", "PROCONNECT_CLIENT_SECRET", "SECRET_KEY", "SECRET_KEY_FALLBACKS"}


def lire(nom: str, *, defaut: str | None = None) -> Any:
    """Return the converted value of a variable; without one, `defaut` replaces the declared default.

    None when there is neither, for a variable that is not required.
    """
    variable = VARIABLES[nom]
    valeur = os.environ.get(nom, "").strip() or (variable.defaut if defaut is None else defaut)
    if not valeur and not variable.requise:
        return None
    if not valeur:
        refuser(f"la variable {nom} manque (voir docs/exploitation.md).")
    try:
        return variable.convertir(valeur)
    except ValueError as erreur:
        montree = "" if nom in SECRETES else f" « {valeur} »"  # secrets stay out of the logs
        refuser(f"la valeur{montree} de {nom} ne convient pas : {erreur}.")


def base_de_donnees(*, defaut: str | None = None) -> dict[str, Any]:
    """Return Django's settings of the database, which are given up on quickly when nobody answers."""
    base = lire("DATABASE_URL", defaut=defaut)
    return base | {"OPTIONS": {"connect_timeout": ATTENTE_DE_LA_BASE, **base["OPTIONS"]}}


def proconnect() -> dict[str, str] | None:
    """Return how to reach ProConnect: its three variables, or nothing."""
    champs = {champ: lire(f"PROCONNECT_{champ.upper()}") for champ in ("url", "client_id", "client_secret")}
    manquants = [f"PROCONNECT_{champ.upper()}" for champ, valeur in champs.items() if not valeur]
    if len(manquants) == len(champs):
        return None
    if manquants:
        refuser(f"ProConnect demande ses trois variables ; il manque {', '.join(manquants)}.")
    return champs


def cle_locale(dossier: Path) -> str:
    """Return the secret key of this checkout, drawn once and kept in a file git does not track."""
    fichier = dossier / ".cle-secrete"
    if not fichier.exists():
        provisoire = dossier / f".cle-secrete~{os.getpid()}"
        provisoire.touch(mode=0o600)
        provisoire.write_text(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):  # of two processes that draw it at once, the first one wins
            os.link(provisoire, fichier)
        provisoire.unlink()
    return fichier.read_text().strip()
