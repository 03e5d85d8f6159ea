"""Vintages: the year of the official file in force for each nature, stored by whatever loads territories."""

from django.db import models

from territoires.models.graphe import Territoire


class MillesimeQuerySet(models.QuerySet):
    def en_vigueur(self) -> dict[str, int]:
        """Return the year in force, by nature."""
        return dict(self.values_list("nature", "annee"))

    def retenir(self, annees: dict[str, int]) -> int:
        """Write the years that differ from those in force; return how many."""
        connues = self.en_vigueur()
        autres = [Millesime(nature=nature, annee=a) for nature, a in annees.items() if connues.get(nature) != a]
        Millesime.objects.bulk_create(autres, update_conflicts=True, unique_fields=["nature"], update_fields=["annee"])
        return len(autres)


class Millesime(models.Model):
    nature = models.CharField("nature", max_length=11, choices=Territoire.Nature, primary_key=True)
    annee = models.PositiveSmallIntegerField("année")

    objects = MillesimeQuerySet.as_manager()

    class Meta:
        verbose_name = "millésime"

    def __str__(self) -> str:
        return f"{self.get_nature_display()}, {self.annee}"
