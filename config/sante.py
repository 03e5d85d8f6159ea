"""Two probes, in plain text, for machines: `/sante` (the process answers) and `/sante/pret` (it may be given readers).

They open no session, set no cookie, are never cached, and say only the name of what is wrong.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from comptes import disque
from courriels.plafonds import site_plein

ATTENTE_AU_PLUS = timedelta(minutes=10)  # of a job, before we believe that nobody works


@require_safe
@never_cache
def vivant(request: HttpRequest) -> HttpResponse:
    """Say that the process answers. Asks nothing of the database: restarting us would not bring it back."""
    return _texte("vivant")


@require_safe
@never_cache
def pret(request: HttpRequest) -> HttpResponse:
    """Say whether the database answers, takes what is written, has the tables this code expects, and whether somebody
    works through the queues. What an operator should know of a site that is ready all the same is told too: a disk
    almost full, the ceiling of e-mails reached."""
    manques = []
    for nom, verifier in VERIFICATIONS.items():
        try:
            bon = verifier()
        except DatabaseError:
            bon = False
        if not bon:
            manques.append(nom)
    if manques:
        return _texte(f"pas prêt : {', '.join(manques)}", 503)
    attentions = {"disque presque plein": disque.presque_pleins(), "plafond des courriels atteint": site_plein()}
    return _texte(" ; ".join(["prêt", *(mots for mots, vrai in attentions.items() if vrai)]))


def _texte(texte: str, code: int = 200) -> HttpResponse:
    return HttpResponse(f"{texte}\n", status=code, content_type="text/plain; charset=utf-8")


def _base_repond() -> bool:
    with connection.cursor() as curseur:
        curseur.execute("SELECT 1")
        return curseur.fetchone() == (1,)


def _base_ecrit() -> bool:
    """Say whether one may write: not on a standby, nor on a base set read-only. A base that is away is « base »."""
    try:
        with connection.cursor() as curseur:
            curseur.execute("SHOW transaction_read_only")
            return curseur.fetchone() == ("off",)
    except DatabaseError:
        return True


@cache
def _migrations_attendues() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).graph.nodes)


def _migrations_faites() -> bool:
    return _migrations_attendues() <= MigrationRecorder(connection).applied_migrations().keys()


def _files_avancent() -> bool:
    """Say whether, in each queue, a job was picked lately or none waits for long (its turn come)."""
    limite = timezone.now() - ATTENTE_AU_PLUS
    attend = Q(scheduled_at__lt=limite) | Q(scheduled_at=None, procrastinateevent__at__lt=limite)
    prises = ProcrastinateEvent.objects.filter(type="started", at__gte=limite).values("job__queue_name")
    return not ProcrastinateJob.objects.filter(attend, status="todo").exclude(queue_name__in=prises).exists()


VERIFICATIONS: dict[str, Callable[[], bool]] = {
    "base": _base_repond,
    "lecture seule": _base_ecrit,
    "migrations": _migrations_faites,
    "file": _files_avancent,
}
