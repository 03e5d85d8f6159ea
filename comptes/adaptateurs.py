"""Adapters that allauth asks of a site: French words, six-digit codes, e-mails through our own queue."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse

from comptes import adresses, coffre, donnees, preuve, reseau, sessions
from comptes.avertissements import avertir
from comptes.liaison import attend, lier
from comptes.models import Utilisateur
from courriels.envoi import ecrire_a_l_adresse_tapee, rendre
from courriels.models import Preuve

# The e-mails of allauth we send, by the name it gives them; a code is worth nothing once it has lapsed.
COURRIELS = {
    "login_code": "code_de_connexion",
    "unknown_account": "compte_inconnu",
    "email_confirmation_signup": "code_d_inscription",
    "email_confirmation": "code_de_confirmation",
    "account_already_exists": "compte_existant",
}
# What one is told when the protection of one's account changes, by whoever changes it.
AVERTISSEMENTS = {
    "email_deleted": "Une adresse a été retirée de votre compte.",
}
FACTEURS = {
    "totp_activated": "Une application d’authentification protège maintenant votre compte.",
    "totp_deactivated": "L’application d’authentification ne protège plus votre compte.",
    "recovery_codes_generated": "De nouveaux codes de secours ont été créés ; les anciens ne valent plus rien.",
    "webauthn_added": "Une clé d’accès a été ajoutée à votre compte.",
    "webauthn_removed": "Une clé d’accès a été retirée de votre compte.",
}
DUREE = timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)


class Adaptateur(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": "Ce code n’est pas le bon. Prenez celui du dernier courriel reçu.",
        "too_many_login_attempts": "Trop d’essais. Attendez un peu, puis demandez un autre code.",
        "rate_limited": "Trop de demandes. Attendez un peu, puis recommencez.",
        "email_taken": "Cette adresse sert déjà à un autre compte.",
        "duplicate_email": "C’est déjà l’adresse de votre compte.",
        "same_as_current": "C’est déjà l’adresse de votre compte.",
        "account_inactive": "Ce compte est fermé.",
    }

    def login(self, request: HttpRequest, user: Utilisateur) -> None:
        if sessions.interrompue(request, user):
            clear_login(request)
            messages.warning(request, "Cette connexion a été interrompue depuis un autre appareil. Recommencez.")
            raise ImmediateHttpResponse(redirect("account_login"))
        super().login(request, user)
        lier(request, user)
        if user.fermeture_prevue_le:
            donnees.garder(user)
            messages.info(request, "Vous êtes de retour\u00a0: votre compte ne sera pas fermé.")

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that limits count by; allauth's own would fail on a list shorter than its proxies."""
        if lue := reseau.ip(request):
            return str(lue)
        raise PermissionDenied

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        return adresses.changer(email_address, lambda: super(Adaptateur, self).confirm_email(request, email_address))

    def get_reauthentication_methods(self, user: Utilisateur | AnonymousUser) -> list[dict]:
        methodes = super().get_reauthentication_methods(user)
        if methodes or not user.is_authenticated:
            return methodes
        return [{"id": "code", "description": "Recevoir un code", "url": reverse("prouver_par_code")}]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        return not preuve.recente(self.request)  # the views ask for it: comptes/preuve.py

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        nom = template_prefix.rpartition("/")[2]
        if nom == "email_changed":
            return  # comptes/adresses.py says it, with the link that undoes it
        if nom in FACTEURS:
            avertir(email, f"{FACTEURS[nom]} Vos autres appareils sont déconnectés.")
            return
        if nom in AVERTISSEMENTS:
            avertir(email, AVERTISSEMENTS[nom])
            return
        nom = COURRIELS[nom]
        d_un_compte = Utilisateur.objects.a_prouve(email) and nom == "code_de_connexion"
        self._ecrire(nom, email, context, preuve=Preuve.DEMANDEE if d_un_compte else Preuve.AUCUNE)

    def faire_semblant(self, email: str) -> None:
        """Look for the account again, write an e-mail never sent: the answer must take as long without an account.

        It counts for the ceiling of this address, as the code of an account would.
        """
        Utilisateur.objects.filter(email=email).first()
        Utilisateur.objects.a_prouve(email)
        self._ecrire("compte_inconnu", email, {}, duree=timedelta(microseconds=1), preuve=Preuve.DEMANDEE)

    def _ecrire(
        self, nom: str, email: str, context: dict[str, Any], *, preuve: Preuve, duree: timedelta = DUREE
    ) -> None:
        """Once a ceiling is reached nothing is said here: who asks for a code must not learn who has an account."""
        contexte = {
            "code": context.get("code", ""),
            "minutes": int(DUREE.total_seconds() // 60),
            "liaison": attend(self.request),
        }
        textes, cle = rendre(f"comptes/{nom}", contexte), f"compte-{nom}-{uuid4()}"
        ecrire_a_l_adresse_tapee(email, *textes, cle=cle, duree=duree, preuve=preuve)

    def send_account_already_exists_mail(self, email: str) -> None:
        self.send_mail("account_already_exists", email, {})  # allauth's own would link to the reset of a password


class AdaptateurSecondFacteur(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "Ce code n’est pas le bon.",
        "unverified_email": "Confirmez d’abord votre adresse électronique.",
        "rate_limited": "Trop d’essais. Attendez un peu, puis recommencez.",
    }

    def encrypt(self, text: str) -> str:
        return coffre.chiffrer(text)

    def decrypt(self, encrypted_text: str) -> str:
        return coffre.dechiffrer(encrypted_text)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Santé en territoires"}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        return {**super().get_public_key_credential_user_entity(user), "display_name": str(user)}
