"""The rules of « Choisir » at the desk: read in words, added, changed, withdrawn, and their effect seen beforehand."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comptes.acces import moderateur_requis
from contributions.models import Journal
from contributions.redaction.formulaire_expire import rend_le_texte
from contributions.verbes.empechements import Empechement
from dispositifs.models import REPONSES, Question, Regle
from moderation import regles
from moderation.bureau import Choix, agir, lignes_du_journal
from moderation.forms.gestes import RaisonDuChangement
from moderation.forms.regles import EssaiChoisir, SaisieRegle
from moderation.gestes import GESTES
from moderation.repetition import repeter
from panorama.choix import choisir


@never_cache
@require_safe
@moderateur_requis
def lister(request: HttpRequest) -> HttpResponse:
    """All the rules, by question or, with `?par=dispositif`, by dispositif. Two queries besides who asks."""
    par = "dispositif" if request.GET.get("par") == "dispositif" else "question"
    toutes = sorted(_regles(), key=_rang_par_dispositif if par == "dispositif" else _rang_par_question)
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
        return _page(request, None, SaisieRegle())
    return _recevoir(request, None)


@rend_le_texte
@never_cache
@moderateur_requis
def changer(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the rule, withdraw it or put it back, or see what the change would do."""
    regle = get_object_or_404(_regles(), pk=pk)
    if request.method != "POST":
        return _page(request, regle, SaisieRegle(regle=regle))
    return _recevoir(request, regle)


def _recevoir(request: HttpRequest, regle: Regle | None) -> HttpResponse:
    verbe = request.POST.get("verbe", "")
    if verbe in GESTES[Regle] and regle:
        return _changer_etat(request, regle, verbe)
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
        actuelle = _regles().get(pk=regle.pk) if regle else None
        saisie = SaisieRegle(_relue(request, actuelle, "lue"), regle=actuelle, essai=essai)
        return _page(request, actuelle, saisie, essai=reponses, status=409, empechement=str(empechement))
    fait = "La règle est changée." if regle else "La règle est ajoutée : elle compte dès maintenant."
    messages.success(request, fait)
    return redirect("regle", pk=ecrite.pk)


def _ecrire(request: HttpRequest, regle: Regle | None, saisie: SaisieRegle, raison: str) -> Regle:
    if regle is None:
        return regles.ajouter(saisie.jugee, par=request.user, raison=raison)
    return regles.modifier(saisie.jugee, par=request.user, raison=raison, lue=saisie.cleaned_data["lue"])


def _changer_etat(request: HttpRequest, regle: Regle, verbe: str) -> HttpResponse:
    raison = RaisonDuChangement(request.POST, prefix="etat")

    def page(*, status: int, empechement: Empechement | str = "") -> HttpResponse:
        relue = RaisonDuChangement(_relue(request, regle, "etat-lue"), prefix="etat") if empechement else raison
        return _page(request, regle, SaisieRegle(regle=regle), raison=relue, status=status, empechement=empechement)

    return agir(request, regle, Choix(verbe, GESTES[Regle][verbe], raison), page)


def _relue(request: HttpRequest, actuelle: Regle | None, champ: str) -> QueryDict:
    """Return what was posted, as if typed on the rule that the page now shows: sent again, it is written."""
    donnees = request.POST.copy()
    if actuelle:
        donnees[champ] = actuelle.marque
    return donnees


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
    saisie: SaisieRegle,
    *,
    essai: EssaiChoisir | None = None,
    effet: dict[str, Any] | None = None,
    raison: RaisonDuChangement | None = None,
    status: int = 200,
    empechement: Empechement | str = "",
) -> HttpResponse:
    geste = GESTES[Regle]["retirer" if regle.actif else "remettre"] if regle else None
    contexte = {
        "regle": regle,
        "geste": geste,
        "effet_du_geste": geste.annoncer(regle, raison) if geste else "",
        "saisie": saisie,
        "essai": essai or EssaiChoisir(initial={regle.question: regle.reponse} if regle else None),
        "effet": effet,
        "raison": raison or RaisonDuChangement(prefix="etat", initial={"lue": regle.marque} if regle else None),
        "raison_saisie": raison is not None,
        "empechement": empechement,
        "journal": lignes_du_journal(Journal.objects.filter(regle=regle)) if regle else [],
        "etapes": [("Modération", reverse("moderation")), ("Règles de «\u00a0Choisir\u00a0»", reverse("regles"))],
    }
    return render(request, "moderation/regle.html", contexte, status=status)


def _regles():
    lourds = [f"dispositif__{champ}" for champ in ("contenu", "rendu", "recherche", "mots", "credits")]
    return Regle.objects.select_related("dispositif").defer(*lourds)


def _rang_par_question(regle: Regle) -> tuple[Any, ...]:
    reponses = list(REPONSES[regle.question])
    rang = (Question.values.index(regle.question), reponses.index(regle.reponse))
    return (*rang, not regle.actif, regle.exclut, -regle.poids, regle.dispositif.titre)


def _rang_par_dispositif(regle: Regle) -> tuple[Any, ...]:
    return (regle.dispositif.titre, regle.dispositif_id, *_rang_par_question(regle))


def _titre(regle: Regle, par: str) -> str:
    return regle.dispositif.nom_complet if par == "dispositif" else regle.get_question_display()
