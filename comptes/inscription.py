"""Sign-up: an account made when its code comes back, so that asking for one is the same work for any address."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification import (
    add_email_verification_sent_message,
    handle_verification_email_rate_limit,
)
from allauth.account.internal.flows.email_verification_by_code import EmailVerificationProcess
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.stagekit import clear_login, stash_login
from allauth.account.models import EmailAddress, Login
from allauth.account.stages import EmailVerificationStage
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from comptes.models import Utilisateur

DEJA = "deja_un_compte"


class Inscription(EmailVerificationProcess):
    """A code sent to an address without an account; to another one, an e-mail that says so, and a code nobody knows."""

    @classmethod
    def demander(cls, request: HttpRequest, adresse: str, *, deja: bool, suite: str | None) -> HttpResponse:
        login = Login(user=None, email=adresse, signup=True, redirect_url=suite)
        login.state["stages"] = {"current": EmailVerificationStage.key}
        demande = cls(request, {**cls.initial_state(None, adresse), DEJA: deja})
        demande.generate_code()
        demande.send()
        demande.persist()
        stash_login(request, login)
        return redirect("account_email_verification_sent")

    @staticmethod
    def attendue(etat: dict[str, Any]) -> bool:
        """Say whether it is an account that waits for this code, and not another address of somebody who has one."""
        return DEJA in etat

    def generate_code(self) -> None:
        super().generate_code()
        if self.state[DEJA]:
            self.state["code"] = ""

    def send(self, skip_enumeration_mails: bool = False) -> None:
        handle_verification_email_rate_limit(self.request, self.email)
        adaptateur = get_adapter(self.request)
        if not self.state[DEJA]:
            adaptateur.send_mail("account/email/email_confirmation_signup", self.email, {"code": self.code})
        elif skip_enumeration_mails:
            adaptateur.faire_semblant(self.email)
        else:
            adaptateur.send_account_already_exists_mail(self.email)
        add_email_verification_sent_message(self.request, self.email, signup=True)

    def ouvrir(self, suite: str | None) -> HttpResponse:
        """Make the account, its address proved, and sign in; if somebody made it meanwhile, it is hers all the same."""
        with transaction.atomic():
            personne, _ = Utilisateur.objects.get_or_create(email=self.email)
            preuve = {"verified": True, "primary": True}
            EmailAddress.objects.update_or_create(user=personne, email=self.email, defaults=preuve)
        self.abort()
        clear_login(self.request)
        record_authentication(self.request, personne, method="code", email=self.email)
        return perform_login(self.request, Login(user=personne, email=self.email, signup=True, redirect_url=suite))
