"""The real content on the real territories: loaded by a folder or a module of tests, and taken away after it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from contributions.chargement import Bilan, charger
from territoires import referentiel

FIXTURES = settings.BASE_DIR / "fixtures"
TABLES = (
    "territoires_territoire, fiches_fiche, fiches_theme, fiches_public, fiches_sigle, fiches_organisme,"
    " fiches_repere, dispositifs_mission, actions_levier"
)


@contextmanager
def base_reelle(django_db_blocker) -> Iterator[Bilan]:
    with django_db_blocker.unblock():
        # pytest-django makes a test database only if a test is marked `django_db`: never touch the real one.
        assert connection.settings_dict["NAME"].startswith("test_"), "marquez ces tests django_db"
        referentiel.charger(FIXTURES / "referentiel")
        try:
            yield charger(FIXTURES / "contenu")
        finally:
            with connection.cursor() as curseur:
                curseur.execute(f"TRUNCATE {TABLES} CASCADE")
