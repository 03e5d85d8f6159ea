"""Lot: the propositions that one table makes, brought together by one person. Traitement: a decision on all of them.

Not « envoyées ensemble » (`Proposition.meneuse`): those are a handful of answers, each read apart, maybe without an
account. A lot has no state of its own: what it says is where its propositions stand.
"""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from contributions.models.examen import nouveau_jeton
from contributions.models.propositions import Motif, Proposition

TITRE_MAX = 120  # the history of each fiche says it


class LotQuerySet(models.QuerySet):
    def a_traiter(self) -> Self:
        """Return those of which some row waits for a moderator."""
        return self.filter(Exists(Proposition.objects.a_traiter().filter(lot=OuterRef("pk"))))

    def avec_comptes(self) -> Self:
        """Annotate each with how many rows it has (`nombre`), and where they stand.

        `attendent`: those that wait for a moderator; `a_corriger`: for the author; `retirees`: withdrawn.
        """
        ou_elles_en_sont = {
            "attendent": Proposition.A_TRAITER,
            "a_corriger": [Proposition.Statut.CORRECTIONS_DEMANDEES],
            "retirees": [Proposition.Statut.RETIREE],
        }
        return self.annotate(
            nombre=Count("propositions"),
            **{
                nom: Count("propositions", filter=Q(propositions__statut__in=statuts))
                for nom, statuts in ou_elles_en_sont.items()
            },
        )


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
    def adresse_au_poste(self) -> str:
        """Where moderators work on it."""
        return reverse("examiner_lot", args=[self.pk])

    @property
    def porte_parole(self) -> Proposition:
        """Its first row: what is written about the whole is written there."""
        return self.propositions.order_by("ligne", "pk")[0]

    @property
    def traitement(self) -> "Traitement | None":
        """The decision that is being applied to it."""
        return self.traitements.filter(fini_le=None).select_related("par").first()

    @property
    def a_creer(self) -> int:
        """How many fiches it makes."""
        return self.propositions.filter(base=None).count()

    @property
    def a_changer(self) -> int:
        return self.propositions.exclude(base=None).count()


class Traitement(models.Model):
    """A decision on a lot, applied row after row, some at once: where it is, what it left aside and why.

    What is written here is all that going on needs, whatever stopped it (`contributions/verbes/decisions_de_lot.py`).
    """

    class Verbe(models.TextChoices):
        ACCEPTER = "accepter", "Acceptation"
        ECARTER = "ecarter", "Refus"
        ANNULER = "annuler", "Annulation"
        PUBLIER = "publier", "Publication"

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="traitements", verbose_name="lot")
    verbe = models.CharField("décision", max_length=12, choices=Verbe)
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="par")
    lu_le = models.DateTimeField("lu le", default=timezone.now)  # what was handed in since was not seen
    demande_le = models.DateTimeField("demandé le", default=timezone.now)
    fini_le = models.DateTimeField("fini le", null=True, blank=True)
    defait = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="annule")
    sauf = models.JSONField("propositions laissées dans la file", default=list)
    remarques = models.JSONField("remarques, par proposition rendue à son auteur", default=dict)
    motif = models.CharField("motif", max_length=25, choices=Motif, blank=True)
    explication = models.TextField("explication", blank=True)
    nombre = models.PositiveIntegerField("propositions à traiter")
    passees = models.PositiveIntegerField("propositions traitées", default=0)
    curseur = models.BigIntegerField("dernière proposition traitée", null=True, blank=True)
    empechees = models.JSONField("raisons, par proposition laissée de côté", default=dict)

    class Meta:
        verbose_name = "traitement d’un lot"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["lot"], condition=Q(fini_le=None), name="lot_un_seul_traitement_a_la_fois")
        ]

    def __str__(self) -> str:
        return f"{self.get_verbe_display()} du {self.lot}"

    @property
    def faites(self) -> int:
        """How many were done as asked; the others were left aside."""
        return self.passees - len(self.empechees) - self.rendues

    @property
    def rendues(self) -> int:
        """How many were given back to their author with a remark."""
        return len(self.remarques.keys() - self.empechees.keys())

    @property
    def restees(self) -> int:
        """How many stay in the queue: left there on purpose, or kept from being decided."""
        return len(self.sauf) + len(self.empechees)

    @property
    def pour_cent(self) -> int:
        return round(100 * self.passees / self.nombre) if self.nombre else 100
