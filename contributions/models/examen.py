"""Examinable: a proposition or the case of a report, which somebody takes, then decides, and says why."""

import secrets
from datetime import timedelta
from typing import ClassVar, NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

RESERVATION = timedelta(hours=2)


def nouveau_jeton() -> str:
    """Return the secret of a follow-up link: whoever has it needs no account."""
    return secrets.token_urlsafe(24)


class Tournures(NamedTuple):
    """How one says, in the right gender, that it is decided, and taken."""

    ceci: str
    decide: str
    pris: str


class Examinable(models.Model):
    TOURNURES: ClassVar[Tournures]

    prise_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="prise par"
    )
    prise_jusqua = models.DateTimeField("réservée jusqu’à", null=True, blank=True)
    decidee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="décidée par"
    )
    decidee_le = models.DateTimeField("décidée le", null=True, blank=True)
    explication = models.TextField("explication donnée", blank=True)

    class Meta:
        abstract = True

    @property
    def reservee(self) -> bool:
        """Somebody has taken it, and the two hours have not passed."""
        return bool(self.prise_par_id and self.prise_jusqua and self.prise_jusqua > timezone.now())

    def reservee_a(self, utilisateur) -> bool:
        return self.reservee and self.prise_par_id == utilisateur.pk

    def reservee_a_un_autre(self, utilisateur) -> bool:
        return self.reservee and self.prise_par_id != utilisateur.pk

    @property
    def fin_de_prise(self) -> str:
        """Until when it is reserved, after « jusqu’ »: « à 15 h 10 », « au 29/11/2026 à 15 h 10 »."""
        fin = timezone.localtime(self.prise_jusqua)
        jour = "" if fin.date() == timezone.localdate() else f"au {fin:%d/%m/%Y} "
        return f"{jour}à {fin:%H h %M}"

    @staticmethod
    def tenu_par(utilisateur, chemin: str = "") -> Q:
        """`reservee_a`, as a condition on what this path (`signalement__dossier__`) leads to."""
        return Q(**{f"{chemin}prise_par": utilisateur, f"{chemin}prise_jusqua__gt": timezone.now()})

    @staticmethod
    def libre() -> Q:
        """Nobody has taken it, or the two hours have passed: the contrary of `reservee`, as a condition."""
        return Q(prise_par=None) | Q(prise_jusqua__lte=timezone.now())

    def liberer(self) -> None:
        self.prise_par = self.prise_jusqua = None

    @property
    def pourquoi_pas(self) -> str:
        """Why nothing more can be done with it: who decided, when, what."""
        ceci, decide, _ = self.TOURNURES
        etat = self.get_statut_display().lower()  # type: ignore[attr-defined]  # each has its states
        if not (self.decidee_par and self.decidee_le):
            return f"{ceci} n’attend pas cela : {etat}."
        quand = timezone.localtime(self.decidee_le)
        return f"{ceci} a déjà été {decide} : {etat} par {self.decidee_par} le {quand:%d/%m/%Y à %H:%M}."
