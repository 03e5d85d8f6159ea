"""Recours: an appeal against a decision, open six months (as article 20 of the Digital Services Act wants), decided by
somebody else than the first decider: the database refuses it otherwise.

What is contested is the decision on a proposition or on the case of a report; or, by somebody whose proposition was
published, the measure that put the fiche out of sight (`mesure`)."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from contributions.models.examen import nouveau_jeton
from contributions.models.propositions import Proposition
from contributions.models.signalements import Signalement

OUVERT_PENDANT = timedelta(days=183)


class RecoursQuerySet(models.QuerySet):
    def a_traiter(self) -> Self:
        return self.filter(statut=Recours.Statut.DEPOSE)


class Recours(models.Model):
    class Statut(models.TextChoices):
        DEPOSE = "depose", "Déposé"
        CONFIRME = "confirme", "Décision confirmée"
        INFIRME = "infirme", "Décision infirmée"

    jeton = models.CharField("jeton", max_length=40, unique=True, default=nouveau_jeton)
    proposition = models.ForeignKey(
        Proposition, models.PROTECT, null=True, blank=True, related_name="recours", verbose_name="proposition"
    )
    signalement = models.ForeignKey(
        Signalement, models.PROTECT, null=True, blank=True, related_name="recours", verbose_name="signalement"
    )
    # A fiche put out of sight, contested by whoever proposed what it says: the line of the journal that did it.
    mesure = models.ForeignKey(
        "contributions.Journal",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contestations",
        verbose_name="mesure contestée",
    )
    texte = models.TextField("ce qui est contesté, et pourquoi")
    statut = models.CharField("statut", max_length=10, choices=Statut, default=Statut.DEPOSE)
    depose_le = models.DateTimeField("déposé le", default=timezone.now)
    premier_decideur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="auteur de la décision contestée"
    )
    decide_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="décidé par"
    )
    decide_le = models.DateTimeField("décidé le", null=True, blank=True)
    explication = models.TextField("explication donnée", blank=True)

    objects = RecoursQuerySet.as_manager()

    class Meta:
        verbose_name = "recours"
        verbose_name_plural = "recours"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="recours_sur_une_decision", condition=Q(proposition__isnull=True) ^ Q(signalement__isnull=True)
            ),
            models.CheckConstraint(
                name="recours_decide_par_un_autre",
                condition=Q(decide_par__isnull=True) | ~Q(decide_par=F("premier_decideur")),
            ),
            models.CheckConstraint(
                name="recours_decide_motive",
                condition=Q(statut="depose")
                | (Q(decide_par__isnull=False, decide_le__isnull=False) & ~Q(explication="")),
            ),
            models.CheckConstraint(
                name="recours_mesure_par_un_contributeur",
                condition=Q(mesure__isnull=True) | Q(proposition__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["proposition"],
                condition=Q(statut="depose", mesure__isnull=True),
                name="recours_ouvert_unique_proposition",
            ),
            models.UniqueConstraint(
                fields=["proposition", "mesure"], condition=Q(statut="depose"), name="recours_ouvert_unique_mesure"
            ),
            models.UniqueConstraint(
                fields=["signalement"], condition=Q(statut="depose"), name="recours_ouvert_unique_signalement"
            ),
        ]

    def __str__(self) -> str:
        return f"Recours n° {self.pk}"

    @property
    def objet(self) -> str:
        """What is contested, in two words."""
        if not self.mesure:
            return "Décision contestée"
        return "Masquage contesté" if self.mesure.verbe == "masquer_fiche" else "Retrait contesté"

    @property
    def adresse_au_poste(self) -> str:
        """Where moderators work on it."""
        return reverse("reexaminer", args=[self.pk])
