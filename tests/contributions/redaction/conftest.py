"""A fiche, and the form that proposes to change it."""

import pytest

from tests.contributions.papier import ouvrir
from tests.factories import fiche_dispositif


@pytest.fixture
def fiche():
    return fiche_dispositif(slug="asv", sections={"description": "Une démarche.[^1]", "cout": "Peu."})


@pytest.fixture
def papier(client, fiche):
    return ouvrir(client, "/dispositifs/asv/proposer/")
