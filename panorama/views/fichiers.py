"""A printed document as the answer to a request."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from comptes.limites import consommer
from panorama.impression import FORMATS, TYPES, Imprime

QUOTA = {"fichier": "60/h/ip"}  # files made in the request: each one is compiled anew


def fichier(contenu: bytes, nom: str, forme: str) -> HttpResponse:
    """Return an answer that is kept as a file of this name, in one of the `FORMATS`."""
    return HttpResponse(contenu, TYPES[forme], headers={"Content-Disposition": f'attachment; filename="{nom}.{forme}"'})


def fichier_sur_le_champ(request: HttpRequest, imprime: Imprime, nom: str, forme: str) -> HttpResponse:
    """Return this document made now, as `fichier` does; 429 to a network that asked for too many."""
    if not consommer(request, app="panorama", action="fichier", config=QUOTA, limit_get=True):
        refus = render(request, "429.html", {"attente": "une heure"}, status=429)
        refus["Retry-After"] = "3600"
        return refus
    return fichier(FORMATS[forme](imprime), nom, forme)
