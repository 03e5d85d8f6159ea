"""What people say to each other about a contribution, and what helps moderators: scopes, saved answers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from contributions.models.propositions import Motif, Proposition
from contributions.models.signalements import Signalement
from fiches.models import Theme
from territoires.models import Territoire


class Message(models.Model):
    proposition = models.ForeignKey(
        Proposition, models.PROTECT, null=True, blank=True, related_name="messages", verbose_name="proposition"
    )
    signalement = models.ForeignKey(
        Signalement, models.PROTECT, null=True, blank=True, related_name="messages", verbose_name="signalement"
    )
    de_la_moderation = models.BooleanField("écrit par la modération")
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="auteur"
    )
    unite = models.CharField("remarque sur l’unité", max_length=60, blank=True)
    depot = models.PositiveSmallIntegerField("sur le dépôt", null=True, blank=True)
    texte = models.TextField("texte")
    le = models.DateTimeField("écrit le", default=timezone.now)

    class Meta:
        verbose_name = "message"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="message_sur_une_contribution",
                condition=Q(proposition__isnull=True) ^ Q(signalement__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"Message du {self.le:%d/%m/%Y}"


class Portee(models.Model):
    """What a moderator looks after: « Mes territoires »; an empty scope is the whole base."""

    utilisateur = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="portee", verbose_name="personne"
    )
    territoires = models.ManyToManyField(Territoire, blank=True, related_name="+", verbose_name="territoires")
    themes = models.ManyToManyField(Theme, blank=True, related_name="+", verbose_name="thématiques")

    class Meta:
        verbose_name = "portée"

    def __str__(self) -> str:
        return f"Portée de {self.utilisateur}"


class ReponseType(models.Model):
    """A saved answer: a start for the message that goes with a decision, always read again before it leaves."""

    titre = models.CharField("titre", max_length=100, unique=True)
    motif = models.CharField("motif", max_length=25, choices=Motif, blank=True)
    texte = models.TextField("texte")

    class Meta:
        verbose_name = "réponse enregistrée"
        verbose_name_plural = "réponses enregistrées"
        ordering = ["motif", "titre"]

    def __str__(self) -> str:
        return self.titre
