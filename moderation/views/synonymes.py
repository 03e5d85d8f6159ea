"""The synonyms of the search at the desk: read, added, changed, withdrawn."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comptes.acces import moderateur_requis
from contributions.redaction.formulaire_expire import rend_le_texte
from moderation.forms.gestes import RaisonDuChangement
from moderation.forms.synonymes import SaisieSynonyme
from moderation.gestes import GESTES
from moderation.views.ecrits import changer_l_etat, enregistrer, etat_et_histoire
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
    fait = "Le synonyme est enregistré : la prochaine recherche le connaît."
    return enregistrer(request, synonyme, SaisieSynonyme, _page, route="synonyme", fait=fait)


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
        "saisie": saisie or SaisieSynonyme(ecrit=synonyme),
        "empechement": empechement,
        "etapes": [("Modération", reverse("moderation")), ("Synonymes", reverse("synonymes"))],
        **etat_et_histoire(synonyme, raison),
    }
    return render(request, "moderation/synonyme.html", contexte, status=status)
