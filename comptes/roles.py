"""The roles people hold, declared here: Django groups of the same name, made by `manage.py synchroniser_roles`."""

from enum import StrEnum

from django.contrib.auth.models import Group, PermissionsMixin


class Role(StrEnum):
    CONFIANCE = "Contributeur de confiance"
    CORRESPONDANT = "Correspondant ARS"  # of départements: contributions/models/habilitations.py
    MODERATEUR = "Modérateur"
    ADMINISTRATEUR = "Administrateur"


def synchroniser() -> list[Role]:
    """Make the groups that are missing and return them. What each may do is a predicate in code, not a row."""
    return [role for role in Role if Group.objects.get_or_create(name=role.value)[1]]


def donner(utilisateur: PermissionsMixin, *roles: Role) -> None:
    """Give these roles, and no other, to somebody."""
    synchroniser()
    utilisateur.groups.set(Group.objects.filter(name__in=[role.value for role in roles]))
    utilisateur.__dict__.pop("roles", None)  # kept since they were last asked (`Utilisateur.roles`)
