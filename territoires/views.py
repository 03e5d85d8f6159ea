"""Pages that lead to a territory: the entry, and the search, as a page or as data."""

from time import perf_counter

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from territoires import recherche
from territoires.models import Inclusion, Territoire

TYPES = ["text/html", "application/json"]


@require_safe
def accueil(request: HttpRequest) -> HttpResponse:
    """The entry page of territories: search, then régions and their départements."""
    inclusions = (
        Inclusion.objects.filter(directe=True, contenant__nature=Territoire.Nature.REGION)
        .select_related("contenant", "contenu")
        .order_by("contenu__code")
    )
    regions: dict[Territoire, list[Territoire]] = {}
    for inclusion in inclusions:
        regions.setdefault(inclusion.contenant, []).append(inclusion.contenu)
    collectivites = Territoire.objects.filter(sous_nature="COM").order_by("code")
    rangees = sorted(regions.items(), key=lambda region: region[0].rang_alphabetique)
    contexte = {"regions": rangees, "collectivites": collectivites}
    return render(request, "territoires/accueil.html", contexte)


@require_safe
def chercher(request: HttpRequest) -> HttpResponse:
    """Suggest territories: a fragment for the search field, data for machines, a page for everybody else."""
    q = request.GET.get("q", "")
    debut = perf_counter()
    resultats = recherche.chercher(q)
    duree = (perf_counter() - debut) * 1000
    if request.GET.get("format") == "json" or request.get_preferred_type(TYPES) == "application/json":
        reponse: HttpResponse = JsonResponse(
            {"q": q, "resultats": [_en_donnees(territoire) for territoire in resultats]}
        )
    else:
        fragment = "fragment" in request.GET or "HX-Request" in request.headers
        gabarit = "territoires/_options.html" if fragment else "territoires/chercher.html"
        reponse = render(request, gabarit, {"q": q, "resultats": resultats})
    patch_vary_headers(reponse, ["Accept", "HX-Request"])
    reponse["Server-Timing"] = f"recherche;dur={duree:.1f}"
    return reponse


def _en_donnees(territoire: Territoire) -> dict[str, str]:
    return {
        "nature": territoire.nature,
        "code": territoire.code,
        "nom": territoire.nom_complet,
        "precision": territoire.precision,
        "url": territoire.get_absolute_url(),
    }
