"""The secrets of second factors, encrypted in the database: a copy of it is not enough to make codes.

The key is derived from SECRET_KEY. After a change, SECRET_KEY_FALLBACKS still reads what the former key wrote, until
`manage.py rechiffrer` has written it again.
"""

import base64
import logging
import secrets
from collections.abc import Callable
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

logger = logging.getLogger(__name__)
MARQUE = "chiffré:"
CHAMPS = ("secret", "seed")


def chiffrer(clair: str) -> str:
    return MARQUE + _coffre().encrypt(clair.encode()).decode()


def dechiffrer(ecrit: str) -> str:
    """Return the secret; what no key of ours opens is worth another one, that nobody knows: no code will be right."""
    if not ecrit.startswith(MARQUE):
        return ecrit  # written before secrets were encrypted
    try:
        return _coffre().decrypt(ecrit.removeprefix(MARQUE)).decode()
    except InvalidToken:
        message = "Le secret d’un second facteur ne s’ouvre avec aucune clé : SECRET_KEY a-t-elle changé ?"
        logger.error(message)  # noqa: TRY400  # a trace would say no more
        return base64.b32encode(secrets.token_bytes(20)).decode()


def rechiffrer(facteurs: Any, ecrire: Callable[[str], str] = chiffrer) -> int:
    """Write the secrets of these factors again, with the present key; return how many, stop at one no key opens."""
    nombre = 0
    for facteur in facteurs.select_for_update().order_by("pk"):
        tenus = [champ for champ in CHAMPS if champ in facteur.data]
        for champ in tenus:
            lu = facteur.data[champ]
            clair = _coffre().decrypt(lu.removeprefix(MARQUE)).decode() if lu.startswith(MARQUE) else lu
            facteur.data[champ] = ecrire(clair)
        if tenus:
            facteur.save(update_fields=["data"])
            nombre += 1
    return nombre


def _coffre() -> MultiFernet:
    return MultiFernet([Fernet(_cle(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _cle(secret: str | bytes) -> bytes:
    derivee = HKDF(SHA256(), length=32, salt=None, info=b"comptes.coffre").derive(force_bytes(secret))
    return base64.urlsafe_b64encode(derivee)
