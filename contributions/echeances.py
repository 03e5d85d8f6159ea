"""How long people wait for an answer: what is promised, and how late one is, in words."""

from datetime import datetime, timedelta

from django.utils import timezone

from contributions.models import Dossier
from contributions.models.propositions import DELAI_CIBLE_JOURS

CIBLE = timedelta(days=DELAI_CIBLE_JOURS)
CIBLE_URGENTE = timedelta(days=1)
URGENCES = Dossier.URGENTES  # categories of reports that nobody lets wait


def en_mots(echeance: datetime, maintenant: datetime | None = None) -> str:
    """Return « Reste 4 jours », « Reste 5 heures » or « En retard de 1 jour »."""
    reste = echeance - (maintenant or timezone.now())
    return f"{'Reste' if reste >= timedelta() else 'En retard de'} {duree_en_mots(abs(reste))}"


def duree_en_mots(duree: timedelta) -> str:
    """Return « 4 jours », « 5 heures »: whole ones, and at least an hour."""
    nombre, unite = (duree.days, "jour") if duree.days else (max(1, duree.seconds // 3600), "heure")
    return f"{nombre} {unite}{'s' if nombre > 1 else ''}"
