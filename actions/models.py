"""ActionInspirante: what a town did, and by which lever."""

from django.db import models
from django.db.models import F, Q

from dispositifs.models import Dispositif
from fiches.gabarits import Nature
from fiches.models import Fiche, Vocabulaire


class Levier(Vocabulaire):
    class Meta(Vocabulaire.Meta):
        verbose_name = "levier"


class ActionInspirante(Fiche):
    class Preuve(models.TextChoices):
        """How far the action has been tried and assessed, from the least to the most."""

        IDEE = "idee", "Idée"
        EN_COURS = "en_cours", "En cours, sans évaluation connue"
        EVALUEE = "evaluee", "Évaluée"
        CAPITALISEE = "capitalisee", "Capitalisée"
        PROBANTE = "probante", "Probante"

    fiche_ptr = models.OneToOneField(
        Fiche, models.CASCADE, parent_link=True, primary_key=True, related_name="comme_action"
    )
    dispositif = models.ForeignKey(
        Dispositif, models.PROTECT, null=True, related_name="actions", verbose_name="dispositif lié"
    )
    levier = models.ForeignKey(Levier, models.PROTECT, null=True, related_name="actions", verbose_name="levier")
    periode = models.CharField("période", max_length=150, blank=True)
    annee_debut = models.PositiveSmallIntegerField("année de début", null=True)
    annee_fin = models.PositiveSmallIntegerField("année de fin", null=True)
    preuve = models.CharField("niveau de preuve", max_length=12, choices=Preuve, blank=True)
    lieu_precis = models.BooleanField("lieu précis connu", default=True)

    NATURE = Nature.ACTION

    class Meta:
        verbose_name = "action inspirante"
        verbose_name_plural = "actions inspirantes"
        constraints = [
            models.CheckConstraint(
                name="action_annees_dans_l_ordre",
                condition=Q(annee_debut__isnull=True) | Q(annee_fin__isnull=True) | Q(annee_fin__gte=F("annee_debut")),
            )
        ]

    def projeter_particularites(self, contenu: dict) -> None:
        for champ in ("periode", "annee_debut", "annee_fin", "preuve", "lieu_precis"):
            setattr(self, champ, contenu[champ])
        self.dispositif = Dispositif.objects.get(slug=contenu["dispositif"]) if contenu["dispositif"] else None
        self.levier = Levier.objects.get(slug=contenu["levier"]) if contenu["levier"] else None

    @property
    def dispositif_lisible(self) -> Dispositif | None:
        return self.dispositif.lisible if self.dispositif else None

    def particularites_rendues(self, contenu: dict) -> dict:
        return {"levier": self.levier.nom if self.levier else "", "repere": self.repere}

    @property
    def repere(self) -> str:
        """What a list says of it first: « Capitalisée, 2019-2022, lieu non précisé »."""
        annees = "-".join(str(annee) for annee in dict.fromkeys((self.annee_debut, self.annee_fin)) if annee)
        lieu = "" if self.lieu_precis else "lieu non précisé"
        return ", ".join(filter(None, (self.get_preuve_display(), annees, lieu)))

    def mots_propres(self) -> list[str]:
        mots = [self.levier.nom] if self.levier else []
        return [*mots, self.dispositif.sigle, self.dispositif.titre] if self.dispositif else mots
