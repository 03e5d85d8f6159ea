"""What every test needs: the embedded PostgreSQL up, and no database left by a run that was killed."""

import contextlib
import gc
import os
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, connections
from django.template import Context, Template
from hypothesis import HealthCheck, settings

from config import base_embarquee
from tests import base_gabarit
from tests.essais import essais

if TYPE_CHECKING:
    from tests.boite import Boite


# No test is timed: a loaded machine is not a failure (performance is measured by `make bench`). A fixture of a function
# serves all the examples of a property: each takes back what it wrote. A property that names no number (`essais`) is
# worth a hundred.
settings.register_profile(
    "maison", essais(100), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("maison")
gc.set_threshold(50_000, 20, 20)  # the collector passed every 700 objects: a fifth of the run


def pytest_configure() -> None:
    try:
        base_embarquee.demarrer()
    except base_embarquee.ErreurBase as erreur:
        pytest.exit(str(erreur), returncode=3)


def pytest_collection_finish() -> None:
    """Spare the garbage collector what lives until the end."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log) -> Any:
    """Give each process whole rooms (tests/contenu, tests/moderation…): what a room loads, it loads once."""
    from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415  # only when tests run in several processes

    class ParSalle(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return nodeid.split("/")[1]

    return ParSalle(config, log)


@pytest.fixture(scope="session")
def django_test_environment(django_test_environment) -> None:
    """Note for `response.context` what a page is drawn with, not each of its pieces: a fifth of the tests of forms."""
    noter = Template._render

    def _render(self: Template, context: Context) -> str:
        return noter(self, context) if context.template is self else self.nodelist.render(context)

    Template._render = _render  # what Django put there, it takes away in the end


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Close, before the test database is dropped, the connections that the threads of a served site may still hold."""
    if not os.environ.get("DATABASE_URL"):
        with django_db_blocker.unblock():
            base_gabarit.garder()
    yield
    with django_db_blocker.unblock(), connection.cursor() as curseur:
        curseur.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, django_db_blocker) -> None:
    """Copy the database already migrated, if there is one; drop those of runs that were killed."""
    if os.environ.get("DATABASE_URL"):
        return  # maybe shared by several machines, whose processes we do not see
    with django_db_blocker.unblock(), connection._nodb_cursor() as curseur:
        curseur.execute("SELECT datname FROM pg_database")
        for (base,) in curseur.fetchall():
            processus = re.fullmatch(r"test_.*_(\d+)(_gw\d+)?", base)
            if processus and not _existe(int(processus[1])):
                curseur.execute(f'DROP DATABASE IF EXISTS "{base}" WITH (FORCE)')
        if base_gabarit.nom() in base_gabarit.noms():
            connection.settings_dict["TEST"]["TEMPLATE"] = base_gabarit.nom()


def _existe(processus: int) -> bool:
    with contextlib.suppress(PermissionError):  # it exists, and is not ours
        try:
            os.kill(processus, 0)
        except ProcessLookupError:
            return False
    return True


@pytest.fixture
def base_ouverte(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Let the test commit for good, as several threads or processes must, and empty the tables before and after it.

    (Not `django_db(transaction=True)`: it would empty the tables that migrations fill too.)
    """
    from tests.base_ouverte import vider  # noqa: PLC0415  # models are not ready when this file is read

    with django_db_blocker.unblock():
        assert connection.settings_dict["NAME"].startswith("test_"), "il faut un test marqué django_db"
        vider()
        yield
        vider()
        connections.close_all()


@pytest.fixture
def courriels(db) -> "Boite":
    """The e-mails the site wrote during this test, oldest first."""
    from tests.boite import Boite  # noqa: PLC0415  # models are not ready when this file is read

    return Boite()


@pytest.fixture
def vider_la_file(db) -> Callable[[], list[Exception]]:
    """Call it to run the jobs that wait, as a worker would; it returns their failures."""
    from tests.boite import vider_la_file  # noqa: PLC0415  # as above

    return vider_la_file
