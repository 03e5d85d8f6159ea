"""Leaving for ProConnect, coming back from it, and ending the session there."""

import secrets
from typing import Any

import requests
from allauth.account.views import LogoutView
from allauth.core.internal.httpkit import authenticated_user
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from comptes import preuve, sessions
from comptes.avertissements import avertir
from comptes.liaison import expliquer
from comptes.proconnect import CLE_DE_SESSION, NOM, Echanges, ReponseIncroyable


def _fournisseur(request: HttpRequest) -> Any:
    if not settings.PROCONNECT:
        raise Http404
    return get_adapter(request).get_provider(request, NOM)


@never_cache
@require_POST
def depart(request: HttpRequest) -> HttpResponseBase:
    """Send the person to ProConnect. By a form: no link may start it in somebody's name."""
    fournisseur = _fournisseur(request)
    if request.user.is_authenticated:
        return redirect("compte")
    try:
        return fournisseur.redirect_from_request(request)
    except requests.RequestException:
        return expliquer(request, "injoignable")
    except ReponseIncroyable:
        return expliquer(request, "incroyable")


class Retour(OAuth2CallbackView):
    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        etat, reponse = super()._get_state(request, provider)
        self.adapter.etat = etat or {}
        return etat, reponse


@never_cache
@require_safe
def retour(request: HttpRequest) -> HttpResponseBase:
    """Receive the person, with a code that our server exchanges for who she is."""
    _fournisseur(request)
    if request.user.is_authenticated:
        return redirect("compte")
    try:
        return Retour.adapter_view(Echanges(request))(request)
    except requests.RequestException:
        return expliquer(request, "injoignable")
    except (OAuth2Error, ValueError):  # a number that is none…
        return expliquer(request, "incroyable")


@never_cache
@require_POST
@login_required
@preuve.exigee
def retirer(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take from the account one of the identities that open it, and end what it may have opened."""
    personne = authenticated_user(request)
    identite = get_object_or_404(SocialAccount, pk=pk, user=personne, provider=NOM)
    with transaction.atomic():
        identite.delete()
        sessions.finir_les_autres(request)
        avertir(
            personne.email, "Une identité ProConnect n’ouvre plus votre compte. Vos autres appareils sont déconnectés."
        )
    messages.success(request, "Cette identité ProConnect n’ouvre plus votre compte.")
    return redirect("compte")


class Deconnexion(LogoutView):
    template_name = "account/deconnexion.html"

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        la_bas = self.request.session.get(CLE_DE_SESSION)
        ici = super().post(*args, **kwargs)
        if not (la_bas and la_bas["fin"] and settings.PROCONNECT):
            return ici
        parametres = {
            "id_token_hint": la_bas["jeton"],
            "post_logout_redirect_uri": settings.SITE_URL + reverse("account_logout"),
            "state": secrets.token_urlsafe(32),  # ProConnect wants one; coming back changes nothing, so nobody reads it
        }
        # A page and not a redirection: the policy would refuse the addresses to which ProConnect redirects in its turn.
        adresse = f"{la_bas['fin']}?{urlencode(parametres)}"
        reponse = render(self.request, "comptes/proconnect_fin.html", {"adresse": adresse})
        reponse["Cache-Control"] = "no-store"
        reponse["Referrer-Policy"] = "no-referrer"
        return reponse
