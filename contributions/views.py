"""Pages for whoever is about to contribute: how it goes, and the templates of fiches."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from contributions.redaction.propos import en_mots, lieu_et_dispositif
from fiches.gabarits import GABARITS


def contribuer(request: HttpRequest) -> HttpResponse:
    """How it goes; a territory that the address names is carried over to what one begins."""
    territoire = request.GET.get("territoire", "")
    parametres = urlencode({"territoire": territoire}) if territoire else ""
    contexte = {"parametres": parametres, "propos": en_mots(*lieu_et_dispositif(request.GET))}
    return render(request, "contributions/contribuer.html", contexte)


def gabarits(request: HttpRequest) -> HttpResponse:
    """The templates of the three natures, as the forms and the pages use them."""
    contexte = {"gabarits": GABARITS.values(), "etapes": [("Contribuer", reverse("contribuer"))]}
    return render(request, "contributions/gabarits.html", contexte)
