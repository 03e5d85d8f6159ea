from time import perf_counter

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from territoires import recherche
from territoires.models import Territoire

TYPES = ["text/html", "application/json"]


def accueil(request): ...
def chercher(request: HttpRequest) -> HttpResponse:
    """Suggest territories: a fragment for the search field, data for machines, a page for everybody else."""
    q = request.GET.get("q", "")
    debut = perf_counter()
    territoires = recherche.chercher(q)
    duree = (perf_counter() - debut) * 1000
    if request.GET.get("format") == "json" or request.get_preferred_type(TYPES) == "application/json":
        reponse: HttpResponse = JsonResponse({"q": q, "resultats": [_en_donnees(t) for t in territoires]})
    else:
        fragment = "HX-Request" in request.headers
        gabarit = "territoires/_suggestions.html" if fragment else "territoires/chercher.html"
        reponse = render(request, gabarit, {"q": q, "territoires": territoires})
    patch_vary_headers(reponse, ["Accept", "HX-Request"])
    reponse["Server-Timing"] = f"recherche;dur={duree:.1f}"
    return reponse


def _en_donnees(territoire: Territoire) -> dict[str, str]:
    return {
        "nature": territoire.nature,
        "code": territoire.code,
        "nom": territoire.nom_complet,
        "type": territoire.type_en_mots,
        "precision": territoire.precision,
        "url": territoire.get_absolute_url(),
    }


def page(request, nature, code): ...
