"""The whole official reference, loaded once for this folder and taken away after it."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import connection

from territoires.models import Territoire
from territoires.referentiel import Bilan, charger
from tests.base_reelle import vider

DOSSIER = settings.BASE_DIR / "fixtures" / "referentiel"


@pytest.fixture(scope="package")
def premier_chargement(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield charger(DOSSIER)
        with connection.cursor() as curseur:
            vider(curseur)


@pytest.fixture
def referentiel(premier_chargement: Bilan, db) -> Callable[[str], Territoire]:
    """Return a territory of France by its designation: `commune:76540`."""

    def trouver(designation: str) -> Territoire:
        nature, code = designation.split(":")
        return Territoire.objects.get(nature=nature, code=code)

    return trouver
