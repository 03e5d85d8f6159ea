"""A base that several threads, or processes, read and write at once."""

from collections.abc import Iterator

import pytest
from django.db import connection, connections

from fiches.models import Edition

TABLES = "fiches_fiche, territoires_territoire, comptes_utilisateur, courriels_courriel, procrastinate_jobs"


@pytest.fixture
def base_ouverte(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Let the test commit for good, and empty the tables after it."""
    with django_db_blocker.unblock():
        assert connection.settings_dict["NAME"].startswith("test_"), "il faut un test marqué django_db"
        vider()
        yield
        vider()
        connections.close_all()


def vider() -> None:
    with connection.cursor() as curseur:
        curseur.execute(f"TRUNCATE {TABLES} CASCADE")
    Edition.objects.get_or_create(pk=1)  # a test that pytest-django flushed may have taken it away
