"""Page of an action inspirante."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from actions.models import ActionInspirante
from fiches.gabarits import Nature
from fiches.views import ou_retrait
from territoires.models import Territoire

VOISINES = 3


@require_safe
@ou_retrait(Nature.ACTION)
def action(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of an action, with those that use the same lever or come from the same dispositif."""
    visibles = ActionInspirante.objects.visibles_pour()
    fiche = get_object_or_404(visibles.select_related("dispositif", "levier"), slug=slug)
    proches = Q(pk__in=[])
    if fiche.levier_id:
        proches |= Q(levier=fiche.levier_id)
    if fiche.dispositif_id:
        proches |= Q(dispositif=fiche.dispositif_id)
    contexte = {
        "fiche": fiche,
        "etapes": [("Fiches", reverse("catalogue")), ("Actions inspirantes", reverse("actions"))],
        "voisines": list(visibles.filter(proches).exclude(pk=fiche.pk).en_cartes()[:VOISINES]),
        "comparables": [t for t in fiche.rendu["territoires"] if t["nature"] in Territoire.COMPARABLES],
        "sommaire_suite": [("ailleurs", "Où cela pourrait servir")],
    }
    return render(request, "actions/action.html", contexte)
