"""Old is not wrong, but old must be looked at: after how long, by nature, a fiche is to be read again."""

from datetime import date, timedelta

from django.db.models import Q
from django.db.models.functions import Greatest, TruncDate
from django.utils import timezone

from fiches.gabarits import Nature
from fiches.models import Fiche, FicheQuerySet

SEUILS = {
    Nature.LOCAL: timedelta(days=365),  # people, terms and perimeters move
    Nature.ACTION: timedelta(days=730),
    Nature.DISPOSITIF: timedelta(days=730),
}


def a_rafraichir(aujourdhui: date | None = None) -> FicheQuerySet:
    """Return the published fiches that nobody changed nor read again for too long, oldest first, with `vue_le`."""
    jour = aujourdhui or timezone.localdate()
    anciennes = Q(pk__in=[])
    for nature, seuil in SEUILS.items():
        anciennes |= Q(nature=nature, vue_le__lt=jour - seuil)
    vues = Fiche.objects.visibles_pour().annotate(vue_le=Greatest(TruncDate("modifiee_le"), "relue_le"))
    return vues.filter(anciennes).order_by("vue_le", "titre")
