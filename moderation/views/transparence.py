"""« Transparence »: moderation in the open, for everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from contributions import delais
from francais.tableur import reponse_csv
from moderation.transparence import OBJECTIF, Tableau, lignes_mensuelles


@require_safe
def publier(request: HttpRequest) -> HttpResponse:
    """The figures as they are now; month by month with `?format=csv`."""
    if request.GET.get("format") == "csv":
        return reponse_csv("moderation-par-mois", lignes_mensuelles())
    contexte = {
        "tableau": Tableau(),
        "cible": delais.promis(),
        "cible_urgente": delais.promis_urgent(),
        "objectif": OBJECTIF,
    }
    return render(request, "moderation/transparence.html", contexte)
