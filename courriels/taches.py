"""The jobs of the mail queue, which has a worker of its own. Every periodic task of this app is here."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from courriels.models import GARDE, Courriel
from courriels.reponses import codes, est_definitive, vient_de_nous

logger = logging.getLogger(__name__)
ATTENTE_AU_PLUS = timedelta(hours=6)
EN_RETARD = timedelta(minutes=10)  # beyond, an e-mail whose job is nowhere gets another one


class EnvoiRefuse(Exception):
    """The mail server did not take an e-mail: the job is tried again later."""


class Patiemment(BaseRetryStrategy):
    """Wait 30 seconds, a minute, two… up to six hours, for as long as the task asks (the e-mail knows when to stop)."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        attente = min(timedelta(seconds=30 * 2 ** min(job.attempts, 20)), ATTENTE_AU_PLUS)
        return RetryDecision(retry_at=timezone.now() + attente)


@app.task(name="courriels.envoyer", queue="courriels", retry=Patiemment())
def envoyer(*, pk: int) -> None:
    """Send an e-mail, unless it is sent already, too late, or in the hands of another worker.

    The lock of the row is held while the mail server answers. If the process dies between that answer and the commit,
    the e-mail goes twice, with the same Message-ID: mail readers show it once.
    """
    with transaction.atomic():
        courriel = Courriel.objects.a_envoyer().select_for_update(skip_locked=True).filter(pk=pk).first()
        echec = courriel.remettre() if courriel else None
    if echec is None:
        return
    # The words of the server hold the address: not in the logs.
    if est_definitive(echec):
        logger.warning("Le courriel %s est refusé pour de bon : %s %s.", pk, type(echec).__name__, codes(echec))
        return
    niveau = logging.ERROR if vient_de_nous(echec) else logging.WARNING
    logger.log(niveau, "Le courriel %s n’est pas parti : %s %s.", pk, type(echec).__name__, codes(echec))
    raise EnvoiRefuse(type(echec).__name__) from None


@app.periodic(cron="*/10 * * * *", periodic_id="retrouver")
@app.task(name="courriels.retrouver", queue="courriels", queueing_lock="courriels.retrouver")
def retrouver(timestamp: int) -> None:
    """Give a job again to the e-mails that lost theirs (a worker killed, a restored database)."""
    attendus = ProcrastinateJob.objects.filter(task_name=envoyer.name, status="todo").values_list("args__pk", flat=True)
    oublies = Courriel.objects.a_envoyer().filter(ecrit_le__lt=timezone.now() - EN_RETARD).exclude(pk__in=[*attendus])
    for pk in oublies.values_list("pk", flat=True):
        logger.warning("Le courriel %s avait perdu sa tâche.", pk)
        envoyer.defer(pk=pk)


@app.periodic(cron="17 * * * *", periodic_id="purger")
@app.task(name="courriels.purger", queue="courriels", queueing_lock="courriels.purger")
def purger(timestamp: int) -> None:
    """Forget the e-mails sent thirty days ago, and those nobody could deliver by then; codes, after a day."""
    Courriel.objects.a_oublier().delete()


@app.periodic(cron="27 3 * * *", periodic_id="oublier_taches")
@app.task(
    name="courriels.oublier_taches", queue="courriels", queueing_lock="courriels.oublier_taches", pass_context=True
)
async def oublier_taches(context: JobContext, timestamp: int) -> None:
    """Forget the finished jobs of every queue, failed ones included."""
    heures = int(GARDE.total_seconds() // 3600)
    await context.app.job_manager.delete_old_jobs(
        nb_hours=heures, include_failed=True, include_cancelled=True, include_aborted=True
    )
