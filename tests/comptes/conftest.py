"""Somebody whose role asks for a second factor."""

import pytest

from comptes.models import Utilisateur
from comptes.roles import Role
from tests.factories import personne


@pytest.fixture
def mina(settings) -> Utilisateur:
    settings.SECOND_FACTEUR_REQUIS = True
    return personne("mina", Role.MODERATEUR)
