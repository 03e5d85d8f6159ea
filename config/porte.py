"""The WSGI door: what stops Django before its first middleware, or after its last, is answered as anything else."""

import logging
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from config.erreurs import panne
from config.limites import type_lisible

logger = logging.getLogger(__name__)
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
# The log, then the headers: the layers that a failure passes through too.
COUCHES = settings.MIDDLEWARE[: settings.MIDDLEWARE.index("django.middleware.security.SecurityMiddleware") + 1]


class Porte:
    def __init__(self, django: Application):
        self.django = django
        self.secours: Callable[[HttpRequest], HttpResponse] = _dire_la_panne
        for couche in reversed(COUCHES):
            self.secours = import_string(couche)(self.secours)

    def __call__(self, environ: dict[str, Any], repondre: Callable[..., Any]) -> Iterable[bytes]:
        try:
            return self.django(environ | {"CONTENT_TYPE": type_lisible(environ.get("CONTENT_TYPE", ""))}, repondre)
        except Exception:  # noqa: BLE001  # told by `_dire_la_panne`
            reponse = self.secours(_requete_sure(environ))
            repondre(f"{reponse.status_code} {reponse.reason_phrase}", list(reponse.items()))
            return reponse


def _requete_sure(environ: dict[str, Any]) -> WSGIRequest:
    """Return the request with nothing left of what may have stopped Django, for the log and the headers."""
    return WSGIRequest(
        {
            "REQUEST_METHOD": environ.get("REQUEST_METHOD", "GET"),
            "PATH_INFO": environ.get("PATH_INFO", "/").encode("latin-1", "replace").decode("latin-1"),
            "HTTP_X_REQUEST_ID": environ.get("HTTP_X_REQUEST_ID", ""),
            "wsgi.url_scheme": "https",  # never sent elsewhere: it is answered here
            "wsgi.input": BytesIO(),
        }
    )


def _dire_la_panne(request: HttpRequest) -> HttpResponse:
    logger.exception("Panne hors des couches de Django")  # the one that led here
    try:
        return panne(request)
    except Exception:  # even the page of failures, then
        logger.exception("La page de panne n’a pas pu être préparée")
        return HttpResponse("Une panne, de notre côté.\n", status=500, content_type="text/plain; charset=utf-8")
