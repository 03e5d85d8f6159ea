"""How to contribute, what is left to do, and the templates of fiches."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from contributions import a_faire as taches
from contributions.forms.a_faire import FiltreTerritoire
from fiches.gabarits import GABARITS


def contribuer(request: HttpRequest) -> HttpResponse:
    """How it goes; a territory that the address names is carried over to what one begins."""
    territoire = request.GET.get("territoire", "")
    parametres = urlencode({"territoire": territoire}) if territoire else ""
    return render(request, "contributions/contribuer.html", {"parametres": parametres})


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
    return render(request, "contributions/a_faire.html", contexte, status=200 if valide else 400)


def gabarits(request: HttpRequest) -> HttpResponse:
    """The templates of the three natures, as the forms and the pages use them."""
    contexte = {"gabarits": GABARITS.values(), "etapes": [("Contribuer", reverse("contribuer"))]}
    return render(request, "contributions/gabarits.html", contexte)
