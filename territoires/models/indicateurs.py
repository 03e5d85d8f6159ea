"""Figures about territories, and what their year is."""

from django.db import models
from django.db.models import Q

from territoires.models.graphe import Territoire


class PrecisionAnnee(models.TextChoices):
    """What the year of a figure is: sources do not always give it."""

    EXACTE = "exacte", "année donnée par la source"
    PUBLICATION = "publication", "année du document, la source n’en donne pas d’autre"
    APRES = "apres", "document sans date, postérieur à cette année"


class Indicateur(models.Model):
    """A figure about a territory: the database refuses one without unit, year or source."""

    territoire = models.ForeignKey(Territoire, models.CASCADE, related_name="indicateurs", verbose_name="territoire")
    libelle = models.CharField("indicateur", max_length=200)
    valeur = models.DecimalField("valeur", max_digits=14, decimal_places=3)
    unite = models.CharField("unité", max_length=60)
    annee = models.PositiveSmallIntegerField("année")
    precision_annee = models.CharField("précision de l’année", max_length=12, choices=PrecisionAnnee)
    geographie_qpv = models.PositiveSmallIntegerField("géographie des QPV", null=True)
    source = models.CharField("source", max_length=300)
    url = models.URLField("adresse", max_length=500, blank=True)
    note = models.CharField("note", max_length=300, blank=True)

    class Meta:
        verbose_name = "indicateur"
        ordering = ["libelle"]
        constraints = [
            models.UniqueConstraint(fields=["territoire", "libelle", "annee"], name="indicateur_unique"),
            models.CheckConstraint(name="indicateur_source_et_unite", condition=~Q(unite="") & ~Q(source="")),
        ]

    def __str__(self) -> str:
        return f"{self.territoire} : {self.libelle}, {self.valeur.normalize():f} {self.unite} ({self.annee})"
