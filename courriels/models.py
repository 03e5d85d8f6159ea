"""The e-mails the site wrote, sent or not: plain text, each written once (`cle`)."""

from datetime import timedelta
from enum import StrEnum
from typing import Self
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

GARDE = timedelta(days=30)  # how long an e-mail is kept once it is sent, or too late to be
GARDE_BREVE = timedelta(days=1)  # the same for what was worth less than that: codes, « no account at this address »
PATIENCE = timedelta(days=7)  # how long one tries to send it, unless its writer said less


class Statut(StrEnum):
    A_ENVOYER = "à envoyer"
    RETARDE = "retardé"
    ENVOYE = "envoyé"
    PERIME = "périmé"


def _finis_depuis(duree: timedelta) -> Q:
    avant = timezone.now() - duree
    return Q(envoye_le__lt=avant) | Q(envoye_le=None, perime_le__lt=avant)


class CourrielQuerySet(models.QuerySet["Courriel"]):
    def a_envoyer(self) -> Self:
        """Those that were not sent and still make sense (a code that lapsed two days ago does not)."""
        return self.filter(envoye_le=None, perime_le__gt=timezone.now())

    def a_oublier(self) -> Self:
        breve = Q(perime_le__lt=F("ecrit_le") + GARDE_BREVE)
        return self.filter(_finis_depuis(GARDE) | breve & _finis_depuis(GARDE_BREVE))


class Courriel(models.Model):
    destinataire = models.EmailField("destinataire")
    objet = models.CharField("objet", max_length=250)
    corps = models.TextField("corps")
    cle = models.CharField("clé", max_length=200, unique=True, help_text="Un même courriel ne s’écrit qu’une fois.")
    arreter = models.CharField("adresse pour ne plus recevoir", max_length=250, blank=True)
    ecrit_le = models.DateTimeField("écrit le", default=timezone.now, db_index=True)
    perime_le = models.DateTimeField("inutile après")
    envoye_le = models.DateTimeField("envoyé le", null=True, blank=True)
    tentatives = models.PositiveSmallIntegerField("tentatives", default=0)
    derniere_erreur = models.TextField("dernière erreur", blank=True)

    objects = CourrielQuerySet.as_manager()

    class Meta:
        verbose_name = "courriel"
        ordering = ["-ecrit_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="courriel_objet_sur_une_ligne", condition=~Q(objet__contains="\n") & ~Q(objet__contains="\r")
            ),
            models.CheckConstraint(name="courriel_objet_et_corps", condition=~Q(objet="") & ~Q(corps="")),
            models.CheckConstraint(name="courriel_perime_apres", condition=Q(perime_le__gt=F("ecrit_le"))),
            models.CheckConstraint(
                name="courriel_envoye_apres_tentative", condition=Q(envoye_le=None) | Q(tentatives__gt=0)
            ),
        ]
        indexes = [models.Index(name="courriel_en_attente", fields=["ecrit_le"], condition=Q(envoye_le=None))]

    def __str__(self) -> str:
        return self.objet

    @property
    def statut(self) -> Statut:
        if self.envoye_le:
            return Statut.ENVOYE
        if self.perime_le <= timezone.now():
            return Statut.PERIME
        return Statut.RETARDE if self.tentatives else Statut.A_ENVOYER

    def message(self) -> EmailMessage:
        """Return the e-mail to hand to the mail server: always the same Message-ID, so that a second copy is known."""
        entetes = {
            "Message-ID": f"<courriel-{self.pk}-{self.ecrit_le:%Y%m%d%H%M%S}@{urlsplit(settings.SITE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
        }
        if self.arreter:
            entetes["List-Unsubscribe"] = f"<{self.arreter}>"
        return EmailMessage(self.objet, self.corps, to=[self.destinataire], headers=entetes)

    def remettre(self) -> Exception | None:
        """Hand this e-mail to the mail server and note what came of it; return the failure, if any.

        To be called under the lock of the row. The note is written in the transaction of that lock, whatever happens:
        a failure must not be rolled back, so it is returned and not raised.
        """
        self.tentatives = F("tentatives") + 1
        try:
            self.message().send()
        except (OSError, ValueError) as erreur:  # SMTPException is an OSError; ValueError: an address nobody can have
            self.derniere_erreur = f"{type(erreur).__name__} : {erreur}"[:1000]
            self.save(update_fields=["tentatives", "derniere_erreur"])
            return erreur
        self.envoye_le, self.derniere_erreur = Now(), ""
        self.save(update_fields=["tentatives", "envoye_le", "derniere_erreur"])
        return None
