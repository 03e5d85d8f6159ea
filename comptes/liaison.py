"""Link between a ProConnect identity and the account that proved, once, to hold its address (docs/decisions/0025)."""

import secrets
import time
from http import HTTPStatus
from typing import Any

import requests
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from comptes.avertissements import avertir
from comptes.models import Utilisateur
from comptes.proconnect import NOM, ReponseIncroyable, SessionHttp, application

A_LIER = "proconnect_a_lier"
EN_PANNE = {"server_error", "temporarily_unavailable"}
REFUS = {
    "perdue": (
        HTTPStatus.BAD_REQUEST,
        "Cette connexion n’a pas abouti",
        "Elle a trop attendu, a déjà servi, ou n’a pas commencé dans ce navigateur. Recommencez.",
    ),
    "sans_adresse": (
        HTTPStatus.FORBIDDEN,
        "ProConnect n’a pas donné votre adresse électronique",
        "Votre organisation doit l’y transmettre. En attendant, connectez-vous par un code.",
    ),
    "trop": (
        HTTPStatus.TOO_MANY_REQUESTS,
        "Trop de demandes pour cette adresse",
        "Attendez un peu, puis recommencez.",
    ),
    "incroyable": (
        HTTPStatus.BAD_GATEWAY,
        "La réponse de ProConnect n’a pas pu être vérifiée",
        "Par prudence, personne n’a été connecté. Recommencez, ou connectez-vous par un code.",
    ),
    "injoignable": (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "ProConnect ne répond pas",
        "Ce n’est pas votre faute. Réessayez dans quelques minutes, ou connectez-vous par un code.",
    ),
}


def expliquer(request: HttpRequest, raison: str) -> HttpResponse:
    """Say why one is not signed in, and what to do."""
    code, titre, conseil = REFUS[raison]
    reponse = render(request, "comptes/proconnect.html", {"titre": titre, "conseil": conseil}, status=code)
    if code == HTTPStatus.SERVICE_UNAVAILABLE:
        reponse["Retry-After"] = "120"
    return reponse


class AdaptateurProConnect(DefaultSocialAccountAdapter):
    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        connue = application()  # from the settings alone: no query
        return [connue] if connue else []

    def get_requests_session(self) -> requests.Session:
        return SessionHttp()

    def generate_state_param(self, state: dict[str, Any]) -> str:
        return secrets.token_urlsafe(32)  # ProConnect wants 32 characters at least

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Utilisateur:
        personne = super().populate_user(request, sociallogin, data)
        personne.nom_affiche = data["name"]
        return personne

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        if error == AuthError.CANCELLED:
            messages.info(request, "Vous avez renoncé à passer par ProConnect. Un code reçu par courriel suffit.")
            raise ImmediateHttpResponse(redirect("account_login"))
        raison = "perdue"
        if isinstance(exception, requests.RequestException) or request.GET.get("error") in EN_PANNE:
            raison = "injoignable"
        elif isinstance(exception, ReponseIncroyable):
            raison = "incroyable"
        raise ImmediateHttpResponse(expliquer(request, raison))

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let in the identity we know; ask any other one to prove that the address is hers."""
        if not sociallogin.is_existing:
            raise ImmediateHttpResponse(_prouver(request, sociallogin))


def _prouver(request: HttpRequest, venue: SocialLogin) -> HttpResponse:
    """Send a code to the address ProConnect gave, for the account of this address, made if there is none."""
    adresse = (venue.user.email or "").strip().lower()
    if not adresse:
        return expliquer(request, "sans_adresse")
    if not ratelimit.consume(request, action="request_login_code", key=adresse):
        return expliquer(request, "trop")
    comptes = filter_users_by_email(adresse, prefer_verified=True, for_login=True)
    # Of a closed account, the same as when one asks for a code: the e-mail says it, to its owner alone.
    compte = comptes[0] if comptes else _ouvrir(adresse)
    compte = compte if compte.is_active else None
    if compte:
        request.session[A_LIER] = {
            "sub": venue.account.uid,
            "compte": compte.pk,
            "nom": "" if comptes else venue.user.nom_affiche,  # how one is named already is one's own affair
            "avant": time.time() + settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT,
        }
    LoginCodeVerificationProcess.initiate(request=request, user=compte, email=adresse)
    messages.info(request, "Première connexion avec ProConnect : ce code prouve que l’adresse est la vôtre.")
    suite = venue.state.get("next")
    return redirect(reverse("account_confirm_login_code") + (f"?{urlencode({'next': suite})}" if suite else ""))


def _ouvrir(adresse: str) -> Utilisateur:
    compte, nouveau = Utilisateur.objects.get_or_create(email=adresse)
    if nouveau:  # forgotten after a week if nobody proves the address
        EmailAddress.objects.create(user=compte, email=adresse, primary=True, verified=False)
    return compte


def attend(request: HttpRequest) -> bool:
    """Say whether the code asked in this browser will link an identity."""
    return A_LIER in request.session


def oublier_attente(request: HttpRequest) -> None:
    """Forget the identity that waited for a code: the person now does something else."""
    if A_LIER in request.session:
        del request.session[A_LIER]


def lier(request: HttpRequest, personne: Utilisateur) -> None:
    """Give the identity that waited to the person who has just signed in, if the code of its address is how."""
    attente = request.session.pop(A_LIER, None)
    if not attente or attente["compte"] != personne.pk or attente["avant"] < time.time():
        return
    if not any(preuve["method"] == "code" for preuve in get_authentication_records(request, personne)):
        return
    _, nouvelle = SocialAccount.objects.get_or_create(provider=NOM, uid=attente["sub"], defaults={"user": personne})
    if attente["nom"] and not personne.nom_affiche:
        personne.nom_affiche = attente["nom"]
        personne.save(update_fields=["nom_affiche"])
    if nouvelle:
        avertir(personne.email, "ProConnect ouvre maintenant votre compte.")
