import pytest

from contenu.chargement import Bilan
from tests.base_reelle import base_reelle


@pytest.fixture(scope="package")
def base_chargee(django_db_setup, django_db_blocker):
    with base_reelle(django_db_blocker) as bilan:
        yield bilan


@pytest.fixture
def contenu(base_chargee: Bilan, db) -> Bilan:
    return base_chargee
