"""Trace: what a deposit has in common with others, so that the same text, link or replacement is found again."""

from django.db import models

from contributions.models.propositions import Depot


class Trace(models.Model):
    class Sorte(models.TextChoices):
        TEXTE = "texte", "Texte"
        LIEN = "lien", "Lien"  # to a site that the base did not cite
        REMPLACEMENT = "remplacement", "Remplacement d’une source"

    depot = models.ForeignKey(Depot, models.PROTECT, related_name="traces", verbose_name="dépôt")
    sorte = models.CharField("sorte", max_length=12, choices=Sorte)
    valeur = models.CharField("empreinte", max_length=64)

    class Meta:
        verbose_name = "trace"
        constraints = [models.UniqueConstraint(fields=["valeur", "sorte", "depot"], name="trace_unique")]

    def __str__(self) -> str:
        return f"{self.get_sorte_display()}, {self.depot}"
