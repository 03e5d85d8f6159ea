"""Official files at the desk of an administrator: brought, read as a report, confirmed or given up."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from comptes.acces import administrateur_requis
from contributions.verbes.empechements import Empechement
from moderation import officiels
from moderation.forms.officiels import FichierOfficiel
from territoires.models import Importation, Millesime

PAR_PAGE = 20
VERBES = {"confirmer": officiels.confirmer, "abandonner": officiels.abandonner}


@never_cache
@administrateur_requis
def apporter(request: HttpRequest) -> HttpResponse:
    """The vintages in force, a file to bring, those that were."""
    formulaire = FichierOfficiel(request.POST or None, request.FILES or None)
    if request.method == "POST" and formulaire.is_valid():
        importation = officiels.apporter(formulaire.instance, formulaire.pieces, par=request.user)
        return redirect(importation)
    apportees = Importation.objects.select_related("par").defer("rapport", "fautes")
    contexte = {
        "formulaire": formulaire,
        "en_vigueur": Millesime.objects.order_by("nature"),
        "page": Paginator(apportees, PAR_PAGE).get_page(request.GET.get("page")),
        "etapes": [("Modération", reverse("moderation"))],
    }
    return render(request, "moderation/officiels.html", contexte, status=422 if formulaire.errors else 200)


@never_cache
@administrateur_requis
def relire(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a file stands: read by the worker, refused with its faults, or compared; then one confirms, or not."""
    importation = get_object_or_404(Importation.objects.select_related("par"), pk=pk)
    if request.method == "POST" and (verbe := VERBES.get(request.POST.get("verbe", ""))):
        try:
            verbe(importation, par=request.user)
        except Empechement as empechement:
            messages.error(request, str(empechement))
        return redirect(importation)
    contexte = {
        "importation": importation,
        "etapes": [("Modération", reverse("moderation")), ("Fichiers officiels", reverse("importations"))],
    }
    return render(request, "moderation/officiel.html", contexte, status=400 if request.method == "POST" else 200)
