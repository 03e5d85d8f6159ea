"""The e-mails of a test, and the queue that sends them: fixtures `courriels` and `vider_la_file` of conftest.py."""

import re
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from courriels.models import Courriel


class Boite(Sequence):
    """What the site wrote, oldest first, read anew each time: `courriels[-1].corps`, `len(courriels)`."""

    def _lus(self) -> list[Courriel]:
        return list(Courriel.objects.order_by("pk"))

    def __len__(self) -> int:
        return len(self._lus())

    def __getitem__(self, rang: Any) -> Any:
        return self._lus()[rang]

    def pour(self, destinataire: str) -> list[Courriel]:
        return [courriel for courriel in self._lus() if courriel.destinataire == destinataire]

    def code(self, destinataire: str) -> str:
        """Return the last code sent to this address."""
        codes = [trouve[0] for c in self.pour(destinataire) if (trouve := re.search(r"\b\d{6}\b", c.corps))]
        return codes[-1]


def vider_la_file() -> list[Exception]:
    """Run the jobs that are due, as a worker would, in this process and its transaction; return the failures.

    A job that fails stays in the queue, for later.
    """
    dus = ProcrastinateJob.objects.filter(Q(scheduled_at=None) | Q(scheduled_at__lte=timezone.now()), status="todo")
    echecs, vus = [], set()
    while jobs := list(dus.exclude(pk__in=vus).order_by("pk")):
        for job in jobs:
            vus.add(job.pk)
            try:
                app.tasks[job.task_name].func(**job.args)
            except Exception as erreur:  # noqa: BLE001  # whatever a job raises
                echecs.append(erreur)
                continue
            with connection.cursor() as curseur:  # the models of procrastinate are read-only
                curseur.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.pk])
    return echecs
