"""What most tests of the desk begin with."""

import pytest
from django.test import Client

from tests.factories import moderatrice


@pytest.fixture
def poste(client: Client) -> Client:
    """The browser of a moderator who is signed in."""
    client.force_login(moderatrice())
    return client
