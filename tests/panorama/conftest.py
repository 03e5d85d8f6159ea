"""The places of the room, and a day on which what was said of them in 2023 holds."""

from collections.abc import Iterator

import pytest
import time_machine

from territoires.models import Territoire
from tests.factories import territoire


@pytest.fixture
def en_juin() -> Iterator[None]:
    with time_machine.travel("2024-06-01"):
        yield


@pytest.fixture
def departement(db) -> Territoire:
    return territoire("departement", "76", "Seine-Maritime")


@pytest.fixture
def metropole(departement: Territoire) -> Territoire:
    return territoire("epci", "200023414", "Métropole", dans=[departement])


@pytest.fixture
def elbeuf(metropole: Territoire, departement: Territoire) -> Territoire:
    return territoire("commune", "76231", "Elbeuf", dans=[metropole, departement])
