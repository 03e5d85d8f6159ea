"""The follow-up page of a contribution: its secret address is the only key it needs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache

from contributions.models import Proposition


@never_cache
def suivi(request: HttpRequest, jeton: str) -> HttpResponse:
    proposition = get_object_or_404(Proposition.objects.select_related("fiche", "version"), jeton=jeton)
    if proposition.statut == Proposition.Statut.BROUILLON:
        return render(request, "contributions/brouillon.html", {"proposition": proposition})
    return render(request, "contributions/suivi_proposition.html", {"proposition": proposition})
