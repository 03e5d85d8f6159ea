"""The jobs of contributions; `manage.py procrastinate worker` runs them."""

import logging

from django.conf import settings
from procrastinate.contrib.django import app

from contributions.sources_mortes import verifier

journal = logging.getLogger(__name__)


@app.periodic(cron="13 * * * *", periodic_id="verifier_sources")
@app.task(name="contributions.verifier_sources", queue="sources", queueing_lock="contributions.verifier_sources")
def verifier_sources(timestamp: int) -> None:
    """Check some addresses every hour, if the settings ask for it."""
    if settings.VERIFIER_SOURCES:
        journal.info("%s adresses de sources vérifiées.", verifier())
