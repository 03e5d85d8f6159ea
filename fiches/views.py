from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fiches.models import Organisme, Repere, Sigle


def sigles(request: HttpRequest) -> HttpResponse:
    """The glossary, and the points of knowledge worth having in mind."""
    contexte = {
        "sigles": Sigle.objects.select_related("fiche"),
        "reperes": Repere.objects.select_related("theme").order_by("theme__ordre", "sujet"),
    }
    return render(request, "fiches/sigles.html", contexte)


def organismes(request: HttpRequest) -> HttpResponse:
    return render(request, "fiches/organismes.html", {"organismes": Organisme.objects.prefetch_related("territoires")})
