"""The invented people of the demonstration (fixtures/demo/personnes.yaml)."""

from typing import Any

import yaml
from allauth.account.models import EmailAddress
from django.conf import settings

from comptes.models import Utilisateur
from comptes.roles import Role, donner

FICHIER = settings.BASE_DIR / "fixtures" / "demo" / "personnes.yaml"


def personnes() -> list[dict[str, Any]]:
    lues = yaml.safe_load(FICHIER.read_text(encoding="utf-8"))
    return [{**personne, "role": Role[personne["role"]]} for personne in lues]


def charger() -> int:
    """Create the people who are missing, as the file says; leave the others as they made themselves. Return how many.

    Only in the demonstration: elsewhere, an invented moderator would be a way in.
    """
    if not settings.DEMO:
        raise RuntimeError("Les personnes inventées n’existent que dans la démonstration.")
    creees = 0
    for personne in personnes():
        role = personne.pop("role")
        email = personne.pop("email")
        utilisateur, nouveau = Utilisateur.objects.get_or_create(email=email, defaults=personne)
        if nouveau:
            EmailAddress.objects.create(user=utilisateur, email=email, verified=True, primary=True)
            donner(utilisateur, role)
            creees += 1
    return creees
