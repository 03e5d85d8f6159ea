"""What helps moderators: the scope each looks after (Portee), the answers (ReponseType) and filters (Filtre) kept."""

from django.conf import settings
from django.db import models

from contributions.models.propositions import Motif
from fiches.models import Theme
from territoires.models import Territoire


class Portee(models.Model):
    """What a moderator looks after: « Mes territoires »; an empty scope is the whole base."""

    utilisateur = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="portee", verbose_name="personne"
    )
    territoires = models.ManyToManyField(Territoire, blank=True, related_name="+", verbose_name="territoires")
    themes = models.ManyToManyField(Theme, blank=True, related_name="+", verbose_name="thématiques")

    class Meta:
        verbose_name = "portée"

    def __str__(self) -> str:
        return f"Portée de {self.utilisateur}"


class ReponseType(models.Model):
    """A saved answer: a start for the message that goes with a decision, always read again before it leaves."""

    titre = models.CharField("titre", max_length=100, unique=True)
    motif = models.CharField("motif", max_length=25, choices=Motif, blank=True)
    texte = models.TextField("texte")

    class Meta:
        verbose_name = "réponse enregistrée"
        verbose_name_plural = "réponses enregistrées"
        ordering = ["motif", "titre"]

    def __str__(self) -> str:
        return self.titre


class Filtre(models.Model):
    """What a moderator often asks of the queue, under the name she gave it."""

    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="filtres", verbose_name="personne"
    )
    nom = models.CharField("nom", max_length=60)
    parametres = models.CharField("paramètres de l’adresse", max_length=1000)

    class Meta:
        verbose_name = "filtre de la file"
        verbose_name_plural = "filtres de la file"
        ordering = ["nom"]
        constraints = [
            models.UniqueConstraint(
                fields=["utilisateur", "nom"],
                name="filtre_nom_unique",
                violation_error_message="Vous avez déjà un filtre de ce nom.",
            ),
            models.CheckConstraint(name="filtre_nomme", condition=~models.Q(nom="") & ~models.Q(parametres="")),
        ]

    def __str__(self) -> str:
        return self.nom
