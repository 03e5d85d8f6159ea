"""The rules of « Choisir » at the desk: read in words, added, changed, withdrawn, and their effect seen beforehand."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comptes.acces import moderateur_requis
from contributions.redaction.formulaire_expire import rend_le_texte
from contributions.verbes.empechements import Empechement
from dispositifs.models import REPONSES, Question, Regle
from moderation import ecrits
from moderation.forms.gestes import RaisonDuChangement
from moderation.forms.regles import EssaiChoisir, SaisieRegle
from moderation.gestes import GESTES
from moderation.repetition import repeter
from moderation.views.ecrits import changer_l_etat, etat_et_histoire, relire
from panorama.choix import choisir


@never_cache
@require_safe
@moderateur_requis
def lister(request: HttpRequest) -> HttpResponse:
    """All the rules, by question or, with `?par=dispositif`, by dispositif. Two queries besides who asks."""
    par = "dispositif" if request.GET.get("par") == "dispositif" else "question"
    rang = _rang_par_dispositif if par == "dispositif" else _rang_par_question
    toutes = sorted(Regle.objects.avec_dispositif(), key=rang)
    contexte = {
        "par": par,
        "groupes": [(titre, list(siennes)) for titre, siennes in groupby(toutes, key=lambda r: _titre(r, par))],
        "nombre": sum(regle.actif for regle in toutes),
        "retirees": sum(not regle.actif for regle in toutes),
        "etapes": [("Modération", reverse("moderation"))],
    }
    return render(request, "moderation/regles.html", contexte)


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
    """Change the rule, withdraw it or put it back, or see what the change would do."""
    regle = get_object_or_404(Regle.objects.avec_dispositif(), pk=pk)
    if request.method != "POST":
        return _page(request, regle)
    return _recevoir(request, regle)


def _recevoir(request: HttpRequest, regle: Regle | None) -> HttpResponse:
    verbe = request.POST.get("verbe", "")
    if verbe in GESTES[Regle] and regle:
        return changer_l_etat(request, regle, verbe, _page)
    essai = verbe == "essayer"
    saisie = SaisieRegle(request.POST, regle=regle, essai=essai)
    reponses = EssaiChoisir(request.POST) if essai else None
    # Both say what is wrong, in one go.
    valide = all([saisie.is_valid(), reponses is None or reponses.is_valid()])
    if not valide or verbe not in ("ecrire", "essayer"):
        return _page(request, regle, saisie, essai=reponses, status=400 if valide else 422)
    try:
        if reponses:
            effet = _effet(request, regle, saisie, reponses.reponses)
            return _page(request, regle, saisie, essai=reponses, effet=effet)
        ecrite = _ecrire(request, regle, saisie, saisie.cleaned_data["raison"])
    except Empechement as empechement:
        actuelle = Regle.objects.avec_dispositif().get(pk=regle.pk) if regle else None
        saisie = SaisieRegle(relire(request, actuelle), regle=actuelle, essai=essai)
        return _page(request, actuelle, saisie, essai=reponses, status=409, empechement=str(empechement))
    fait = "La règle est changée." if regle else "La règle est ajoutée : elle compte dès maintenant."
    messages.success(request, fait)
    return redirect("regle", pk=ecrite.pk)


def _ecrire(request: HttpRequest, regle: Regle | None, saisie: SaisieRegle, raison: str) -> Regle:
    if regle is None:
        return ecrits.ajouter(saisie.jugee, par=request.user, raison=raison)
    return ecrits.modifier(saisie.jugee, par=request.user, raison=raison, lue=saisie.cleaned_data["lue"])


def _effet(request: HttpRequest, regle: Regle | None, saisie: SaisieRegle, reponses: dict[str, str]) -> dict[str, Any]:
    """Do the change, look at the reply, undo it."""
    avant = choisir(reponses, None)
    apres, _ = repeter(lambda: _ecrire(request, regle, saisie, "Pour voir."), lambda _: choisir(reponses, None))
    return {
        "avant": avant,
        "apres": apres,
        "joue": reponses.get(saisie.jugee.question) == saisie.jugee.reponse,
        "reponses": [REPONSES[question][reponse] for question, reponse in reponses.items()],
    }


def _page(
    request: HttpRequest,
    regle: Regle | None,
    saisie: SaisieRegle | None = None,
    *,
    essai: EssaiChoisir | None = None,
    effet: dict[str, Any] | None = None,
    raison: RaisonDuChangement | None = None,
    status: int = 200,
    empechement: str = "",
) -> HttpResponse:
    contexte = {
        "ecrit": regle,
        "ici": regle.dispositif.nom_court if regle else "Ajouter",
        "saisie": saisie or SaisieRegle(regle=regle),
        "essai": essai or EssaiChoisir(initial={regle.question: regle.reponse} if regle else None),
        "effet": effet,
        "empechement": empechement,
        "etapes": [("Modération", reverse("moderation")), ("Règles de «\u00a0Choisir\u00a0»", reverse("regles"))],
        **etat_et_histoire(regle, raison),
    }
    return render(request, "moderation/regle.html", contexte, status=status)


def _rang_par_question(regle: Regle) -> tuple[Any, ...]:
    reponses = list(REPONSES[regle.question])
    rang = (Question.values.index(regle.question), reponses.index(regle.reponse))
    return (*rang, not regle.actif, regle.exclut, -regle.poids, regle.dispositif.titre)


def _rang_par_dispositif(regle: Regle) -> tuple[Any, ...]:
    return (regle.dispositif.titre, regle.dispositif_id, *_rang_par_question(regle))


def _titre(regle: Regle, par: str) -> str:
    return regle.dispositif.nom_complet if par == "dispositif" else regle.get_question_display()
