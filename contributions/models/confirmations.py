"""Demande: « Est-ce toujours vrai ? », asked about one local scheme at the address of a service; and its answers."""

from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256
from typing import Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core import signing
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils import timezone

from contributions.models.propositions import Proposition
from dispositifs.models import DispositifLocal
from fiches.dates import ColonneDatePartielle, dates_canoniques
from francais.caracteres import refuser_les_trompeurs
from territoires.models.contacts import D_UNE_PERSONNE

INSTITUTION_MAX = 100
ORIGINE_MAX = 200
DE_SERVICE = RegexValidator(
    D_UNE_PERSONNE,
    "Cette adresse semble celle d’une personne\u00a0: donnez celle d’un service.",
    code="personne",
    inverse_match=True,
)
VALIDITE = timedelta(days=60)  # of a link
UN_AN = 365  # days between two questions about one scheme to one address
GARDE = timedelta(days=30)  # how long the address and what was written beside are kept once the link has ended
SEL = "contributions.confirmer"


def empreinte(adresse: str) -> str:
    """Return what recognises an address without giving it.

    No secret enters it: who asked not to be written to is obeyed for ever, whatever becomes of SECRET_KEY.
    """
    return sha256(f"{SEL}:{adresse.strip().lower()}".encode()).hexdigest()


class AdresseArretee(models.Model):
    """An address that is asked nothing any more: of it, only a digest is kept, for ever."""

    empreinte = models.CharField("empreinte", max_length=64, primary_key=True)
    le = models.DateTimeField("arrêtée le", default=timezone.now)

    class Meta:
        verbose_name = "adresse arrêtée"
        verbose_name_plural = "adresses arrêtées"

    def __str__(self) -> str:
        return f"Adresse arrêtée le {self.le:%d/%m/%Y}"


class DemandeQuerySet(models.QuerySet["Demande"]):
    def en_cours(self) -> Self:
        """Return those that wait for a moderator, or whose link still opens."""
        return self.filter(
            Q(statut__in=Demande.A_ENVOYER) | Q(statut__in=Demande.PARTIES, expire_le__gt=timezone.now())
        )

    def delaissees(self) -> Self:
        """Return those that nobody sent for as long as a link lasts."""
        return self.filter(statut__in=Demande.A_ENVOYER, jour__lt=timezone.localdate() - VALIDITE)

    def a_oublier(self) -> Self:
        """Return those whose link ended long enough ago, and that still say something of who was asked."""
        finies = self.filter(expire_le__lt=timezone.now() - GARDE)
        return finies.filter(~Q(destinataire="") | ~Q(reponses__precision="") & Q(reponses__isnull=False)).distinct()

    def a_effacer(self) -> Self:
        """Return those whose digest serves no more: the year is over, and nothing is left to send."""
        finies = self.exclude(statut__in=Demande.A_ENVOYER)
        return finies.filter(jour__lt=timezone.localdate() - timedelta(days=UN_AN)).exclude(empreinte="")


class Demande(models.Model):
    class Statut(models.TextChoices):
        PREPAREE = "preparee", "Préparée"
        RELUE = "relue", "Relue"
        ENVOYEE = "envoyee", "Envoyée"
        PROPOSEE = "proposee", "Réponse dans la file"
        A_LIRE = "a_lire", "Réponse à lire"
        CLASSEE = "classee", "Réponse lue"
        RETIREE = "retiree", "Retirée"

    A_ENVOYER = (Statut.PREPAREE, Statut.RELUE)
    PARTIES = (Statut.ENVOYEE, Statut.PROPOSEE, Statut.A_LIRE, Statut.CLASSEE)

    fiche = models.ForeignKey(DispositifLocal, models.PROTECT, related_name="demandes", verbose_name="dispositif local")
    institution = models.CharField("institution", max_length=INSTITUTION_MAX, validators=[refuser_les_trompeurs])
    destinataire = models.EmailField("adresse d’un service", blank=True, validators=[DE_SERVICE])
    empreinte = models.CharField("empreinte de l’adresse", max_length=64, blank=True)
    origine = models.CharField("où l’adresse a été lue", max_length=ORIGINE_MAX, validators=[refuser_les_trompeurs])
    statut = models.CharField("statut", max_length=10, choices=Statut, default=Statut.PREPAREE)
    jour = models.DateField("préparée, puis envoyée le", default=timezone.localdate)
    envoyee_le = models.DateTimeField("envoyée le", null=True, blank=True)
    expire_le = models.DateTimeField("lien valable jusqu’à", null=True, blank=True)

    objects = DemandeQuerySet.as_manager()

    class Meta:
        verbose_name = "demande de confirmation"
        verbose_name_plural = "demandes de confirmation"
        ordering = ["-pk"]
        constraints = [
            ExclusionConstraint(
                name="demande_une_par_an",
                expressions=[
                    ("fiche", RangeOperators.EQUAL),
                    ("empreinte", RangeOperators.EQUAL),
                    (
                        Func(F("jour"), F("jour") + UN_AN, function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=~Q(empreinte="") & ~Q(statut="retiree"),
            ),
            models.CheckConstraint(name="demande_d_une_institution", condition=~Q(institution="") & ~Q(origine="")),
            models.CheckConstraint(
                name="demande_a_un_service", condition=Q(destinataire="") | ~Q(destinataire__regex=D_UNE_PERSONNE)
            ),
            models.CheckConstraint(
                name="demande_a_quelqu_un",
                condition=~Q(statut__in=["preparee", "relue"]) | ~Q(destinataire="", empreinte=""),
            ),
            models.CheckConstraint(
                name="demande_partie_datee",
                condition=Q(statut__in=["preparee", "relue", "retiree"], envoyee_le=None, expire_le=None)
                | Q(
                    statut__in=["envoyee", "proposee", "a_lire", "classee"],
                    envoyee_le__isnull=False,
                    expire_le__gt=F("envoyee_le"),
                ),
            ),
        ]
        indexes = [models.Index(fields=["statut", "jour"], name="demande_par_statut")]

    def __str__(self) -> str:
        return f"Demande de confirmation n° {self.pk}"

    @property
    def jeton(self) -> str:
        """The secret of its link: it opens this request, about this scheme, and nothing else."""
        return signing.dumps([self.pk, self.fiche_id], salt=SEL)

    @classmethod
    def designee(cls, jeton: str) -> "Demande | None":
        """Return the request that a link was made for, whatever its state; None if the link is not ours."""
        try:
            numero, fiche = signing.loads(jeton, salt=SEL)
        except (signing.BadSignature, TypeError, ValueError):
            return None
        parties = cls.objects.filter(statut__in=cls.PARTIES).select_related("fiche__dispositif")
        return parties.filter(pk=numero, fiche=fiche).first()

    @property
    def adresse_publique(self) -> str:
        return f"{settings.SITE_URL}{reverse('confirmer', args=[self.jeton])}"

    @property
    def adresse_d_arret(self) -> str:
        return f"{settings.SITE_URL}{reverse('ne_plus_demander', args=[self.jeton])}"

    @property
    def cle_du_courriel(self) -> str:
        return f"fait_a_confirmer-{self.pk}"

    @property
    def expiree(self) -> bool:
        return self.expire_le is None or self.expire_le <= timezone.now()

    @property
    def derniere_reponse(self) -> "Reponse | None":
        return max(self.reponses.all(), key=lambda reponse: reponse.pk, default=None)

    @property
    def arretee(self) -> bool:
        """Whoever reads its address asked to be asked nothing more."""
        return AdresseArretee.objects.filter(empreinte=self.empreinte).exclude(empreinte="").exists()


class Reponse(models.Model):
    """One answer; a change of mind is another one, and all stay."""

    class Sens(models.TextChoices):
        OUI = "oui", "Oui, il existe encore"
        FINI = "fini", "Non, il est fini"
        SAIS_PAS = "sais_pas", "Je ne sais pas"
        PAS_NOUS = "pas_nous", "Ce dispositif n’est pas le nôtre"

    demande = models.ForeignKey(Demande, models.PROTECT, related_name="reponses", verbose_name="demande")
    sens = models.CharField("réponse", max_length=8, choices=Sens)
    fini_le = ColonneDatePartielle("fini")
    precision = models.TextField("précision", blank=True)
    le = models.DateTimeField("répondu le", default=timezone.now)
    proposition = models.ForeignKey(
        Proposition, models.PROTECT, null=True, related_name="reponses", verbose_name="proposition"
    )

    class Meta:
        verbose_name = "réponse d’une institution"
        verbose_name_plural = "réponses d’institutions"
        ordering = ["pk"]
        constraints = [
            *dates_canoniques("fini_le"),
            models.CheckConstraint(
                name="reponse_finie_datee", condition=Q(sens="fini") & ~Q(fini_le="") | ~Q(sens="fini") & Q(fini_le="")
            ),
            models.CheckConstraint(
                name="reponse_proposee",
                condition=Q(sens__in=["oui", "fini"], proposition__isnull=False)
                | Q(sens__in=["sais_pas", "pas_nous"], proposition=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_sens_display()}, {timezone.localtime(self.le):%d/%m/%Y}"

    @property
    def en_mots(self) -> str:
        """« Oui, il existe encore », « Fini en 2024 »…"""
        return f"Fini {self.fini_le.situee}" if self.sens == self.Sens.FINI else self.get_sens_display()


def adresses_arretees(adresses: Iterable[str]) -> set[str]:
    """Return those of these addresses that are asked nothing any more."""
    par_empreinte = {empreinte(adresse): adresse for adresse in adresses if adresse}
    arretees = AdresseArretee.objects.filter(pk__in=par_empreinte).values_list("pk", flat=True)
    return {par_empreinte[arretee] for arretee in arretees}
