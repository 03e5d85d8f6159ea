"""The sessions of a person: how long they are worth, and how they end, those half-signed included."""

import time
from collections.abc import Callable
from functools import wraps

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.internal.httpkit import authenticated_user
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from comptes.horloge import du_futur
from comptes.models import Utilisateur

Vue = Callable[..., HttpResponseBase]


def une_a_la_fois(vue: Vue) -> Vue:
    """Take what one browser posts one after the other: what the first used up (a code, a try), the next finds gone.

    The session is read again under the lock of its row, and written before the lock is left.
    """

    @wraps(vue)
    def gardee(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        cle = request.session.session_key
        if request.method != "POST" or not cle:
            return vue(request, *args, **kwargs)
        with transaction.atomic():
            magasin = type(request.session)
            if not Session.objects.select_for_update().filter(session_key=cle).exists():
                # Not read, so that its cookie is left alone: another one has replaced it.
                request.session = magasin(cle)
                return redirect("account_login")
            request.session = magasin(cle)
            reponse = vue(request, *args, **kwargs)
            if request.session.modified and request.session.session_key == cle:
                request.session.save()
                request.session.modified = False  # or the middleware would write it again, over the next one's
        return reponse

    return gardee


def finir(personne: Utilisateur) -> None:
    """End every session of this person, and every sign-in under way."""
    _finir(personne, sauf="")


def finir_les_autres(request: HttpRequest) -> None:
    """End every session of this person but this one, which changes its key; and every sign-in under way."""
    personne, ancienne = authenticated_user(request), request.session.session_key or ""
    _finir(personne, sauf=ancienne)
    update_session_auth_hash(request, personne)
    UserSession.objects.filter(session_key=ancienne).update(session_key=request.session.session_key)


def _finir(personne: Utilisateur, *, sauf: str) -> None:
    personne.sessions_depuis = timezone.now()
    personne.save(update_fields=["sessions_depuis"])
    for session in UserSession.objects.filter(user=personne).exclude(session_key=sauf):
        session.end()


def commence_trop_tot(personne: Utilisateur, instant: float) -> bool:
    """Say whether a sign-in begun at this instant (Unix time) was ended since, with the sessions."""
    return personne.sessions_depuis is not None and instant < personne.sessions_depuis.timestamp()


def interrompue(request: HttpRequest, personne: Utilisateur) -> bool:
    """Say whether a first proof of the sign-in under way came before its end was asked."""
    return any(commence_trop_tot(personne, preuve["at"]) for preuve in get_authentication_records(request, personne))


class SessionsMiddleware(AuthenticationMiddleware):
    """Django's, for which the session of a moderator ends twelve hours after she signed in, however long it may be.

    Looked at each time, for one may become a moderator in the middle of a session of thirty days.
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _personne(request))  # type: ignore[assignment]


def _personne(request: HttpRequest) -> Utilisateur | AnonymousUser:
    personne = get_user(request)
    if personne.is_authenticated and _trop_longue(request, personne):
        request.session.flush()
        return AnonymousUser()
    return personne


def _trop_longue(request: HttpRequest, personne: Utilisateur) -> bool:
    preuves = get_authentication_records(request, personne)
    if not preuves:
        return False
    debut = preuves[0]["at"]
    depassee = du_futur(debut) or time.time() - debut > settings.SESSION_COOKIE_AGE
    return depassee and personne.est_moderateur
