"""The synonyms of the search at the desk: read, added, changed, withdrawn."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comptes.acces import moderateur_requis
from contributions.redaction.formulaire_expire import rend_le_texte
from contributions.verbes.empechements import Empechement
from moderation import ecrits
from moderation.forms.gestes import RaisonDuChangement
from moderation.forms.synonymes import SaisieSynonyme
from moderation.gestes import GESTES
from moderation.views.ecrits import changer_l_etat, etat_et_histoire, relire
from recherche.models import Synonyme


@never_cache
@require_safe
@moderateur_requis
def lister(request: HttpRequest) -> HttpResponse:
    """All the synonyms, in alphabetical order. One query besides who asks."""
    tous = list(Synonyme.objects.all())
    actifs = sum(synonyme.actif for synonyme in tous)
    contexte = {
        "synonymes": tous,
        "nombre": actifs,
        "retires": len(tous) - actifs,
        "etapes": [("Modération", reverse("moderation"))],
    }
    return render(request, "moderation/synonymes.html", contexte)


@rend_le_texte
@never_cache
@moderateur_requis
def ajouter(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, None)
    return _recevoir(request, None)


@rend_le_texte
@never_cache
@moderateur_requis
def changer(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the synonym, withdraw it or put it back."""
    synonyme = get_object_or_404(Synonyme, pk=pk)
    if request.method != "POST":
        return _page(request, synonyme)
    if request.POST.get("verbe") in GESTES[Synonyme]:
        return changer_l_etat(request, synonyme, request.POST["verbe"], _page)
    return _recevoir(request, synonyme)


def _recevoir(request: HttpRequest, synonyme: Synonyme | None) -> HttpResponse:
    saisie = SaisieSynonyme(request.POST, synonyme=synonyme)
    if not saisie.is_valid():
        return _page(request, synonyme, saisie, status=422)
    try:
        if synonyme is None:
            ecrit = ecrits.ajouter(saisie.instance, par=request.user, raison=saisie.instance.raison)
        else:
            dits = {"raison": saisie.instance.raison, "lue": saisie.cleaned_data["lue"]}
            ecrit = ecrits.modifier(saisie.instance, par=request.user, **dits)
    except Empechement as empechement:
        actuel = Synonyme.objects.get(pk=synonyme.pk) if synonyme else None
        relue = SaisieSynonyme(relire(request, actuel), synonyme=actuel)
        return _page(request, actuel, relue, status=409, empechement=str(empechement))
    messages.success(request, "Le synonyme est enregistré : la prochaine recherche le connaît.")
    return redirect("synonyme", pk=ecrit.pk)


def _page(
    request: HttpRequest,
    synonyme: Synonyme | None,
    saisie: SaisieSynonyme | None = None,
    *,
    raison: RaisonDuChangement | None = None,
    status: int = 200,
    empechement: str = "",
) -> HttpResponse:
    contexte = {
        "ecrit": synonyme,
        "ici": synonyme.terme if synonyme else "Ajouter",
        "saisie": saisie or SaisieSynonyme(synonyme=synonyme),
        "empechement": empechement,
        "etapes": [("Modération", reverse("moderation")), ("Synonymes", reverse("synonymes"))],
        **etat_et_histoire(synonyme, raison),
    }
    return render(request, "moderation/synonyme.html", contexte, status=status)
