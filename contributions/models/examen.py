"""What a proposition and the case of a report have in common: somebody takes it, then decides, and says why."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

RESERVATION = timedelta(hours=2)


def nouveau_jeton() -> str:
    """Return the secret of a follow-up link: whoever has it needs no account."""
    return secrets.token_urlsafe(24)


class Examinable(models.Model):
    prise_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="prise par"
    )
    prise_jusqua = models.DateTimeField("réservée jusqu’à", null=True, blank=True)
    decidee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="décidée par"
    )
    decidee_le = models.DateTimeField("décidée le", null=True, blank=True)
    explication = models.TextField("explication donnée", blank=True)

    class Meta:
        abstract = True

    def reservee_a_un_autre(self, utilisateur, maintenant: datetime | None = None) -> bool:
        """Return whether somebody else has taken it, and the two hours have not passed."""
        if self.prise_par_id is None or self.prise_par_id == utilisateur.pk or self.prise_jusqua is None:
            return False
        return self.prise_jusqua > (maintenant or timezone.now())

    @property
    def reservee(self) -> bool:
        return bool(self.prise_par_id and self.prise_jusqua and self.prise_jusqua > timezone.now())
