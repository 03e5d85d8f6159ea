"""A decision rehearsed: done, looked at, undone. What would stop it stops it before anybody confirms."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Q

from courriels.models import Courriel


def repeter(
    geste: Callable[[], Any], siens: Q, regarder: Callable[[Any], Any] = lambda fait: fait
) -> tuple[Any, list[Courriel]]:
    """Do it, read what came of it and its e-mails (those that `siens` selects), undo it."""
    with transaction.atomic():
        avant = Courriel.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        vu = regarder(geste())
        courriels = list(Courriel.objects.filter(siens, pk__gt=avant).order_by("pk"))
        transaction.set_rollback(True)
    return vu, courriels
