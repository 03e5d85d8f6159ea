"""Proof that an address answers: a key that only the e-mail sent there carries.

The secret link of a proposition is not enough: whoever sends one is shown it at once, whatever address was typed.
"""

from django.core.signing import Signer
from django.utils.crypto import constant_time_compare

from contributions.models import Proposition

SEL = "contributions.confirmation"


def cle(proposition: Proposition) -> str:
    """Return the key of this proposition and of this address: another address has another key."""
    return Signer(salt=SEL).signature(f"{proposition.pk}:{proposition.courriel.lower()}")


def est_la_cle(proposition: Proposition, donnee: str) -> bool:
    return constant_time_compare(donnee.encode(errors="replace"), cle(proposition).encode())
