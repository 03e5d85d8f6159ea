"""The real content on the real territories: loaded by a folder or a module of tests, and taken away after it.

Loading takes ten seconds: the rows the first loading wrote are kept, and given back to those that follow it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from contenu.chargement import Bilan, charger
from territoires import referentiel

FIXTURES = settings.BASE_DIR / "fixtures"
TABLES = (
    "territoires_territoire, fiches_fiche, fiches_theme, fiches_public, fiches_sigle, fiches_organisme,"
    " fiches_repere, dispositifs_mission, actions_levier"
)
# The columns to copy of each table: not those that PostgreSQL computes itself.
COLONNES = """
    SELECT table_name, string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)
    FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND is_generated = 'NEVER'
    GROUP BY table_name
"""
_gardees: tuple[Bilan, dict[str, bytes]] | None = None


@contextmanager
def base_reelle(django_db_blocker) -> Iterator[Bilan]:
    with django_db_blocker.unblock():
        # pytest-django makes a test database only if a test is marked `django_db`: never touch the real one.
        assert connection.settings_dict["NAME"].startswith("test_"), "marquez ces tests django_db"
        try:
            yield _remettre(*_gardees) if _gardees else _charger()
        finally:
            with connection.cursor() as curseur:
                curseur.execute(f"TRUNCATE {TABLES} CASCADE")


def _charger() -> Bilan:
    global _gardees  # noqa: PLW0603  # one loading serves the whole run
    with connection.cursor() as curseur:
        avant = _lire(curseur)
        referentiel.charger(FIXTURES / "referentiel")
        bilan = charger(FIXTURES / "contenu")
        _gardees = bilan, {table: rangs for table, rangs in _lire(curseur).items() if rangs and not avant[table]}
    return bilan


def _lire(curseur: CursorWrapper) -> dict[str, bytes]:
    """Return the rows of every table as PostgreSQL copies them."""
    curseur.execute(COLONNES)
    rangs = {}
    for table, colonnes in curseur.fetchall():
        with curseur.copy(f"COPY {table} ({colonnes}) TO STDOUT") as copie:
            rangs[f"{table} ({colonnes})"] = b"".join(copie)
    return rangs


@transaction.atomic
def _remettre(bilan: Bilan, rangs: dict[str, bytes]) -> Bilan:
    with connection.cursor() as curseur:
        curseur.execute("SET LOCAL session_replication_role = replica")  # rows already checked, in any order
        for table, contenu in rangs.items():
            with curseur.copy(f"COPY {table} FROM STDIN") as copie:
                copie.write(contenu)
    return bilan
