"""Until reports open, the red buttons lead to an honest page: what it will do, and when not."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from fiches.gabarits import GABARITS, Nature
from fiches.models import Fiche

GESTES = {"signaler": "Signaler un problème"}


def geste(request: HttpRequest, chemin: str, slug: str, geste: str) -> HttpResponse:
    """The page behind « Signaler », for a whole fiche or the section that `?section=` names."""
    nature = next((nature for nature in Nature if nature.chemin == chemin), None)
    if nature is None:
        raise Http404
    fiche = get_object_or_404(Fiche.objects.visibles_pour(), nature=nature, slug=slug)
    cle = request.GET.get("section")
    section = next((section for section in fiche.gabarit if section.cle == cle), None)
    contexte = {
        "fiche": fiche,
        "section": section,
        "geste": geste,
        "titre": GESTES[geste],
        "etapes": [("Fiches", reverse("catalogue")), (fiche.titre, fiche.get_absolute_url())],
    }
    return render(request, "contributions/bientot.html", contexte)


def contribuer(request: HttpRequest) -> HttpResponse:
    """How it goes; a territory that the address names is carried over to what one begins."""
    territoire = request.GET.get("territoire", "")
    parametres = urlencode({"territoire": territoire}) if territoire else ""
    return render(request, "contributions/contribuer.html", {"parametres": parametres})


def gabarits(request: HttpRequest) -> HttpResponse:
    """The templates of the three natures, as the forms and the pages use them."""
    contexte = {"gabarits": GABARITS.values(), "etapes": [("Contribuer", reverse("contribuer"))]}
    return render(request, "contributions/gabarits.html", contexte)
