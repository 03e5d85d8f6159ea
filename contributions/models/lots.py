"""Lot: the propositions that one table makes, brought together by one person, followed and decided together.

Not « envoyées ensemble » (`Proposition.meneuse`): those are a handful of answers, each read apart, maybe without an
account. A lot has no state of its own: what it says is where its propositions stand.
"""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from contributions.models.examen import nouveau_jeton

ATTENDENT = ("soumise", "en_examen")  # Proposition.A_TRAITER, which is below
TITRE_MAX = 120  # the history of each fiche says it


class LotQuerySet(models.QuerySet):
    def avec_comptes(self) -> Self:
        """Annotate each with how many rows it has (`nombre`), and how many wait for a moderator (`attendent`)."""
        attendent = Q(propositions__statut__in=ATTENDENT)
        return self.annotate(nombre=Count("propositions"), attendent=Count("propositions", filter=attendent))


class Lot(models.Model):
    jeton = models.CharField("jeton du lien de suivi", max_length=40, unique=True, default=nouveau_jeton)
    titre = models.CharField("titre du tableau", max_length=TITRE_MAX)
    mot = models.TextField("mot pour la personne qui relit", blank=True, default="", db_default="")
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="lots", verbose_name="auteur"
    )
    depose_le = models.DateTimeField("déposé le", default=timezone.now)
    # The rows of the spreadsheet that say what the fiche says already, when the table was handed in.
    sans_effet = models.JSONField("lignes sans effet", default=list)

    objects = LotQuerySet.as_manager()

    class Meta:
        verbose_name = "lot"
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(name="lot_titre", condition=~Q(titre=""))]

    def __str__(self) -> str:
        return f"Lot n° {self.pk}"

    def get_absolute_url(self) -> str:
        """The follow-up page: secret, it is only ever given to the author."""
        return reverse("suivi_lot", args=[self.jeton])

    @property
    def a_creer(self) -> int:
        """How many fiches it makes."""
        return self.propositions.filter(base=None).count()

    @property
    def a_changer(self) -> int:
        return self.propositions.exclude(base=None).count()
