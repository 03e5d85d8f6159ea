"""The files of dossiers made aside: each one once for all who ask for the same, and kept for a day."""

from datetime import timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Sum, Window
from django.utils import timezone

from panorama.impression import FORMATS

GARDE = timedelta(days=1)
PERDU = timedelta(minutes=10)  # beyond, the worker that had it is believed to be dead
OCTETS_AU_PLUS = 50_000_000  # of all the files kept


class TirageQuerySet(models.QuerySet["Tirage"]):
    def en_attente(self) -> Self:
        """Return those that a worker has still to make, the first asked for first."""
        return self.filter(fini_le=None, demande_le__gt=timezone.now() - PERDU).order_by("pk")

    def a_oublier(self) -> Self:
        """Return those of yesterday, those that got lost, and the oldest of those that do not hold in the room."""
        maintenant = timezone.now()
        place = Window(Sum("octets"), order_by=F("pk").desc())
        de_trop = self.annotate(jusqu_ici=place).filter(jusqu_ici__gt=OCTETS_AU_PLUS).values("pk")
        perdus = Q(fini_le=None, demande_le__lte=maintenant - PERDU)
        return self.filter(Q(demande_le__lte=maintenant - GARDE) | perdus | Q(pk__in=de_trop))


class Tirage(models.Model):
    """A file of a dossier. Nothing of it tells who asked."""

    cle = models.CharField("clé", max_length=64, unique=True, help_text="Édition, jour, forme et fiches (empreinte).")
    forme = models.CharField("forme", max_length=4, choices=[(forme, forme.upper()) for forme in FORMATS])
    fiches = ArrayField(models.BigIntegerField(), verbose_name="fiches, dans l’ordre")
    demande_le = models.DateTimeField("demandé le", db_index=True)
    fini_le = models.DateTimeField("fini le", null=True)
    contenu = models.BinaryField("fichier", default=b"")
    octets = models.PositiveIntegerField("octets", default=0)  # none, once finished: it could not be made

    objects = TirageQuerySet.as_manager()

    class Meta:
        verbose_name = "tirage"
        constraints = [
            models.CheckConstraint(
                name="tirage_fini_s_il_a_un_contenu", condition=Q(octets=0) | Q(fini_le__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.forme.upper()} de {len(self.fiches)} fiches"

    @property
    def etat(self) -> str:
        """`attendu`, `pret` or `manque`."""
        return "attendu" if self.fini_le is None else "pret" if self.octets else "manque"

    @property
    def kilooctets(self) -> int:
        return max(1, round(self.octets / 1000))

    @property
    def devant(self) -> int:
        """How many are to be made before it."""
        return Tirage.objects.en_attente().filter(pk__lt=self.pk).count()
