"""Rehearsal of a decision: done, looked at, undone. What would stop it stops it before anybody confirms."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from courriels.envoi import ecrits
from courriels.models import Courriel


def repeter(geste: Callable[[], Any], regarder: Callable[[Any], Any]) -> tuple[Any, list[Courriel]]:
    """Do it, read what came of it and the e-mails it wrote, undo it."""
    with transaction.atomic(), ecrits() as partis:
        vu = regarder(geste())
        transaction.set_rollback(True)
    return vu, partis
