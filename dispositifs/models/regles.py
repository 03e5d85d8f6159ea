"""What « Choisir » asks, and the rules that bring a dispositif nearer or rule it out."""

from functools import reduce
from hashlib import sha256
from operator import or_
from typing import Self

from django.db import models
from django.db.models import Q

from dispositifs.models.fiches import Dispositif
from fiches.models import LOURDES


class Question(models.TextChoices):
    """What « Choisir » asks: five questions, each may be skipped. The values are in addresses."""

    QPV = "qpv", "Votre territoire a-t-il un quartier prioritaire (QPV)\u00a0?"
    ECHELLE = "echelle", "À quelle échelle voulez-vous agir\u00a0?"
    BESOIN = "besoin", "Quel est le besoin, d’abord ?"
    PORTEUR = "porteur", "Qui pourrait le porter\u00a0?"
    EXISTANT = "existant", "Qu’y a-t-il déjà\u00a0?"


REPONSES: dict[str, dict[str, str]] = {
    Question.QPV: {
        "oui": "Oui, au moins un",
        "prioritaire": "Non, mais il est reconnu prioritaire à un autre titre",
        "non": "Non",
    },
    Question.ECHELLE: {
        "quartier": "Un quartier, ou quelques-uns",
        "commune": "Une commune",
        "intercommunalite": "Une intercommunalité, un pays",
        "large": "Un département, une région",
    },
    Question.BESOIN: {
        "soins": "L’accès aux soins et aux droits",
        "prevention": "La prévention et la promotion de la santé",
        "sante-mentale": "La santé mentale",
        "methode": "De la méthode, de l’ingénierie de projet",
        "ensemble": "Faire tenir ensemble prévention, soins et médico-social",
    },
    Question.PORTEUR: {
        "commune": "Une commune",
        "intercommunalite": "Une intercommunalité",
        "etat": "L’État ou l’agence régionale de santé",
        "acteurs": "Un groupe d’acteurs de terrain",
    },
    Question.EXISTANT: {
        "rien": "Rien encore",
        "groupe": "Un groupe de travail déjà constitué",
        "contrat-de-ville": "Un contrat de ville",
        "cls": "Un contrat local de santé",
        "asv": "Un atelier santé ville",
    },
}
POIDS_MAX = 3


class RegleQuerySet(models.QuerySet["Regle"]):
    def liant(self, dispositif: str, question: str, reponse: str) -> "Regle | None":
        """Return the rule that links this answer to this dispositif, given by its slug."""
        return self.filter(dispositif__slug=dispositif, question=question, reponse=reponse).first()

    def avec_dispositif(self) -> Self:
        """Read in the same query of which dispositif they are, without its texts."""
        textes = (f"dispositif__{colonne}" for colonne in (*LOURDES, "rendu"))
        return self.select_related("dispositif").defer(*textes)


class Regle(models.Model):
    """Why an answer brings a dispositif nearer, or rules it out: a sourced datum, never code."""

    dispositif = models.ForeignKey(Dispositif, models.CASCADE, related_name="regles", verbose_name="dispositif")
    question = models.CharField("question", max_length=10, choices=Question)
    reponse = models.SlugField("réponse", max_length=20)
    poids = models.PositiveSmallIntegerField("poids, de 1 à 3", default=0)
    exclut = models.BooleanField("écarte le dispositif", default=False)
    explication = models.CharField("explication", max_length=300)
    source = models.CharField("source", max_length=300)
    url = models.URLField("adresse de la source", max_length=500, blank=True)
    actif = models.BooleanField("en vigueur", default=True)
    du_chargement = models.BooleanField("vient des fichiers de contenu", default=False)

    objects = RegleQuerySet.as_manager()

    class Meta:
        verbose_name = "règle de choix"
        verbose_name_plural = "règles de choix"
        ordering = ["dispositif", "question", "reponse"]
        constraints = [
            models.UniqueConstraint(fields=["dispositif", "question", "reponse"], name="regle_unique"),
            models.CheckConstraint(
                name="regle_reponse_connue",
                condition=reduce(or_, (Q(question=q, reponse__in=list(r)) for q, r in REPONSES.items())),
            ),
            models.CheckConstraint(
                name="regle_pese_ou_ecarte",
                condition=Q(exclut=True, poids=0) | Q(exclut=False, poids__range=(1, POIDS_MAX)),
            ),
            models.CheckConstraint(name="regle_expliquee_et_sourcee", condition=~Q(explication="") & ~Q(source="")),
        ]

    def __str__(self) -> str:
        return f"{self.dispositif} si {self.question} = {self.reponse}"

    @property
    def reponse_en_mots(self) -> str:
        return REPONSES[self.question][self.reponse]

    @property
    def effet_en_mots(self) -> str:
        return "écarte" if self.exclut else f"+{self.poids}"

    @property
    def etat(self) -> str:
        """The state that verbs and the journal name (docs/workflow.md)."""
        return "en_vigueur" if self.actif else "retiree"

    @property
    def marque(self) -> str:
        """What tells whether somebody, or a loading, changed the rule since it was read."""
        dits = (self.poids, self.exclut, self.explication, self.source, self.url, self.actif)
        return sha256(repr(dits).encode()).hexdigest()[:16]
