"""Desk: the one way to act, filled in, rehearsed, confirmed, done. What stops it is said, with all that was typed."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from comparaison.contenus import Comparaison, comparer
from contributions.models import Dossier, Journal, Proposition, Recours
from contributions.verbes.empechements import Empechement, TexteModifie
from fiches.models import Fiche, Version
from moderation.geste import Geste, ecrit_une_absence
from moderation.gestes import GESTES, offerts
from moderation.repetition import repeter

Page = Callable[..., HttpResponse]  # shows the object; takes `status` and `empechement`
CONFIRMES = ("oui", "suivant")  # done, then one stays there, or goes to the next
# How the page of confirmation calls what is decided on.
SUJETS: dict[type, Callable[[Any], str]] = {
    Proposition: lambda proposition: proposition.titre,
    Dossier: lambda dossier: dossier.fiche.titre,
    Recours: lambda recours: recours.objet,
    Fiche: lambda fiche: fiche.get_nature_display(),
}


@dataclass(frozen=True)
class Choix:
    """What one may do, with its form as it was filled in."""

    verbe: str
    geste: Geste
    formulaire: Any

    @property
    def ecrits(self) -> list[str]:
        """What was typed, to be copied where the form is shown no more."""
        textes = (
            champ.value() for champ in self.formulaire.visible_fields() if isinstance(champ.field, forms.CharField)
        )
        return [texte for texte in textes if self.formulaire.is_bound and texte and texte.strip()]


def remplir(request: HttpRequest, objet: Any, verbe: str) -> Choix:
    """Return this geste of the desk, with what was posted if it is the one."""
    geste = GESTES[type(objet)][verbe]
    donnees = request.POST if request.POST.get("verbe") == verbe else None
    return Choix(verbe, geste, geste.formulaire(donnees, objet=objet, par=request.user, prefix=verbe))


def recevoir(request: HttpRequest, objet: Any, page: Page, *, suivant: str = "") -> HttpResponse:
    """Answer a page that offers gestes side by side; `page` is given them, what was posted in the one that was."""
    verbe = request.POST.get("verbe", "")
    # What was posted comes back though somebody else has just changed the state.
    noms = [nom for nom in GESTES[type(objet)] if nom in offerts(objet) or nom == verbe]
    choix = {nom: remplir(request, objet, nom) for nom in noms}
    page = partial(page, request, objet, choix)
    if request.method != "POST" or "revenir" in request.POST:
        return page()
    if verbe not in choix:
        return page(status=400)
    return agir(request, objet, choix[verbe], page, suivant=suivant)


def agir(
    request: HttpRequest, objet: Any, choix: Choix, page: Page, *, retour: str = "", suivant: str = ""
) -> HttpResponse:
    """Do it once confirmed, show before what it would do; with `retour`, where one goes next, it was shown already.

    `suivant`: the address of what waits after it, which confirming may lead to.
    """
    geste, formulaire = choix.geste, choix.formulaire
    if not formulaire.is_valid():
        return page(status=422)
    confirme = request.POST.get("confirme")
    suite = retour or (suivant if confirme == "suivant" and suivant else request.get_full_path())
    try:
        if not (geste.immediat or retour or confirme in CONFIRMES):
            return _confirmer(request, objet, choix, suivant)
        fait = geste.appliquer(objet, request.user, formulaire)
    except Empechement as empechement:
        objet.refresh_from_db()
        if not (formulaire.fields or isinstance(empechement, TexteModifie)):  # nothing was typed, nor is to be read
            messages.error(request, str(empechement))
            return redirect(retour or request.get_full_path())
        return page(status=409, empechement=empechement)
    messages.success(request, geste.conclure(objet, formulaire, fait))
    return redirect(suite)


def _confirmer(request: HttpRequest, objet: Any, choix: Choix, suivant: str) -> HttpResponse:
    """Show the effect, word by word where it publishes, and the e-mails: found out by doing it and undoing it."""
    laissees = ("csrfmiddlewaretoken", "confirme", "verbe", "revenir")
    (phrase, comparaison), courriels = repeter(
        lambda: choix.geste.appliquer(objet, request.user, choix.formulaire),
        lambda fait: (choix.geste.annoncer(objet, choix.formulaire, fait), _ce_que_publie(objet, fait)),
    )
    contexte = {
        "objet": objet,
        "sujet": SUJETS[type(objet)](objet),
        "verbe": choix.verbe,
        "phrase": phrase,
        "comparaison": comparaison,
        "courriels": courriels,
        "suivant": suivant,
        "saisie": [(nom, v) for nom, valeurs in request.POST.lists() if nom not in laissees for v in valeurs],
        "etapes": [("Modération", reverse("moderation")), (str(objet), request.path)],
    }
    return render(request, "moderation/confirmer.html", contexte)


def _ce_que_publie(objet: Any, fait: Any) -> Comparaison | None:
    """Return what a version changes in the one before it; None of what publishes no version of a fiche already read."""
    publie = isinstance(fait, Version) and not ecrit_une_absence(objet, fait)
    precedente = fait.precedente if publie else None
    return comparer(fait.fiche.nature, precedente.contenu, fait.contenu) if precedente else None


def lignes_du_journal(lignes) -> list[Journal]:
    return list(lignes.select_related("qui").order_by("-pk")[:50])
