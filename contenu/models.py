"""Chargement: a content file as it was last loaded, so that what did not change is not read again."""

from typing import Self

from django.db import models
from django.db.models import F


class ChargementQuerySet(models.QuerySet):
    def valables(self) -> dict[tuple[str, str], str]:
        """Return by nature and slug the fingerprint of the file that made the version now published."""
        courants = self.filter(numero=F("fiche__numero"))
        dits = courants.values_list("fiche__nature", "fiche__slug", "empreinte")
        return {(nature, slug): empreinte for nature, slug, empreinte in dits}


class Chargement(models.Model):
    fiche = models.OneToOneField("fiches.Fiche", models.CASCADE, primary_key=True, related_name="+")
    numero = models.PositiveIntegerField("numéro de la version que le fichier a faite")
    empreinte = models.CharField("empreinte du fichier et de ce dont sa page dépend", max_length=64)

    objects = ChargementQuerySet.as_manager()

    class Meta:
        verbose_name = "chargement"

    def __str__(self) -> str:
        return f"{self.fiche}, version {self.numero}"

    @classmethod
    def retenir(cls, chargements: list[Self]) -> None:
        """Keep these, each in the place of the previous one of its fiche."""
        cls.objects.bulk_create(
            chargements, update_conflicts=True, unique_fields=["fiche"], update_fields=["numero", "empreinte"]
        )
