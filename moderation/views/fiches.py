"""« Modération » of a whole fiche: mask, withdraw, merge into another, show again, go back to a version."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from comptes.acces import moderateur_requis
from contributions.models import Dossier, Journal, Proposition
from contributions.models.transitions import FICHE
from contributions.redaction.formulaire_expire import rend_le_texte
from contributions.verbes import retraits
from contributions.verbes.empechements import Empechement
from fiches.forms import FORMULAIRES
from fiches.models import Fiche
from moderation.forms.motiver import Expose, Fusionner, Restaurer, Retablir
from moderation.liens import liens_vers, sigles_de
from moderation.repetition import repeter
from moderation.views.propositions import lignes_du_journal, saisie

EFFETS = {
    "masquer": "La fiche quittera la vue du public, à l’instant. Son adresse dira depuis quand et pourquoi.",
    "retirer": "La fiche sera retirée de la base. Son adresse répondra qu’elle l’a été, quand et pourquoi.",
    "fusionner": "L’adresse de la fiche mènera désormais à l’autre.",
    "retablir": "La fiche redeviendra publique, à l’instant.",
    "restaurer": "Une nouvelle version dira ce que disait l’ancienne. Rien n’est effacé.",
}
FAITS = {
    "masquer": "La fiche est masquée.",
    "retirer": "La fiche est retirée.",
    "fusionner": "La fiche est fusionnée : son adresse mène à l’autre.",
    "retablir": "La fiche est rétablie.",
    "restaurer": "La version est publiée à nouveau.",
}


@rend_le_texte
@never_cache
@moderateur_requis
def retirer(request: HttpRequest, pk: int) -> HttpResponse:
    """Each verb has its form, offered when the state of the fiche allows it, and is confirmed after its effect."""
    fiche = get_object_or_404(Fiche, pk=pk)
    verbe = request.POST.get("verbe", "")
    formulaires = _formulaires(fiche, request, verbe)
    if request.method != "POST" or "revenir" in request.POST:
        return _page(request, fiche, formulaires)
    formulaire = formulaires.get(verbe)
    if formulaire is None or not formulaire.is_valid():
        return _page(request, fiche, formulaires, statut=400)
    try:
        if request.POST.get("confirme") != "oui":
            _, courriels = repeter(lambda: _appliquer(request, fiche, verbe, formulaire))
            contexte = {
                "objet": fiche,
                "sujet": fiche.get_nature_display(),
                "verbe": verbe,
                "phrase": EFFETS[verbe],
                "courriels": courriels,
                "saisie": saisie(request),
                "retour": request.path,
            }
            return render(request, "moderation/confirmer.html", contexte)
        _appliquer(request, fiche, verbe, formulaire)
    except Empechement as empechement:
        return _page(request, Fiche.objects.get(pk=pk), formulaires, statut=409, empechement=str(empechement))
    messages.success(request, FAITS[verbe])
    return redirect("retirer", pk=pk)


def _formulaires(fiche: Fiche, request: HttpRequest, verbe: str) -> dict[str, Any]:
    def donnees(sien: str):
        return request.POST if verbe == sien else None

    tous = {
        "masquer": lambda: Expose(donnees("masquer"), prefix="masquer"),
        "retirer": lambda: Expose(donnees("retirer"), prefix="retirer"),
        "fusionner": lambda: Fusionner(donnees("fusionner"), fiche=fiche, prefix="fusionner"),
        "retablir": lambda: Retablir(donnees("retablir"), prefix="retablir"),
        "restaurer": lambda: Restaurer(donnees("restaurer"), fiche=fiche, prefix="restaurer"),
    }
    possibles = {v.removesuffix("_fiche") for v, transition in FICHE.items() if fiche.etat in transition.depuis}
    if fiche.numero > 1:
        possibles.add("restaurer")
    # What was posted comes back though somebody else has just changed the state of the fiche.
    return {nom: faire() for nom, faire in tous.items() if nom in possibles or nom == verbe}


def _appliquer(request: HttpRequest, fiche: Fiche, verbe: str, formulaire: Any) -> object:
    lues, par = formulaire.cleaned_data, request.user
    if verbe == "masquer":
        return retraits.masquer(fiche, par=par, motif=lues["motif"], explication=formulaire.explication)
    if verbe == "retirer":
        return retraits.retirer(fiche, par=par, motif=lues["motif"], explication=formulaire.explication)
    if verbe == "fusionner":
        return retraits.fusionner(fiche, dans=lues["dans"], par=par, explication=lues["explication"])
    if verbe == "retablir":
        return retraits.retablir(fiche, par=par, explication=lues["explication"])
    entiere = FORMULAIRES[fiche.nature].modele.objects.get(pk=fiche.pk)
    return retraits.restaurer(entiere, version=lues["version"], par=par, pourquoi=lues["pourquoi"])


def _page(
    request: HttpRequest, fiche: Fiche, formulaires: dict[str, Any], *, statut: int = 200, empechement: str = ""
) -> HttpResponse:
    contexte = {
        "fiche": fiche,
        "formulaires": formulaires,
        "liens": liens_vers(fiche),
        "sigles": sigles_de(fiche),
        "dossiers": Dossier.objects.a_traiter().filter(fiche=fiche),
        "propositions": Proposition.objects.a_traiter().filter(fiche=fiche).defer("saisie"),
        "journal": lignes_du_journal(Journal.objects.filter(fiche=fiche)),
        "empechement": empechement,
        "etapes": [("Modération", reverse("moderation"))],
    }
    return render(request, "moderation/retirer.html", contexte, status=statut)
