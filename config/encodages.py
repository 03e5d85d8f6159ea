"""Encodings of answers: what the browser refuses (`gzip;q=0`) is not sent to it.

Our memory of pages, Django's GZipMiddleware and WhiteNoise look for a name in Accept-Encoding, without its weight: they
are given the names that may be used, and only them.
"""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

CONNUS = ("br", "gzip")


class EncodagesMiddleware:
    def __init__(self, suite: Callable[[HttpRequest], HttpResponseBase]):
        self.suite = suite

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.META["HTTP_ACCEPT_ENCODING"] = ", ".join(acceptes(request.META.get("HTTP_ACCEPT_ENCODING", "")))
        return self.suite(request)


def acceptes(entete: str) -> list[str]:
    """Return those of CONNUS that this Accept-Encoding allows (RFC 9110, 12.5.3); an odd weight says no."""
    poids: dict[str, bool] = {}
    for element in entete.lower().split(","):
        nom, *parametres = (morceau.strip() for morceau in element.split(";"))
        poids[nom.removeprefix("x-")] = all(_positif(parametre) for parametre in parametres)
    return [nom for nom in CONNUS if poids.get(nom, poids.get("*", False))]


def _positif(parametre: str) -> bool:
    nom, _, valeur = parametre.partition("=")
    try:
        return nom.strip() != "q" or 0 < float(valeur) <= 1
    except ValueError:
        return False
