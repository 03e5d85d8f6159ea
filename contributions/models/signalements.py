"""Signalement: what one person reports. Dossier: the case of all the reports on one target, decided once."""

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from contributions.models.examen import Examinable, Tournures, nouveau_jeton
from contributions.models.propositions import Motif
from fiches.models import Fiche, Version


class DossierQuerySet(models.QuerySet):
    def a_traiter(self) -> Self:
        return self.filter(statut__in=Dossier.A_TRAITER)


class Dossier(Examinable):
    class Statut(models.TextChoices):
        RECU = "recu", "Reçu"
        EN_EXAMEN = "en_examen", "En cours d’examen"
        CORRIGE = "corrige", "Corrigé"
        MASQUE = "masque", "Masqué"
        SANS_SUITE = "sans_suite", "Sans suite"
        DOUBLON = "doublon", "Doublon"

    class Categorie(models.TextChoices):
        ERREUR = "erreur", "Une erreur"
        OBSOLETE = "obsolete", "Une information périmée"
        LIEN_MORT = "lien_mort", "Un lien mort"
        DOUBLON = "doublon", "Un doublon"
        DONNEE_PERSONNELLE = "donnee_personnelle", "Une donnée personnelle"
        DROITS = "droits", "Une atteinte au droit d’auteur"
        ILLICITE = "illicite", "Un contenu illicite"
        AUTRE = "autre", "Autre chose"

    A_TRAITER: ClassVar = (Statut.RECU, Statut.EN_EXAMEN)
    CLOS: ClassVar = (Statut.CORRIGE, Statut.MASQUE, Statut.SANS_SUITE, Statut.DOUBLON)
    TOURNURES = Tournures("Ce signalement", "traité", "pris")
    URGENTES: ClassVar = (Categorie.ILLICITE, Categorie.DONNEE_PERSONNELLE)

    fiche = models.ForeignKey(Fiche, models.PROTECT, related_name="dossiers", verbose_name="fiche")
    cible = models.CharField("unité visée", max_length=60, blank=True)  # "", section-cout, source-3, chiffre-2
    categorie = models.CharField("catégorie", max_length=20, choices=Categorie)
    statut = models.CharField("statut", max_length=10, choices=Statut, default=Statut.RECU)
    ouvert_le = models.DateTimeField("ouvert le", default=timezone.now)
    motif = models.CharField("motif", max_length=25, choices=Motif, blank=True)
    double_de = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="doubles", verbose_name="double de"
    )

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = "dossier de signalement"
        verbose_name_plural = "dossiers de signalement"
        ordering = ["-pk"]
        constraints = [
            # One open case a target: reports that come meanwhile join it.
            models.UniqueConstraint(
                fields=["fiche", "cible", "categorie"],
                condition=Q(statut__in=["recu", "en_examen"]),
                name="dossier_ouvert_unique",
            ),
            models.CheckConstraint(
                name="dossier_clos_par_quelqu_un",
                condition=~Q(statut__in=["corrige", "masque", "sans_suite", "doublon"])
                | Q(decidee_par__isnull=False, decidee_le__isnull=False),
            ),
            models.CheckConstraint(
                name="dossier_clos_motive",
                condition=~Q(statut__in=["masque", "sans_suite", "doublon"]) | (~Q(motif="") & ~Q(explication="")),
            ),
            models.CheckConstraint(
                name="dossier_en_examen_pris",
                condition=~Q(statut="en_examen") | Q(prise_par__isnull=False, prise_jusqua__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["statut", "ouvert_le"], name="dossier_file")]

    def __str__(self) -> str:
        return f"Dossier n° {self.pk}"

    @property
    def adresse_au_poste(self) -> str:
        """Where moderators work on it."""
        return reverse("traiter", args=[self.pk])

    @property
    def urgent(self) -> bool:
        return self.categorie in self.URGENTES


class Signalement(models.Model):
    PRECISIONS: ClassVar = {
        "lien": "Lien qui ne répond plus",
        "doublon": "Fiche qui dit la même chose",
        "oeuvre": "Œuvre reprise",
        "titulaire": "Titulaire des droits",
        "qualite": "La personne qui signale est",
        "ou": "Où la voir",
        "adresse": "Adresse exacte",
        "mineurs": "Infraction sexuelle contre des mineurs",
        "nom": "Nom (non publié)",
    }
    PERSONNELLES: ClassVar = ("nom",)  # erased with the address

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="signalements", verbose_name="dossier")
    jeton = models.CharField("jeton du lien de suivi", max_length=40, unique=True, default=nouveau_jeton)
    version = models.ForeignKey(Version, models.PROTECT, related_name="+", verbose_name="version lue")
    passage = models.TextField("passage cité", blank=True)
    texte = models.TextField("explication", blank=True)
    # The answers to the questions of the category, in words, by the keys of PRECISIONS; `doublon_de` is a fiche.
    precisions = models.JSONField("réponses aux questions de la catégorie", default=dict)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="signalements",
        verbose_name="auteur",
    )
    courriel = models.EmailField("adresse de suivi", blank=True)
    nom = models.CharField("nom à créditer", max_length=100, blank=True)  # public if the fiche is corrected
    bonne_foi = models.BooleanField("déclaré de bonne foi", default=False)
    reseau = models.CharField("réseau d’origine (empreinte)", max_length=64, blank=True)
    voisins = models.CharField("réseau voisin (empreinte)", max_length=64, blank=True, default="", db_default="")
    recu_le = models.DateTimeField("reçu le", default=timezone.now)
    # The seal of the form with what it said: a double click makes one report.
    envoi = models.CharField("empreinte de l’envoi", max_length=64, unique=True, null=True, blank=True)

    class Meta:
        verbose_name = "signalement"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Signalement n° {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("suivi", args=[self.jeton])

    # What a proposition has in its columns

    @property
    def nature(self) -> str:
        return self.dossier.fiche.nature

    @property
    def deposee_le(self) -> datetime:
        return self.recu_le

    @property
    def close_le(self) -> datetime | None:
        return self.dossier.decidee_le

    @property
    def mention(self) -> dict[str, str]:
        return {"cle": f"signalement-{self.pk}", "nom": self.nom, "role": "signalement"}

    @property
    def decision(self) -> Dossier:
        return self.dossier

    @property
    def contestable(self) -> bool:
        """The case was closed without doing anything."""
        return self.dossier.statut in (Dossier.Statut.SANS_SUITE, Dossier.Statut.DOUBLON)

    @property
    def adresse(self) -> str:
        return self.auteur.email if self.auteur else self.courriel

    @property
    def adresse_prouvee(self) -> bool:
        """Whether it is known to be that of whoever writes; before, an e-mail holds no word of theirs."""
        return bool(self.auteur_id)

    @property
    def reponses(self) -> list[tuple[str, str]]:
        """The questions of the category with their answers, as they read."""
        return [(libelle, self.precisions[cle]) for cle, libelle in self.PRECISIONS.items() if self.precisions.get(cle)]
