from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fiches.models import Organisme, Repere, Sigle


@require_safe
def sigles(request: HttpRequest) -> HttpResponse:
    """The glossary, and the points of knowledge worth having in mind."""
    contexte = {
        "sigles": Sigle.objects.select_related("fiche"),
        "reperes": Repere.objects.select_related("theme").order_by("theme__ordre", "sujet"),
    }
    return render(request, "fiches/sigles.html", contexte)


@require_safe
def organismes(request: HttpRequest) -> HttpResponse:
    return render(request, "fiches/organismes.html", {"organismes": Organisme.objects.prefetch_related("territoires")})
