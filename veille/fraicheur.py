"""Freshness: since when, and after how long for its nature, a fiche must be looked at again. Old is not wrong.

A fiche is seen when it is changed or read again. A local scheme, or an action under way, is seen when somebody notes
how things stand there: to mend a word of its fiche says nothing of what became of it.
"""

from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from actions.models import VUE_LE
from fiches.gabarits import Nature
from fiches.models import Fiche, FicheQuerySet

SEUILS = {
    Nature.LOCAL: timedelta(days=365),  # people, terms and perimeters move
    Nature.ACTION: timedelta(days=730),
    Nature.DISPOSITIF: timedelta(days=730),
}


def a_rafraichir(aujourdhui: date | None = None) -> FicheQuerySet:
    """Return the published fiches that nobody saw for too long, oldest first, with `vue_le`."""
    jour = aujourdhui or timezone.localdate()
    anciennes = Q(pk__in=[])
    for nature, seuil in SEUILS.items():
        anciennes |= Q(nature=nature, vue_le__lt=jour - seuil)
    return Fiche.objects.visibles_pour().annotate(vue_le=VUE_LE).filter(anciennes).order_by("vue_le", "titre")
