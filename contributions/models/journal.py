"""Journal: one line per verb, who, when, from, to, why. It only grows: a trigger refuses UPDATE and DELETE."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from contributions.models.propositions import Motif, Proposition
from contributions.models.recours import Recours
from contributions.models.signalements import Dossier
from dispositifs.models import Regle
from fiches.models import Fiche

VERBES = {
    "deposer": "Proposition déposée",
    "redeposer": "Texte changé pendant l’examen",
    "confirmer": "Adresse confirmée",
    "retirer": "Proposition retirée",
    "prendre": "Pris en charge",
    "rendre": "Rendu à la file",
    "demander_corrections": "Corrections demandées",
    "accepter": "Proposition acceptée",
    "accepter_en_partie": "Proposition acceptée en partie",
    "ecarter": "Proposition écartée",
    "rouvrir": "Rouvert après un recours",
    "signaler": "Signalement reçu",
    "corriger": "Signalement suivi d’une correction",
    "masquer": "Signalement suivi d’un masquage",
    "classer": "Signalement classé sans suite",
    "rattacher": "Signalement rattaché à un autre dossier",
    "masquer_fiche": "Fiche masquée",
    "retirer_fiche": "Fiche retirée",
    "fusionner_fiche": "Fiche fusionnée dans une autre",
    "retablir_fiche": "Fiche rétablie",
    "restaurer": "Version restaurée",
    "relire": "Fiche relue, toujours valable",
    "contester": "Décision contestée",
    "infirmer": "Décision infirmée",
    "demander_avis": "Avis demandé",
    "ajouter_regle": "Règle de « Choisir » ajoutée",
    "modifier_regle": "Règle de « Choisir » modifiée",
    "retirer_regle": "Règle de « Choisir » retirée",
    "remettre_regle": "Règle de « Choisir » remise en vigueur",
}


class Journal(models.Model):
    le = models.DateTimeField("le", default=timezone.now)
    verbe = models.CharField("verbe", max_length=30)
    qui = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="qui"
    )  # nobody: a visitor, or a scheduled task
    proposition = models.ForeignKey(Proposition, models.PROTECT, null=True, related_name="journal")
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, related_name="journal")
    recours = models.ForeignKey(Recours, models.PROTECT, null=True, related_name="journal")
    fiche = models.ForeignKey(Fiche, models.PROTECT, null=True, related_name="journal")
    regle = models.ForeignKey(Regle, models.PROTECT, null=True, related_name="journal")
    de = models.CharField("de", max_length=25, blank=True)
    vers = models.CharField("vers", max_length=25, blank=True)
    motif = models.CharField("motif", max_length=25, choices=Motif, blank=True)
    detail = models.JSONField("détail", default=dict)

    class Meta:
        verbose_name = "ligne du journal"
        verbose_name_plural = "journal"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["verbe", "le"], name="journal_verbe_le")]

    def __str__(self) -> str:
        return f"{self.verbe}, {self.le:%d/%m/%Y %H:%M}"

    @property
    def en_mots(self) -> str:
        """What was done, as one reads it."""
        return "Décision maintenue" if self.recours_id and self.verbe == "confirmer" else VERBES[self.verbe]

    @property
    def objet(self) -> Proposition | Dossier | Recours | Regle | Fiche | None:
        return self.proposition or self.dossier or self.recours or self.regle or self.fiche

    @classmethod
    def noter(cls, verbe: str, objet: models.Model, *, qui=None, de: str = "", motif: str = "", **detail) -> "Journal":
        """Write a line about this proposition, case, appeal, rule or fiche, in the state it is now in."""
        champs = {Proposition: "proposition", Dossier: "dossier", Recours: "recours", Regle: "regle"}
        champ = champs.get(type(objet), "fiche")
        # What is about a fiche is also read on the page of that fiche; a rule is about its dispositif.
        fiche = objet.pk if champ == "fiche" else getattr(objet, "fiche_id", getattr(objet, "dispositif_id", None))
        cibles = {"fiche_id": fiche} if champ == "fiche" else {f"{champ}_id": objet.pk, "fiche_id": fiche}
        vers = getattr(objet, "statut", "") or getattr(objet, "etat", "")
        return cls.objects.create(verbe=verbe, qui=qui, de=de, vers=vers, motif=motif, detail=detail, **cibles)
