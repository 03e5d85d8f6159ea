"""Message: what people say to each other about a contribution, or about one unit of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from contributions.models.propositions import Proposition
from contributions.models.signalements import Signalement


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
