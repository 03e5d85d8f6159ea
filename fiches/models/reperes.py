"""What helps to read the fiches: the glossary, the organisations, points of knowledge worth having in mind."""

from django.db import models

from fiches.models.fiches import Fiche
from fiches.models.vocabulaires import Theme


class Sigle(models.Model):
    """An entry of the glossary: a sigle, or a notion named in full."""

    sigle = models.CharField("sigle ou notion", max_length=100, unique=True)
    developpe = models.CharField("en toutes lettres", max_length=200, blank=True)
    definition = models.TextField("définition")
    fiche = models.ForeignKey(Fiche, models.SET_NULL, null=True, related_name="sigles", verbose_name="fiche")
    source = models.CharField("source", max_length=300, blank=True)
    hors_source = models.BooleanField("développé de connaissance générale", default=False)

    class Meta:
        verbose_name = "sigle"
        ordering = ["sigle"]

    def __str__(self) -> str:
        return self.sigle


class Organisme(models.Model):
    nom = models.CharField("nom", max_length=200, unique=True)
    type = models.CharField("type", max_length=100)
    role = models.TextField("rôle", blank=True)
    territoires = models.ManyToManyField("territoires.Territoire", related_name="organismes", blank=True)
    source = models.CharField("source", max_length=300)
    a_verifier = models.BooleanField("à vérifier", default=False)

    class Meta:
        verbose_name = "organisme"
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom


class Repere(models.Model):
    """A point of knowledge worth having in mind, told in a few lines, with its source."""

    sujet = models.CharField("sujet", max_length=150, unique=True)
    texte = models.TextField("texte")
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, related_name="reperes", verbose_name="thématique")
    source = models.CharField("source", max_length=300)
    fiches = models.ManyToManyField(Fiche, related_name="reperes", blank=True, verbose_name="fiches qu’il éclaire")

    class Meta:
        verbose_name = "repère"
        ordering = ["sujet"]

    def __str__(self) -> str:
        return self.sujet
