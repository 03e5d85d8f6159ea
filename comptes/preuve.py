"""A fresh proof of who acts, before what cannot be undone: the second factor, or a code sent to the present address."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from uuid import uuid4

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.core import ratelimit
from allauth.core.internal.httpkit import authenticated_user, serialize_request
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import urlencode

from comptes.horloge import du_futur
from courriels.envoi import ecrire, rendre

Vue = Callable[..., HttpResponseBase]
CODE_DEMANDE = "preuve_par_code"


def second_facteur_donne(request: HttpRequest) -> bool:
    """Say whether this very session gave a second factor; that the account has one proves nothing of who holds it."""
    return any(preuve["method"] == "mfa" for preuve in get_authentication_records(request, request.user))


def recente(request: HttpRequest) -> bool:
    """Say whether this session proved who acts within `MINUTES_DE_PREUVE`; having just signed in is a proof."""
    personne = authenticated_user(request)
    preuves = [preuve for preuve in get_authentication_records(request, personne) if _fraiche(preuve["at"])]
    if is_mfa_enabled(personne):
        return any(preuve["method"] == "mfa" for preuve in preuves)
    codes = [preuve for preuve in preuves if preuve["method"] == "code"]
    return any((preuve.get("email") or "").lower() == personne.email for preuve in codes)


def _fraiche(instant: float) -> bool:
    return not du_futur(instant) and time.time() - instant < settings.MINUTES_DE_PREUVE * 60


def exigee(vue: Vue) -> Vue:
    """Keep a view for whoever has just proved who they are; the others prove it, and come back.

    Below `login_required`. On a class-based view: `@method_decorator([login_required, exigee], name="dispatch")`.
    """

    @wraps(vue)
    def gardee(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        return vue(request, *args, **kwargs) if recente(request) else demander(request)

    return gardee


def demander(request: HttpRequest) -> HttpResponseBase:
    """Lead to where one proves it, then back; what was posted waits in the session, and is played again."""
    suite = request.get_full_path()
    request.session.pop(STATE_SESSION_KEY, None)  # what was given up must not be played at the next proof
    if request.method == "POST":
        request.session[STATE_SESSION_KEY] = {"request": serialize_request(request)}
        suite = request.path  # what allauth compares; the query is kept with what was posted
    methode = get_adapter(request).get_reauthentication_methods(request.user)[0]
    return redirect(f"{methode['url']}?{urlencode({'next': suite})}")


class ParCode(AbstractCodeVerificationProcess):
    """A code sent to the present address of the person signed in, as long and as guessable as the one to sign in."""

    def __init__(self, request: HttpRequest, state: dict) -> None:
        self.request = request
        super().__init__(
            max_attempts=settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS,
            timeout=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT,
            state=state,
            user=authenticated_user(request),
        )

    @classmethod
    def demander(cls, request: HttpRequest) -> bool:
        """Send a code; say no if too many were asked."""
        personne = authenticated_user(request)
        if not ratelimit.consume(request, action="request_login_code", key=personne.email):
            return False
        demande = cls(request, cls.initial_state(personne, email=personne.email))
        demande.send()
        demande.persist()
        return True

    @classmethod
    def reprendre(cls, request: HttpRequest) -> "ParCode | None":
        """Return the one that waits for its code, if its time is not over and the address is still the same."""
        etat = request.session.get(CODE_DEMANDE)
        if not etat or etat["email"] != authenticated_user(request).email:
            return None
        return cls(request, etat).abort_if_invalid()

    def send(self) -> None:
        self.state["code"] = get_adapter(self.request).generate_login_code()
        textes = rendre("comptes/code_de_preuve", {"code": self.code, "minutes": self.timeout // 60})
        cle = f"compte-code_de_preuve-{uuid4()}"
        ecrire(self.state["email"], *textes, cle=cle, duree=timedelta(seconds=self.timeout))

    def persist(self) -> None:
        self.request.session[CODE_DEMANDE] = self.state

    def abort(self) -> None:
        self.request.session.pop(CODE_DEMANDE, None)

    def finir(self) -> None:
        """Note that the code came back."""
        self.abort()
        record_authentication(self.request, self.user, method="code", email=self.state["email"], reauthenticated=True)
