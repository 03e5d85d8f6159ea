"""Expired forms: a post refused because its token is too old, or its cookie missing, is there to be sent again."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from comptes.reseau import empreintes as reseaux_de
from contributions.models import Proposition
from contributions.redaction.brouillons import Affichage, Brouillon, TropDeBrouillons
from contributions.redaction.saisie import TECHNIQUES, Saisie, marque_de
from fiches.models import Fiche, Version

Vue = TypeVar("Vue", bound=Callable[..., Any])


def rend_le_texte(vue: Vue) -> Vue:
    """Mark a view to which people write: a post that is refused before it gives their text back."""
    vue.rend_le_texte = True  # type: ignore[attr-defined]
    return vue


def repondre(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # Django names it
    """Answer instead of a view whose post was refused; views marked `rend_le_texte` give the text back."""
    vue = request.resolver_match.func if request.resolver_match else None
    if request.method != "POST" or not getattr(vue, "rend_le_texte", False):
        return render(request, "403_csrf.html", status=403)
    saisie = Saisie({cle: valeurs for cle, valeurs in request.POST.lists() if cle not in TECHNIQUES})
    affichage = Affichage.lire(request.POST.get("affichage", ""))
    proposition = None
    if affichage and (proposition := _garder(request, affichage)):
        affichage = replace(affichage, jeton=proposition.jeton, marque=marque_de(proposition.saisie))
    textes, autres = saisie.a_relire([affichage.nature] if affichage else [])
    contexte = {
        "lisibles": textes,
        "discrets": autres,
        "affichage": affichage.sceller() if affichage else "",
        "ouvert": request.POST.get("ouvert", ""),
        "proposition": proposition,
        "sans_cookie": not request.COOKIES,
        "adresse": request.get_full_path(),
    }
    reponse = render(request, "contributions/formulaire_expire.html", contexte, status=403)
    reponse["Cache-Control"] = "no-store"
    reponse["Referrer-Policy"] = "same-origin"
    return reponse


def _garder(request: HttpRequest, affichage: Affichage) -> Proposition | None:
    """Store the text, in nobody's name: a refused post says nothing of who is behind it."""
    fiche = Fiche.objects.filter(pk=affichage.fiche or 0).first()
    base = Version.objects.filter(pk=affichage.base or 0, fiche=affichage.fiche or 0).first()
    try:
        with transaction.atomic():
            brouillon = Brouillon(
                Saisie.postee(request.POST), affichage, fiche=fiche, base=base, reseaux=reseaux_de(request)
            )
            brouillon.ecrire()
    except TropDeBrouillons:
        return None
    return brouillon.proposition
