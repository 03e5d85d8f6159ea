"""Tableau: a table that somebody brought and has not sent yet, with what was answered of it. Forgotten in the end."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from contributions.models.examen import nouveau_jeton
from contributions.models.lots import TITRE_MAX
from fiches.dates import ColonneDatePartielle

GARDE = timedelta(days=30)  # without anybody coming back to it


class TableauQuerySet(models.QuerySet):
    def de(self, auteur) -> Self:
        """Keep those of this person, the last one first, without the cells."""
        return self.filter(auteur=auteur.pk).defer("feuilles", "analyse", "contenus").order_by("-modifie_le")

    def a_oublier(self) -> Self:
        return self.filter(modifie_le__lt=timezone.now() - GARDE)


class Tableau(models.Model):
    """`feuilles`: sheets, each with its name and its rows. `colonnes`: by sheet, what was said of its columns.

    `analyse` is None while the table is being read; `tour` tells this reading from those before it.
    """

    jeton = models.CharField("jeton de ses pages", max_length=40, unique=True, default=nouveau_jeton)
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tableaux", verbose_name="auteur")
    nom = models.CharField("nom du fichier", max_length=TITRE_MAX)
    dispositif = models.CharField("dispositif dont il parle", max_length=120, blank=True, default="", db_default="")
    editeur = models.CharField("qui l’a établi", max_length=200)
    le = ColonneDatePartielle("à jour en")
    adresse = models.URLField("où on le lit", max_length=500, blank=True, default="", db_default="")
    feuilles = models.JSONField("feuilles")
    masquees = models.JSONField("feuilles masquées, non lues", default=list)
    colonnes = models.JSONField("colonnes", default=dict)
    reponses = models.JSONField("réponses", default=dict)
    analyse = models.JSONField("analyse", null=True)
    contenus = models.JSONField("contenus proposés", default=dict)
    tour = models.PositiveIntegerField("numéro de la lecture", default=0, db_default=0)
    lues = models.PositiveIntegerField("lignes lues", default=0, db_default=0)
    cree_le = models.DateTimeField("apporté le", default=timezone.now)
    modifie_le = models.DateTimeField("repris le", default=timezone.now)

    objects = TableauQuerySet.as_manager()

    class Meta:
        verbose_name = "tableau apporté"
        verbose_name_plural = "tableaux apportés"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.nom

    def get_absolute_url(self) -> str:
        """Where one goes on with it."""
        return reverse("tableau_lignes" if self.tour else "tableau_colonnes", args=[self.pk])

    def commencer_une_lecture(self, **ecrits: Any) -> None:
        """Write what was answered; what was read before holds no more."""
        Tableau.objects.filter(pk=self.pk).update(
            **ecrits, tour=models.F("tour") + 1, analyse=None, contenus={}, lues=0, modifie_le=timezone.now()
        )
        self.refresh_from_db()

    def avancer(self, lues: int) -> None:
        Tableau.objects.filter(pk=self.pk, tour=self.tour).update(lues=lues)

    def finir_la_lecture(self, analyse: Mapping[str, Any], contenus: Mapping[str, Any]) -> None:
        """Keep what was read, unless another reading began meanwhile."""
        Tableau.objects.filter(pk=self.pk, tour=self.tour).update(analyse=analyse, contenus=contenus)


class ColonneApprise(models.Model):
    """What one person said that a column of such a name holds: it is proposed the next time."""

    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="colonnes_apprises", verbose_name="auteur"
    )
    nom = models.CharField("nom de la colonne", max_length=100)
    role = models.CharField("ce qu’elle dit", max_length=20, blank=True)

    class Meta:
        verbose_name = "colonne apprise"
        verbose_name_plural = "colonnes apprises"
        constraints = [models.UniqueConstraint(fields=["auteur", "nom"], name="colonne_apprise_une_fois")]

    def __str__(self) -> str:
        return f"{self.nom} : {self.role}"
