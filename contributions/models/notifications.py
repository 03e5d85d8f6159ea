"""Notification: what happened on one's contributions, for « Mes notifications », whether an e-mail went or not."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone

GARDE = timedelta(days=365)


class NotificationQuerySet(models.QuerySet["Notification"]):
    def pour(self, personne) -> Self:
        return self.filter(personne=personne.pk)

    def non_lues(self) -> Self:
        return self.filter(lue_le=None)

    def lire(self) -> int:
        """Mark them as read, and return how many were not."""
        return self.non_lues().update(lue_le=Greatest(F("le"), timezone.now()))  # two machines, two clocks

    def a_oublier(self) -> Self:
        return self.filter(le__lt=timezone.now() - GARDE)


class Notification(models.Model):
    personne = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications", verbose_name="personne"
    )
    cle = models.CharField(
        "clé", max_length=200, help_text="Le même événement ne se dit qu’une fois à la même personne."
    )
    objet = models.CharField("objet", max_length=250)
    adresse = models.CharField("page du site", max_length=200)
    le = models.DateTimeField("le", default=timezone.now)
    lue_le = models.DateTimeField("lue le", null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = "notification"
        ordering = ["-le", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["personne", "cle"], name="notification_une_fois"),
            models.CheckConstraint(name="notification_objet", condition=~Q(objet="")),
            models.CheckConstraint(
                name="notification_sur_le_site", condition=Q(adresse__startswith="/") & ~Q(adresse__startswith="//")
            ),
            models.CheckConstraint(name="notification_lue_apres", condition=Q(lue_le=None) | Q(lue_le__gte=F("le"))),
        ]
        indexes = [models.Index(name="notification_de_la_personne", fields=["personne", "-le"])]

    def __str__(self) -> str:
        return self.objet
