"""Answers of access keys: read without trusting their shape, from our address only, and counted (WebAuthn, § 7)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import Error, transaction
from django.http import HttpRequest
from django.utils import timezone
from fido2.utils import websafe_encode
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

from comptes.avertissements import avertir

REFUS = "Cette clé n’a pas pu être vérifiée. Recommencez, ou choisissez un autre moyen."
COPIEE = (
    "Une clé d’accès a été refusée : elle dit avoir moins servi que la dernière fois, comme une copie. "
    "Si ce n’était pas vous, retirez-la de votre compte."
)
COMPTEUR = "compteur"


@contextmanager
def refuser_l_illisible() -> Iterator[None]:
    """Turn whatever the bytes of a stranger trip on, in code that promises no error of its own, into a refusal."""
    try:
        yield
    except Error:  # a database away
        raise
    except Exception as erreur:
        if getattr(erreur, "code", "") == "too_many_login_attempts":
            raise
        raise ValidationError(REFUS, code="cle") from erreur


def lire_connexion(request: HttpRequest, recue: Any) -> tuple[dict[str, Any], int]:
    """Return what a key answers to whoever signs in, with nothing else than what the norm says, and its counter."""
    with refuser_l_illisible():
        lue = AuthenticationResponse.from_dict(recue)
        reponse = lue.response
        _verifier_origine(request, reponse.client_data.origin)
        preuves = {
            "clientDataJSON": websafe_encode(reponse.client_data),
            "authenticatorData": websafe_encode(reponse.authenticator_data),
            "signature": websafe_encode(reponse.signature),
        }
        if reponse.user_handle is not None:
            preuves["userHandle"] = websafe_encode(reponse.user_handle)
        return _enveloppe(lue, preuves), reponse.authenticator_data.counter


def lire_ajout(request: HttpRequest, recue: Any) -> dict[str, Any]:
    """Return what a key answers to whoever adds it, with nothing else than what the norm says."""
    with refuser_l_illisible():
        lue = RegistrationResponse.from_dict(recue)
        reponse = lue.response
        _verifier_origine(request, reponse.client_data.origin)
        if reponse.attestation_object.auth_data.credential_data is None:
            raise ValidationError(REFUS, code="cle")
        preuves = {
            "clientDataJSON": websafe_encode(reponse.client_data),
            "attestationObject": websafe_encode(reponse.attestation_object),
        }
        seule = (recue.get("clientExtensionResults") or {}).get("credProps", {}).get("rk")
        return {**_enveloppe(lue, preuves), "clientExtensionResults": {"credProps": {"rk": bool(seule)}}}


def a_servi(cle: Authenticator, compteur: int) -> bool:
    """Note how many times a key says to have served; return whether that is possible, and tell its owner if it is not.

    A key that counts is refused as soon as it goes back: somebody has a copy of it. Those that do not count say 0.
    """
    with transaction.atomic():
        tenue = Authenticator.objects.select_for_update().get(pk=cle.pk)
        dernier = tenue.data.get(COMPTEUR, tenue.wrap().authenticator_data.counter)
        possible = compteur > dernier or compteur == dernier == 0
        if possible:
            tenue.data[COMPTEUR] = compteur
            tenue.save(update_fields=["data"])
        else:
            # Once a day, however often it is tried.
            avertir(cle.user.email, COPIEE, cle=f"compte-cle-copiee-{cle.pk}-{timezone.localdate()}")
    cle.data = tenue.data
    return possible


def _enveloppe(lue: AuthenticationResponse | RegistrationResponse, preuves: dict[str, str]) -> dict[str, Any]:
    return {"id": lue.id, "rawId": lue.id, "type": "public-key", "response": preuves}


def _verifier_origine(request: HttpRequest, origine: str) -> None:
    """Refuse what was signed for another page than ours, a sub-domain or another port included."""
    admises = {settings.SITE_URL}
    if app_settings.WEBAUTHN_ALLOW_INSECURE_ORIGIN:  # the demonstration, whatever the name one gives this machine
        admises.add(f"{request.scheme}://{request.get_host()}")
    if origine not in admises:
        raise ValidationError(REFUS, code="cle")
