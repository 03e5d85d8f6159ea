"""Habilitation: the départements where a correspondent of the ARS publishes what only adds dated statements."""

from django.conf import settings
from django.db import models

from territoires.models import Territoire


class Habilitation(models.Model):
    utilisateur = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="habilitation", verbose_name="personne"
    )
    departements = models.ManyToManyField(Territoire, related_name="+", verbose_name="départements")

    class Meta:
        verbose_name = "habilitation"

    def __str__(self) -> str:
        return f"Habilitation de {self.utilisateur}"
