"""« Ce qui reste à faire »."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from panorama import a_faire as taches
from panorama.forms import FiltreTerritoire


@require_safe
def a_faire(request: HttpRequest) -> HttpResponse:
    """What anybody can do next, on the whole or on one territory; ten queries at most. 400 for an unknown territory."""
    formulaire = FiltreTerritoire(request.GET)
    valide = formulaire.is_valid()
    territoire = formulaire.cleaned_data.get("territoire")
    contexte = {
        "etapes": [("Contribuer", reverse("contribuer"))],
        "formulaire": formulaire,
        "territoire": territoire,
        "a_faire": taches.a_faire(territoire),
    }
    return render(request, "panorama/a_faire.html", contexte, status=200 if valide else 400)
