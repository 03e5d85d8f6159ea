"""The e-mail that tells people what has just changed in the protection of their account, whoever changed it."""

from uuid import uuid4

from allauth.core import context, ratelimit
from django.utils import timezone

from comptes.models import Utilisateur
from courriels.envoi import ecrire, rendre


def avertir(adresse: str, phrase: str, *, cle: str = "") -> None:
    """Write it; a `cle` keeps it from being written twice."""
    textes = rendre("comptes/avertissement", {"phrase": phrase, "le": timezone.now()})
    ecrire(adresse, *textes, cle=cle or f"compte-avertissement-{uuid4()}")


def avertir_des_essais(personne: Utilisateur) -> None:
    """Count one more wrong second factor; at the third within an hour, tell its owner, once a day."""
    if ratelimit.consume(context.request, action="second_facteur_faux", key=str(personne.pk)):
        return
    phrase = "Plusieurs mauvais codes ont été essayés comme second facteur de votre compte."
    avertir(personne.email, phrase, cle=f"compte-essais-{personne.pk}-{timezone.localdate()}")
