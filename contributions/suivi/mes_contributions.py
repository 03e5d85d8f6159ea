"""« Mes contributions »: drafts, what waits, what was decided, and reports, for whoever has an account."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from contributions.models import Proposition, Signalement

S = Proposition.Statut


@login_required
@never_cache
def mes_contributions(request: HttpRequest) -> HttpResponse:
    siennes = Proposition.objects.filter(auteur=request.user.pk).select_related("fiche").defer("saisie")
    propositions = list(siennes.order_by("-modifiee_le"))
    contexte = {
        "brouillons": [p for p in propositions if p.statut == S.BROUILLON],
        "ouvertes": [p for p in propositions if p.statut in Proposition.OUVERTES],
        "closes": [p for p in propositions if p.statut in (*Proposition.DECIDEES, S.RETIREE)],
        "signalements": list(
            Signalement.objects.filter(auteur=request.user.pk).select_related("dossier__fiche").order_by("-recu_le")
        ),
    }
    return render(request, "contributions/mes_contributions.html", contexte)
