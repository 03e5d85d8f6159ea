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
    duree = abs(reste)
    if duree >= timedelta(days=1):
        nombre, unite = duree.days, "jour"
    else:
        nombre, unite = max(1, duree.seconds // 3600), "heure"
    pluriel = "s" if nombre > 1 else ""
    return f"{'Reste' if reste >= timedelta() else 'En retard de'} {nombre} {unite}{pluriel}"
