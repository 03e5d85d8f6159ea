"""Doors of the rooms of moderators and administrators: who may enter, and where the others are sent."""

from collections.abc import Callable
from functools import wraps

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from comptes import preuve
from comptes.models import Utilisateur

Vue = Callable[..., HttpResponseBase]


def _reserver(vue: Vue, permis: Callable[[Utilisateur], bool]) -> Vue:
    @wraps(vue)
    def gardee(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        personne = request.user
        if not personne.is_authenticated:
            if request.method in ("GET", "HEAD"):
                return redirect_to_login(request.get_full_path())
            raise PermissionDenied
        if not permis(personne):
            raise PermissionDenied
        if settings.SECOND_FACTEUR_REQUIS and not is_mfa_enabled(personne):
            messages.info(request, "Avant de publier, protégez votre compte par un second facteur.")
            return redirect("mfa_index")
        if settings.SECOND_FACTEUR_REQUIS and not preuve.second_facteur_donne(request):
            return preuve.demander(request)
        return vue(request, *args, **kwargs)

    return gardee


def moderateur_requis(vue: Vue) -> Vue:
    """Keep a view for moderators and administrators, with a second factor where the settings ask for one,
    given in this very session.

    Somebody who is not signed in goes to the sign-in page and comes back; others get 403. On a class-based view:
    `@method_decorator(moderateur_requis, name="dispatch")`.
    """
    return _reserver(vue, lambda personne: personne.est_moderateur)


def administrateur_requis(vue: Vue) -> Vue:
    """The same, for administrators."""
    return _reserver(vue, lambda personne: personne.est_administrateur)


def correspondant_requis(vue: Vue) -> Vue:
    """The same, for the correspondents of a département: they publish, as moderators do."""
    return _reserver(vue, lambda personne: personne.est_correspondant)
