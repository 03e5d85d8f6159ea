"""Journal: one line per verb, who, when, from, to, why. It only grows: a trigger refuses UPDATE and DELETE."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from contributions.models.confirmations import Demande
from contributions.models.lots import Lot
from contributions.models.propositions import Motif, Proposition
from contributions.models.recours import Recours
from contributions.models.regles_de_file import RegleDeFile
from contributions.models.signalements import Dossier
from contributions.models.transitions import AUTRES, TRANSITIONS, champ_du_journal
from dispositifs.models import Regle
from fiches.models import Fiche
from recherche.models import Synonyme
from territoires.models import Importation

# Where a verb is said of several things, the words are those of the first of these tables.
VERBES = {
    verbe: transition.journal
    for table in reversed(TRANSITIONS.values())
    for verbe, transition in table.items()
    if transition.journal
} | AUTRES


class Journal(models.Model):
    le = models.DateTimeField("le", default=timezone.now)
    verbe = models.CharField("verbe", max_length=30)
    qui = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="qui"
    )  # nobody: a visitor, or a scheduled task
    proposition = models.ForeignKey(Proposition, models.PROTECT, null=True, related_name="journal")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="journal")
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, related_name="journal")
    recours = models.ForeignKey(Recours, models.PROTECT, null=True, related_name="journal")
    fiche = models.ForeignKey(Fiche, models.PROTECT, null=True, related_name="journal")
    regle = models.ForeignKey(Regle, models.PROTECT, null=True, related_name="journal")
    synonyme = models.ForeignKey(Synonyme, models.PROTECT, null=True, related_name="journal")
    regle_de_file = models.ForeignKey(RegleDeFile, models.PROTECT, null=True, related_name="journal")
    demande = models.ForeignKey(Demande, models.PROTECT, null=True, related_name="journal")
    importation = models.ForeignKey(Importation, models.PROTECT, null=True, related_name="journal")
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
        champ = next(champ for champ in TRANSITIONS if getattr(self, f"{champ}_id"))
        transition = TRANSITIONS[champ].get(self.verbe)
        return transition.journal if transition else AUTRES[self.verbe]

    @property
    def objet(
        self,
    ) -> Proposition | Lot | Dossier | Recours | Regle | Synonyme | RegleDeFile | Demande | Importation | Fiche | None:
        decidable = self.proposition or self.lot or self.dossier or self.recours
        ecrit = self.regle or self.synonyme or self.regle_de_file or self.demande
        return decidable or ecrit or self.importation or self.fiche

    @classmethod
    def noter(cls, verbe: str, objet: models.Model, *, qui=None, de: str = "", motif: str = "", **detail) -> "Journal":
        """Write a line about this proposition, lot, case, appeal, rule, synonym, request or fiche, as it is."""
        ligne = cls.ligne(verbe, objet, qui=qui, de=de, motif=motif, **detail)
        ligne.save(force_insert=True)
        return ligne

    @classmethod
    def ligne(cls, verbe: str, objet: models.Model, *, qui=None, de: str = "", motif: str = "", **detail) -> "Journal":
        """Return the same line, for whoever writes many at once."""
        if verbe not in VERBES:
            raise ValueError(f"« {verbe} » n’a pas de mots au journal")
        champ = champ_du_journal(objet)
        # What is about a fiche is also read on the page of that fiche; a rule is about its dispositif.
        fiche = objet.pk if champ == "fiche" else getattr(objet, "fiche_id", getattr(objet, "dispositif_id", None))
        cibles = {"fiche_id": fiche} if champ == "fiche" else {f"{champ}_id": objet.pk, "fiche_id": fiche}
        vers = getattr(objet, "statut", "") or getattr(objet, "etat", "")
        return cls(verbe=verbe, qui=qui, de=de, vers=vers, motif=motif, detail=detail, **cibles)
