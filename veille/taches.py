"""The hourly check of the addresses that fiches cite (listed on /confidentialite/)."""

import logging

from django.conf import settings
from procrastinate.contrib.django import app

from veille.verification import verifier

logger = logging.getLogger(__name__)


# Queues know the task by the name it was born with.
@app.periodic(cron="13 * * * *", periodic_id="verifier_sources")
@app.task(name="contributions.verifier_sources", queue="sources", queueing_lock="contributions.verifier_sources")
def verifier_sources(timestamp: int) -> None:
    """Check some addresses every hour, if the settings ask for it."""
    if settings.VERIFIER_SOURCES:
        logger.info("%s adresses de sources vérifiées.", verifier())
