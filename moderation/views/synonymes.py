"""The synonyms of the search at the desk: read, added, changed, withdrawn."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comptes.acces import moderateur_requis
from contributions.models import Journal
from contributions.redaction.formulaire_expire import rend_le_texte
from contributions.verbes.empechements import Empechement
from moderation import synonymes
from moderation.bureau import Choix, agir, lignes_du_journal
from moderation.forms.gestes import RaisonDuChangement
from moderation.forms.synonymes import SaisieSynonyme
from moderation.gestes import GESTES
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
        return _page(request, None, SaisieSynonyme())
    return _recevoir(request, None)


@rend_le_texte
@never_cache
@moderateur_requis
def changer(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the synonym, withdraw it or put it back."""
    synonyme = get_object_or_404(Synonyme, pk=pk)
    if request.method != "POST":
        return _page(request, synonyme, SaisieSynonyme(synonyme=synonyme))
    if request.POST.get("verbe") in GESTES[Synonyme]:
        return _changer_etat(request, synonyme, request.POST["verbe"])
    return _recevoir(request, synonyme)


def _recevoir(request: HttpRequest, synonyme: Synonyme | None) -> HttpResponse:
    saisie = SaisieSynonyme(request.POST, synonyme=synonyme)
    if not saisie.is_valid():
        return _page(request, synonyme, saisie, status=422)
    try:
        if synonyme is None:
            ecrit = synonymes.ajouter(saisie.instance, par=request.user, raison=saisie.instance.raison)
        else:
            dits = {"raison": saisie.instance.raison, "lue": saisie.cleaned_data["lue"]}
            ecrit = synonymes.modifier(saisie.instance, par=request.user, **dits)
    except Empechement as empechement:
        actuel = Synonyme.objects.get(pk=synonyme.pk) if synonyme else None
        donnees = request.POST.copy()
        if actuel:  # sent again, having read it, it is written
            donnees["lue"] = actuel.marque
        relue = SaisieSynonyme(donnees, synonyme=actuel)
        return _page(request, actuel, relue, status=409, empechement=str(empechement))
    messages.success(request, "Le synonyme est enregistré : la prochaine recherche le connaît.")
    return redirect("synonyme", pk=ecrit.pk)


def _changer_etat(request: HttpRequest, synonyme: Synonyme, verbe: str) -> HttpResponse:
    raison = RaisonDuChangement(request.POST, prefix="etat")

    def page(*, status: int, empechement: Empechement | str = "") -> HttpResponse:
        donnees = request.POST.copy()
        donnees["etat-lue"] = synonyme.marque
        relue = RaisonDuChangement(donnees, prefix="etat") if empechement else raison
        saisie = SaisieSynonyme(synonyme=synonyme)
        return _page(request, synonyme, saisie, raison=relue, status=status, empechement=str(empechement))

    return agir(request, synonyme, Choix(verbe, GESTES[Synonyme][verbe], raison), page)


def _page(
    request: HttpRequest,
    synonyme: Synonyme | None,
    saisie: SaisieSynonyme,
    *,
    raison: RaisonDuChangement | None = None,
    status: int = 200,
    empechement: str = "",
) -> HttpResponse:
    geste = GESTES[Synonyme]["retirer" if synonyme.actif else "remettre"] if synonyme else None
    contexte = {
        "synonyme": synonyme,
        "saisie": saisie,
        "geste": geste,
        "effet_du_geste": geste.annoncer(synonyme, raison) if geste else "",
        "raison": raison or RaisonDuChangement(prefix="etat", initial={"lue": synonyme.marque} if synonyme else None),
        "raison_saisie": raison is not None,
        "empechement": empechement,
        "journal": lignes_du_journal(Journal.objects.filter(synonyme=synonyme)) if synonyme else [],
        "etapes": [("Modération", reverse("moderation")), ("Synonymes", reverse("synonymes"))],
    }
    return render(request, "moderation/synonyme.html", contexte, status=status)
