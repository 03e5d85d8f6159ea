"""Importations: official files brought at the desk, what they would change, what became of them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse


class ImportationQuerySet(models.QuerySet):
    def en_cours(self) -> "ImportationQuerySet":
        """Return those that the worker has to read, or to write."""
        return self.filter(etat__in=Importation.EN_COURS)


class Importation(models.Model):
    """An official file: read and compared by the worker, applied once somebody has read the report."""

    class Genre(models.TextChoices):
        COG = "cog", "Communes (code officiel géographique)"
        EPCI = "epci", "Intercommunalités"
        QPV = "qpv", "Quartiers prioritaires"

    class Etat(models.TextChoices):
        A_COMPARER = "a_comparer", "En lecture"
        COMPAREE = "comparee", "À relire"
        A_APPLIQUER = "a_appliquer", "En écriture"
        APPLIQUEE = "appliquee", "Appliquée"
        REFUSEE = "refusee", "Refusée"
        ABANDONNEE = "abandonnee", "Abandonnée"

    EN_COURS = (Etat.A_COMPARER, Etat.A_APPLIQUER)
    FINIES = (Etat.APPLIQUEE, Etat.REFUSEE, Etat.ABANDONNEE)

    genre = models.CharField("genre", max_length=4, choices=Genre)
    fichiers = ArrayField(models.CharField(max_length=200), verbose_name="fichiers")
    annee = models.PositiveSmallIntegerField("année du fichier", null=True)
    plus_ancien = models.BooleanField("même plus ancien", default=False)
    fermer_absents = models.BooleanField("fermer les absents", default=False)
    etat = models.CharField("état", max_length=11, choices=Etat, default=Etat.A_COMPARER)
    etape = models.CharField("étape", max_length=200, blank=True)
    essais = models.PositiveSmallIntegerField("essais de l’ouvrier", default=0)
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="par")
    apportee_le = models.DateTimeField("apportée le", auto_now_add=True)
    bougee_le = models.DateTimeField("dernier changement le", auto_now=True)
    rapport = models.JSONField("rapport", default=dict)
    fautes = models.JSONField("ce qui est faux", default=list)
    empreinte = models.CharField("empreinte de ce qui changerait", max_length=64, blank=True)

    objects = ImportationQuerySet.as_manager()

    class Meta:
        verbose_name = "importation"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_genre_display()}\u00a0: {', '.join(self.fichiers)}"

    def get_absolute_url(self) -> str:
        return reverse("importation", args=[self.pk])

    @property
    def attend(self) -> bool:
        return self.etat in self.EN_COURS


class FichierImporte(models.Model):
    """A file of an importation, kept until it is applied, refused or given up."""

    importation = models.ForeignKey(Importation, models.CASCADE, related_name="pieces", verbose_name="importation")
    nom = models.CharField("nom", max_length=200)
    octets = models.BinaryField("contenu")

    class Meta:
        verbose_name = "fichier importé"

    def __str__(self) -> str:
        return self.nom
