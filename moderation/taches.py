"""The tasks of the desk: what is told in the morning, and the official files."""

from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app

from comptes.models import Utilisateur
from contributions.verbes.equipe import moderateurs
from moderation import officiels, resume

MATIN = range(8, 12)  # at eight, or later in the morning when nobody could write
SAMEDI = 5


@app.periodic(cron="5 * * * *", periodic_id="envoyer_resumes")
@app.task(name="moderation.envoyer_resumes", queue="contributions", queueing_lock="moderation.envoyer_resumes")
def envoyer_resumes(timestamp: int) -> None:
    """Write to each moderator what waits for her: on working days, or on Mondays, as she chose. Each once."""
    maintenant = timezone.localtime()
    if maintenant.hour not in MATIN or maintenant.weekday() >= SAMEDI:
        return
    voulu = Q(resume=Utilisateur.Resume.QUOTIDIEN)
    if maintenant.weekday() == 0:
        voulu |= Q(resume=Utilisateur.Resume.HEBDOMADAIRE)
    for moderateur in moderateurs().filter(voulu):
        resume.envoyer(moderateur, maintenant.date())


@app.task(name=officiels.TRAITER, queue="tirages")
def traiter_importation(*, pk: int) -> None:
    """Read an official file and compare it, or write it once it is confirmed."""
    officiels.traiter(pk)


@app.periodic(cron="*/5 * * * *", periodic_id="reprendre_importations")
@app.task(name="moderation.reprendre_importations", queue="tirages", queueing_lock="moderation.reprendre_importations")
def reprendre_importations(timestamp: int) -> None:
    """Take again what a worker was killed in the middle of."""
    officiels.reprendre()
