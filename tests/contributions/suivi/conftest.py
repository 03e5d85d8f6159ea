"""A fiche, and what somebody proposes to change in it."""

import pytest

from tests.contributions.recits import proposition
from tests.factories import fiche_dispositif


@pytest.fixture
def fiche():
    return fiche_dispositif(
        slug="asv", titre="Atelier", sections={"description": "Une démarche.[^1]", "cout": "Dix euros."}
    )


@pytest.fixture
def une(fiche):
    return proposition(fiche, cout="Vingt euros.", duree="Un an.")
