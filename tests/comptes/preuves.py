"""Proving who one is, in the tests: a second factor held, a sign-in carried to its end."""

import time

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from comptes.models import Utilisateur
from tests.boite import Boite

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_de(secret: str = SECRET, decalage: int = 0) -> str:
    """Return the code an application shows now, or so many periods later."""
    return format_hotp_value(hotp_value(secret, [*yield_hotp_counters_from_time()][1] + decalage))


def se_connecter(client: Client, courriels: Boite, adresse: str, **champs: str):
    """Give the code received; return the last answer."""
    client.post("/comptes/connexion/", {"email": adresse})
    return client.post("/comptes/code/", {"code": courriels.code(adresse), **champs})


def prouver(client: Client, personne: Utilisateur, methode: str = "code") -> None:
    """Note in the session of somebody signed in that she has just given this proof."""
    session = client.session
    preuves = [*session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])]
    preuves.append({"method": methode, "at": time.time(), "email": personne.email})
    session[AUTHENTICATION_METHODS_SESSION_KEY] = preuves
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(personne.pk)
    session.save()


def entrer(client: Client, personne: Utilisateur, methode: str = "code") -> None:
    """Sign in, by a proof given now."""
    client.force_login(personne)
    prouver(client, personne, methode)
