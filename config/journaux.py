"""The logs: one line an event on stderr (JSON in production), one event a request, and nobody in them.

A request is told by its method, its path without secrets nor query (people search for what ails them), what was
answered and how fast, and what kind of person asked. Neither who nor from where. Its number ties together all the lines
written on its behalf, here and in the logs of the proxy.
"""

import json
import logging
import re
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from time import perf_counter
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

acces = logging.getLogger("acces")
numero_de_requete: ContextVar[str] = ContextVar("numero_de_requete", default="")
NUMERO_DE_PROXY = re.compile(r"[A-Za-z0-9-]{16,64}")
CHAMPS = ("methode", "chemin", "code", "duree_ms", "personne")
# Whoever holds the address of a follow-up page may act there; whoever reads an e-mail address knows a person.
JETON = re.compile(
    r"(/suivi/(?:lot/)?|/confirmer/|/comptes/(?:courriels|adresse/annuler|garder)/"
    r"|[?&](?:reprise|confirmer|code|state|id_token_hint)=)"
    r"[^/\s\"'&]+"
)
# Begins where a word does, or a long word without « @ » would be read again from each of its letters.
COURRIEL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def masquer(texte: str) -> str:
    """Return the text without the secrets of addresses nor the e-mail addresses (an error may quote a row)."""
    return COURRIEL.sub("•@•", JETON.sub(r"\1•", texte))


class Ligne(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return masquer(super().format(record))


class LigneJson(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        ligne = {
            "date": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "niveau": record.levelname,
            "source": record.name,
            "message": record.getMessage(),
        }
        if numero := numero_de_requete.get():
            ligne["requete"] = numero
        if code := getattr(record, "status_code", None):
            ligne["code"] = code
        ligne |= {champ: getattr(record, champ) for champ in CHAMPS if hasattr(record, champ)}
        if record.exc_info:
            ligne["trace"] = self.formatException(record.exc_info)
        sans_secret = {cle: masquer(valeur) if isinstance(valeur, str) else valeur for cle, valeur in ligne.items()}
        return json.dumps(sans_secret, ensure_ascii=False)


class JournalMiddleware:
    """Number each request, then tell how it ended. First of all: what others refuse is told too."""

    def __init__(self, suite: Callable[[HttpRequest], HttpResponseBase]):
        self.suite = suite

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        numero = _numero(request)
        marque = numero_de_requete.set(numero)
        debut = perf_counter()
        try:
            reponse = self.suite(request)
            reponse["X-Request-Id"] = numero
            champs = {
                "methode": request.method,
                "chemin": request.path,
                "code": reponse.status_code,
                "duree_ms": round((perf_counter() - debut) * 1000, 1),
                "personne": _genre(request),
            }
            niveau = logging.DEBUG if request.path.startswith("/sante") else logging.INFO
            message = f"{request.method} {request.path} {reponse.status_code}"
            acces.log(niveau, "%s", message, extra=champs)
        finally:
            numero_de_requete.reset(marque)
        return reponse


def _numero(request: HttpRequest) -> str:
    """Return the number our own proxy gave, or a new one: a client must not choose what our logs say."""
    recu = request.headers.get("X-Request-Id", "") if settings.ALLAUTH_TRUSTED_PROXY_COUNT else ""
    return recu if NUMERO_DE_PROXY.fullmatch(recu) else uuid4().hex


def _genre(request: HttpRequest) -> str:
    """Return the kind of person, from what the page itself looked up: the log asks nothing of session or database."""
    personne = vars(request).get("_cached_user")
    if personne is None or not personne.is_authenticated:
        return "visiteur"
    roles_connus = personne.is_superuser or "roles" in vars(personne)
    return "moderateur" if roles_connus and personne.est_moderateur else "contributeur"
