"""The e-mails the site wrote, sent or not: plain text, each written once (`cle`)."""

import re
from datetime import timedelta
from enum import StrEnum
from typing import Any, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import connection, models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce, Lower, Now
from django.utils import timezone

from courriels import reponses

GARDE = timedelta(days=30)  # how long an e-mail is kept once it is sent, or too late to be
GARDE_BREVE = timedelta(days=1)  # the same for what was worth less than that: codes, « no account at this address »
PATIENCE = timedelta(days=7)  # how long one tries to send it, unless its writer said less

ADRESSE = re.compile(r"[^\s@<>'\"]{1,64}@[^\s@<>'\"]+")


class Statut(StrEnum):
    A_ENVOYER = "à envoyer"
    RETARDE = "retardé"
    ENVOYE = "envoyé"
    REFUSE = "refusé"
    PERIME = "périmé"


class Preuve(models.TextChoices):
    """What is known of the address when the e-mail is written."""

    FAITE = "faite", "prouvée"
    DEMANDEE = "demandee", "d’un compte, tapée par quiconque veut se connecter"
    AUCUNE = "aucune", "tapée, prouvée par personne"


def boite(adresse: Any) -> Lower:
    """Return the mailbox an address leads to: neither its case nor what follows a « + » makes another one."""
    return Lower(Func(adresse, Value(r"\+[^@]*@"), Value("@"), function="REGEXP_REPLACE"))


def _finis_depuis(duree: timedelta) -> Q:
    avant = timezone.now() - duree
    return Q(envoye_le__lt=avant) | Q(envoye_le=None, perime_le__lt=avant)


class CourrielQuerySet(models.QuerySet["Courriel"]):
    def a_envoyer(self) -> Self:
        """Those that were not sent and still make sense (a code that lapsed two days ago does not)."""
        return self.filter(envoye_le=None, refuse_le=None, perime_le__gt=timezone.now())

    def a_oublier(self) -> Self:
        breve = Q(perime_le__lt=F("ecrit_le") + GARDE_BREVE, refuse_le=None)
        return self.filter(_finis_depuis(GARDE) | breve & _finis_depuis(GARDE_BREVE))

    def provoques(self) -> Self:
        """Those that anybody may provoke by typing the address."""
        return self.exclude(preuve=Preuve.FAITE)

    def sans_preuve(self) -> Self:
        return self.filter(preuve=Preuve.AUCUNE)

    def pour(self, adresse: str) -> Self:
        """Those that reach the same mailbox as this address."""
        return self.filter(boite=boite(Value(adresse.strip())))

    def refuses(self) -> Self:
        """Those a mail server will never take."""
        return self.exclude(refuse_le=None)

    def retardes(self) -> Self:
        """Those that a server did not take yet."""
        return self.a_envoyer().filter(tentatives__gt=0)

    def refus_du_site(self) -> str:
        """Return what the mail server says to the site itself, lately; empty when it takes its e-mails."""
        refuse = self.retardes().filter(refus_du_site=True).first()
        return refuse.erreur_sans_adresse if refuse else ""

    def adresse_refusee(self, adresse: str) -> bool:
        """Return whether the last e-mail that got an answer, to this very address, was refused for good."""
        finis = self.filter(destinataire__iexact=adresse).filter(
            Q(envoye_le__isnull=False) | Q(refuse_le__isnull=False)
        )
        dernier = finis.annotate(fini_le=Coalesce("envoye_le", "refuse_le")).order_by("-fini_le", "-pk").first()
        return dernier is not None and dernier.refuse_le is not None

    def inserer(self, neuf: "Courriel") -> bool:
        """Write this e-mail unless one bears its key; say whether it was. One query, whoever writes it at once."""
        concrets = Courriel._meta.concrete_fields  # noqa: SLF001  (an interface that Django documents)
        champs = [champ for champ in concrets if not (champ.primary_key or champ.generated)]
        colonnes = ", ".join(champ.attname for champ in champs)
        marques = ", ".join(["%s"] * len(champs))
        with connection.cursor() as curseur:
            curseur.execute(
                f"INSERT INTO courriels_courriel ({colonnes}) VALUES ({marques})"  # noqa: S608  (our own columns)
                " ON CONFLICT (cle) DO NOTHING RETURNING id",
                [champ.get_db_prep_save(getattr(neuf, champ.attname), connection) for champ in champs],
            )
            ligne = curseur.fetchone()
        neuf.pk = ligne[0] if ligne else None
        return bool(ligne)


class Courriel(models.Model):
    destinataire = models.EmailField("destinataire")
    objet = models.CharField("objet", max_length=250)
    corps = models.TextField("corps")
    cle = models.CharField("clé", max_length=200, unique=True, help_text="Un même courriel ne s’écrit qu’une fois.")
    arreter = models.CharField("adresse pour ne plus recevoir", max_length=250, blank=True)
    ecrit_le = models.DateTimeField("écrit le", default=timezone.now, db_index=True)
    perime_le = models.DateTimeField("inutile après")
    envoye_le = models.DateTimeField("envoyé le", null=True, blank=True)
    refuse_le = models.DateTimeField("refusé pour de bon le", null=True, blank=True)
    preuve = models.CharField("adresse", max_length=10, choices=Preuve, default=Preuve.FAITE)
    boite = models.GeneratedField(expression=boite("destinataire"), output_field=models.TextField(), db_persist=True)
    tentatives = models.PositiveSmallIntegerField("tentatives", default=0)
    derniere_erreur = models.TextField("dernière erreur", blank=True)
    refus_du_site = models.BooleanField("refusé au site, non à l’adresse", default=False)

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
            models.CheckConstraint(name="courriel_preuve_connue", condition=Q(preuve__in=Preuve.values)),
            models.CheckConstraint(name="courriel_envoye_ou_refuse", condition=Q(envoye_le=None) | Q(refuse_le=None)),
            models.CheckConstraint(
                name="courriel_envoye_apres_tentative", condition=Q(envoye_le=None) | Q(tentatives__gt=0)
            ),
        ]
        indexes = [
            models.Index(name="courriel_en_attente", fields=["ecrit_le"], condition=Q(envoye_le=None)),
            models.Index(name="courriel_de_la_boite", fields=["boite", "ecrit_le"]),
        ]

    def __str__(self) -> str:
        return self.objet

    @property
    def statut(self) -> Statut:
        if self.envoye_le:
            return Statut.ENVOYE
        if self.refuse_le:
            return Statut.REFUSE
        if self.perime_le <= timezone.now():
            return Statut.PERIME
        return Statut.RETARDE if self.tentatives else Statut.A_ENVOYER

    @property
    def erreur_sans_adresse(self) -> str:
        return ADRESSE.sub("•@•", self.derniere_erreur)

    def message(self) -> EmailMessage:
        """Return the e-mail to hand to the mail server: always the same Message-ID, so that a second copy is known."""
        entetes = {
            "Message-ID": f"<courriel-{self.pk}-{self.ecrit_le:%Y%m%d%H%M%S}@{urlsplit(settings.SITE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
        }
        if self.arreter:
            entetes["List-Unsubscribe"] = f"<{self.arreter}>"
            entetes["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058: a POST there, and it is done
        return EmailMessage(self.objet, self.corps, to=[self.destinataire], headers=entetes)

    def remettre(self) -> Exception | None:
        """Hand this e-mail to the mail server and note what came of it; return the failure, if any.

        To be called under the lock of the row. The note is written in the transaction of that lock, whatever happens:
        a failure must not be rolled back, so it is returned and not raised. A refusal for good ends it (`refuse_le`).
        """
        self.tentatives = F("tentatives") + 1
        try:
            with get_connection() as connexion:  # closed whatever comes, even when the server does not want us
                message = self.message()
                message.connection = connexion
                message.send()
        except (OSError, ValueError) as erreur:  # SMTPException is an OSError; ValueError: an address nobody can have
            self.derniere_erreur = f"{type(erreur).__name__} : {erreur}"[:1000]
            self.refuse_le = Now() if reponses.est_definitive(erreur) else None
            self.refus_du_site = reponses.vient_de_nous(erreur)
            self.save(update_fields=["tentatives", "derniere_erreur", "refuse_le", "refus_du_site"])
            return erreur
        self.envoye_le, self.derniere_erreur, self.refus_du_site = Now(), "", False
        self.save(update_fields=["tentatives", "envoye_le", "derniere_erreur", "refus_du_site"])
        return None
