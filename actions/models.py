"""ActionInspirante: what a town did, and by which lever."""

from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Coalesce, Greatest, TruncDate
from django.template.defaultfilters import capfirst
from django.utils import timezone

from dispositifs.age import ancien
from dispositifs.models import Dispositif
from fiches.dates import ColonneDatePartielle, dates_canoniques
from fiches.gabarits import Nature
from fiches.models import Fiche, Vocabulaire
from francais.dates import DatePartielle

# Of any fiche, the day a source last saw what it tells of: nothing for a kind of scheme, nor for a day nobody gives.
CONSTATEE_LE = Coalesce(F("comme_local__vu_le__premier_jour"), F("comme_action__vu_le__premier_jour"))
EN_SUSPENS = ("idee", "en_cours")  # states of an action that one day are no more
# Of any fiche, the day from which it ages: its last statement, while what it tells may go on; else its last change; or
# the day somebody read it again.
VUE_LE = Greatest(
    Coalesce(
        Case(When(Q(nature="local") | Q(comme_action__avancement__in=EN_SUSPENS), then=CONSTATEE_LE)),
        TruncDate("modifiee_le"),
    ),
    F("relue_le"),
)


class Levier(Vocabulaire):
    class Meta(Vocabulaire.Meta):
        verbose_name = "levier"


class ActionInspirante(Fiche):
    class Avancement(models.TextChoices):
        """How far it has gone, when it was last seen."""

        IDEE = "idee", "Idée"
        EN_COURS = "en_cours", "En cours"
        PONCTUELLE = "ponctuelle", "Ponctuelle"
        TERMINEE = "terminee", "Terminée"

    class Preuve(models.TextChoices):
        """How far it has been assessed, from the least to the most: nothing to do with how far it has gone."""

        NON_EVALUEE = "non_evaluee", "Sans évaluation connue"
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
    debut = ColonneDatePartielle("début", db_column="debut_le")
    fin = ColonneDatePartielle("fin", db_column="fin_le")
    avancement = models.CharField("état de l’action", max_length=12, choices=Avancement, blank=True, db_default="")
    vu_le = ColonneDatePartielle("vue")
    preuve = models.CharField("niveau de preuve", max_length=12, choices=Preuve, blank=True)
    lieu_precis = models.BooleanField("lieu précis connu", default=True)

    NATURE = Nature.ACTION

    class Meta:
        verbose_name = "action inspirante"
        verbose_name_plural = "actions inspirantes"
        constraints = dates_canoniques("debut", "fin", "vu_le")

    def projeter_particularites(self, contenu: dict) -> None:
        for champ in ("periode", "avancement", "preuve", "lieu_precis"):
            setattr(self, champ, contenu[champ])
        for champ in ("debut", "fin", "vu_le"):
            setattr(self, champ, DatePartielle(contenu[champ] or ""))
        slug = contenu["dispositif"]
        self.dispositif = Dispositif.objects.nommees().get(slug=slug) if slug else None
        self.levier = Levier.objects.get(slug=contenu["levier"]) if contenu["levier"] else None

    @property
    def dispositif_lisible(self) -> Dispositif | None:
        return self.dispositif.lisible if self.dispositif else None

    def particularites_rendues(self, contenu: dict) -> dict:
        rendues = {"levier": self.levier.nom if self.levier else "", "repere": self.repere}
        return {**rendues, "vue_en_suspens": self.vu_le} if self.avancement in EN_SUSPENS else rendues

    @property
    def repere(self) -> str:
        """What a list says of it first: « En cours, vue en mars 2022, capitalisée, depuis 2019, lieu non précisé »."""
        vue = f"vue {self.vu_le.au_mois.situee}" if self.vu_le and self.avancement in EN_SUSPENS else ""
        lieu = "" if self.lieu_precis else "lieu non précisé"
        dits = (self.get_avancement_display(), vue, self.get_preuve_display(), self._annees, lieu)
        return capfirst(", ".join(dit[0].lower() + dit[1:] for dit in dits if dit))

    @property
    def _annees(self) -> str:
        """Its years, told so that none is taken for the day it was seen."""
        debut, fin = self.debut.annee, self.fin.annee
        if debut and fin and debut != fin:
            return f"{debut}-{fin}"
        if fin:
            return f"en {fin}" if debut else f"jusqu’en {fin}"
        mot = {"en_cours": "depuis", "ponctuelle": "en"}.get(self.avancement, "dès")
        return f"{mot} {debut}" if debut else ""

    @property
    def a_verifier(self) -> bool:
        """True when it was seen in such a state too long ago to be told of today."""
        return self.avancement in EN_SUSPENS and ancien(self.vu_le, timezone.localdate())

    def mots_propres(self) -> list[str]:
        mots = [self.levier.nom] if self.levier else []
        return [*mots, self.dispositif.sigle, self.dispositif.titre] if self.dispositif else mots
