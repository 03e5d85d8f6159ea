"""The closed lists that fiches choose from, and the words that they have had."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func


class Vocabulaire(models.Model):
    """A closed list whose slugs are in the addresses of the catalogue."""

    slug = models.SlugField("identifiant", unique=True)
    nom = models.CharField("nom", max_length=100)
    ordre = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        abstract = True
        ordering = ["ordre", "nom"]

    def __str__(self) -> str:
        return self.nom


class Theme(Vocabulaire):
    class Meta(Vocabulaire.Meta):
        verbose_name = "thématique"


class Public(Vocabulaire):
    class Meta(Vocabulaire.Meta):
        verbose_name = "public"


def _calcule_par(fonction: str, *, null: bool = False) -> models.GeneratedField:
    du_mot = Func(F("mot"), function=fonction)
    return models.GeneratedField(expression=du_mot, output_field=models.TextField(), db_persist=True, null=null)


class Mot(models.Model):
    """A word that a published text has had: kept when it has it no more, so whoever shows one looks for it first."""

    mot = models.CharField("mot", max_length=40, primary_key=True)
    sans_accents = _calcule_par("f_unaccent")
    lexeme = _calcule_par("lexeme", null=True)  # in the index of fiches; none for a word that is everywhere
    racine = _calcule_par("racine")  # one for a family: « élu », « élue », « élus »

    class Meta:
        verbose_name = "mot"
        indexes = [
            GinIndex(OpClass("sans_accents", "gin_trgm_ops"), name="mot_ressemblant"),
            models.Index(fields=["sans_accents"], name="mot_sans_accents"),
            models.Index(fields=["racine"], name="mot_racine"),
        ]

    def __str__(self) -> str:
        return self.mot
