"""Naming: giving roles to somebody, and telling who has just become a moderator how to start."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from comptes.models import Utilisateur
from comptes.roles import Role, donner
from courriels.envoi import ecrire, rendre

MODERENT = {Role.MODERATEUR, Role.ADMINISTRATEUR}


@transaction.atomic
def nommer(personne: Utilisateur, *roles: Role) -> None:
    """Give these roles, and no other; a new moderator gets the e-mail that lets her start."""
    avant = personne.roles
    donner(personne, *roles)
    accueillir(personne, avant)


def accueillir(personne: Utilisateur, avant: Collection[str]) -> None:
    """Tell her how to start, if she moderates now and did not with the roles of before. Once a day at most."""
    if MODERENT & personne.roles and not MODERENT & {*avant} and personne.is_active:
        corps = rendre("comptes/nommee", {"administre": personne.est_administrateur})
        ecrire(personne.email, *corps, cle=f"nommee-{personne.pk}-{timezone.localdate():%Y%m%d}")
