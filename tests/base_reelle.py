"""The real content on the real territories: loaded by a folder or a module of tests, and taken away after it.

Loading takes long: the rows it wrote are kept for the day, and given back to whoever asks for them, in this run or
another, as long as neither the content nor the code changed.
"""

import fcntl
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from contenu.chargement import Bilan, charger
from territoires import referentiel

FIXTURES = settings.BASE_DIR / "fixtures"
TABLES = (
    "territoires_territoire, territoires_millesime, fiches_fiche, fiches_theme, fiches_public, fiches_sigle,"
    " fiches_organisme, fiches_mot, fiches_repere, dispositifs_mission, actions_levier, recherche_synonyme"
)
# The columns to copy of each table: not those that PostgreSQL computes itself.
COLONNES = """
    SELECT table_name, string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)
    FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND is_generated = 'NEVER'
    GROUP BY table_name
"""
GARDEES: Path = settings.BASE_DIR / ".pytest_cache"
Rangs = dict[str, bytes]  # of each table, as PostgreSQL copies them


@contextmanager
def base_reelle(django_db_blocker) -> Iterator[Bilan]:
    with django_db_blocker.unblock():
        # pytest-django makes a test database only if a test is marked `django_db`: never touch the real one.
        assert connection.settings_dict["NAME"].startswith("test_"), "marquez ces tests django_db"
        try:
            yield _garnir()
        finally:
            with connection.cursor() as curseur:
                vider(curseur)


def _garnir() -> Bilan:
    GARDEES.mkdir(exist_ok=True)
    rangees = GARDEES / f"base-reelle-{_empreinte()}"
    with (GARDEES / "verrou").open("w") as verrou:  # of several processes, one loads and the others copy
        fcntl.flock(verrou, fcntl.LOCK_EX)
        if not rangees.exists():
            bilan, rangs = _charger()
            for anciennes in GARDEES.glob("base-reelle-*"):
                anciennes.unlink()
            provisoire = GARDEES / "base-reelle-provisoire"
            provisoire.write_bytes(pickle.dumps((bilan, rangs)))
            provisoire.rename(rangees)
            return bilan
        bilan, rangs = pickle.loads(rangees.read_bytes())
    _remettre(rangs)
    return bilan


def _empreinte() -> str:
    """Return what the rows depend on: the day, the content, the code, the packages."""
    empreinte = sha256(str(timezone.localdate()).encode())
    for motif in ("fixtures/**/*.*", "[a-z]*/**/*.py", "requirements/*.txt"):
        for fichier in sorted(settings.BASE_DIR.glob(motif)):
            if fichier.relative_to(settings.BASE_DIR).parts[0] not in ("tests", "bench"):
                empreinte.update(fichier.read_bytes())
    return empreinte.hexdigest()[:16]


def vider(curseur: CursorWrapper) -> None:
    """Empty the tables of the real content: words stay when the fiches that wrote them go."""
    curseur.execute(f"TRUNCATE {TABLES} CASCADE")


def _charger() -> tuple[Bilan, Rangs]:
    with connection.cursor() as curseur:
        vider(curseur)
        avant = _lire(curseur)
        referentiel.charger(FIXTURES / "referentiel")
        bilan = charger(FIXTURES / "contenu")
        return bilan, {table: rangs for table, rangs in _lire(curseur).items() if rangs and not avant[table]}


def _lire(curseur: CursorWrapper) -> Rangs:
    curseur.execute(COLONNES)
    rangs = {}
    for table, colonnes in curseur.fetchall():
        with curseur.copy(f"COPY {table} ({colonnes}) TO STDOUT") as copie:
            rangs[f"{table} ({colonnes})"] = b"".join(copie)
    return rangs


@transaction.atomic
def _remettre(rangs: Rangs) -> None:
    with connection.cursor() as curseur:
        vider(curseur)
        curseur.execute("SET LOCAL session_replication_role = replica")  # rows already checked, in any order
        for table, contenu in rangs.items():
            with curseur.copy(f"COPY {table} FROM STDIN") as copie:
                copie.write(contenu)
        for suite in connection.ops.sequence_reset_sql(no_style(), apps.get_models(include_auto_created=True)):
            curseur.execute(suite)
