"""The real content on the real territories, loaded once for this folder and taken away after it."""

import pytest
from django.conf import settings
from django.db import connection

from contributions.chargement import Bilan, charger
from territoires import referentiel

FIXTURES = settings.BASE_DIR / "fixtures"
TABLES = (
    "territoires_territoire, fiches_fiche, fiches_theme, fiches_public, fiches_sigle, fiches_organisme,"
    " fiches_repere, dispositifs_mission, actions_levier"
)


@pytest.fixture(scope="package")
def base_chargee(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        referentiel.charger(FIXTURES / "referentiel")
        yield charger(FIXTURES / "contenu")
        with connection.cursor() as curseur:
            curseur.execute(f"TRUNCATE {TABLES} CASCADE")


@pytest.fixture
def contenu(base_chargee: Bilan, db) -> Bilan:
    return base_chargee
