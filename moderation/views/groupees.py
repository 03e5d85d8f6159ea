"""Decisions on several things at once: what may be decided together, and the one confirmation of each group."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comptes.acces import moderateur_requis
from contributions import delais
from contributions.models import RegleDeFile
from contributions.redaction.formulaire_expire import rend_le_texte
from contributions.verbes.annulation import annulables
from francais.balises import pluriel
from moderation import groupees
from moderation.forms.groupees import DecisionGroupee, RefusGroupe
from moderation.groupees import BORNE, VERBES, Bilan, Groupe

FAITES = {
    "accepter": "proposition acceptée,propositions acceptées",
    "ecarter": "proposition écartée,propositions écartées",
    "disculper": "proposition rendue à la file,propositions rendues à la file",
}


@never_cache
@require_safe
@moderateur_requis
def lister(request: HttpRequest) -> HttpResponse:
    """The groups that wait, and what one has just decided, which may be taken back."""
    contexte = {
        "groupes": groupees.groupes(request.user),
        "regles": RegleDeFile.objects.en_vigueur(),
        "annulables": annulables(request.user)[:BORNE],
        "borne": BORNE,
        "etapes": [("Modération", reverse("moderation"))],
    }
    return render(request, "moderation/groupees.html", contexte)


@rend_le_texte
@never_cache
@moderateur_requis
def decider(request: HttpRequest, nom: str) -> HttpResponse:
    """What a group holds, each with its tick; a POST decides on those that are ticked."""
    groupe = Groupe.lire(nom)
    if groupe is None:
        raise Http404
    verbe = request.POST.get("verbe", "")
    if request.method != "POST":
        return _page(request, groupe)
    if verbe not in VERBES[groupe.sorte]:
        return _page(request, groupe, status=400)
    formulaire = (RefusGroupe if verbe == "ecarter" else DecisionGroupee)(request.POST)
    if not formulaire.is_valid():
        return _page(request, groupe, formulaire, status=422)
    choisies = formulaire.cleaned_data["choisies"]
    bilan = groupees.decider(groupe, verbe, choisies, par=request.user, **formulaire.arguments)
    if bilan.laissees:
        return _page(request, groupe, formulaire, bilan=bilan, dit=_dire(verbe, bilan), status=409)
    messages.success(request, _dire(verbe, bilan))
    return redirect("groupees")


def _dire(verbe: str, bilan: Bilan) -> str:
    nombre = len(bilan.faites)
    dit = f"{nombre} {pluriel(nombre, FAITES[verbe])}."
    if not nombre or verbe == "disculper":
        return dit
    jusqua = timezone.localtime(timezone.now() + delais.annulation())
    return f"{dit} Chacune s’annule jusqu’à {jusqua.hour}\u00a0h\u00a0{jusqua:%M} ; ses courriels attendent jusque-là."


def _page(
    request: HttpRequest,
    groupe: Groupe,
    formulaire: DecisionGroupee | None = None,
    *,
    bilan: Bilan | None = None,
    dit: str = "",
    status: int = 200,
) -> HttpResponse:
    elements = groupe.elements(request.user)
    total = groupe.propositions(request.user).count()
    contexte = {
        "groupe": groupe,
        "elements": elements,
        "decidables": [element for element in elements if not element.obstacle],
        "total": total,
        "borne": BORNE,
        "regles": RegleDeFile.objects.en_vigueur(),
        "refus": None if groupe.accepte else _refus(request, formulaire),
        "fautes": formulaire.errors.get("choisies", []) if formulaire else [],
        "cochees": {*request.POST.getlist("choisies")} if formulaire else {element.valeur for element in elements},
        "annulation": delais.annulation_en_mots(),
        "bilan": bilan,
        "dit": dit,
        "etapes": [("Modération", reverse("moderation")), ("Décisions groupées", reverse("groupees"))],
    }
    return render(request, "moderation/groupe.html", contexte, status=status)


def _refus(request: HttpRequest, formulaire: DecisionGroupee | None) -> RefusGroupe:
    """Return the reasons of a refusal as they were typed, judged only if one refused."""
    if isinstance(formulaire, RefusGroupe):
        return formulaire
    return RefusGroupe(initial={nom: request.POST[nom] for nom in ("motif", "explication") if nom in request.POST})
