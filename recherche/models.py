"""Synonyms: what is looked for besides the words that somebody typed."""

from hashlib import sha256

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least, Lower


class SynonymeQuerySet(models.QuerySet["Synonyme"]):
    def rapprochant(self, terme: str, voisin: str) -> "Synonyme | None":
        """Return the synonym that these words make, whichever is first."""
        dans_l_ordre = Q(terme__iexact=terme, voisin__iexact=voisin)
        return self.filter(dans_l_ordre | Q(terme__iexact=voisin, voisin__iexact=terme)).first()


class Synonyme(models.Model):
    """Two ways of saying, each of a few words, and why one is looked for when the other is typed."""

    class Sens(models.TextChoices):
        EGALITE = "egalite", "L’un vaut l’autre"
        SENS_UNIQUE = "sens_unique", "Seulement du premier vers le second"

    terme = models.CharField("ce que l’on tape", max_length=80)
    voisin = models.CharField("ce que l’on cherche aussi", max_length=80)
    sens = models.CharField("sens", max_length=11, choices=Sens, default=Sens.EGALITE)
    raison = models.CharField("raison", max_length=300)
    actif = models.BooleanField("en vigueur", default=True)
    du_chargement = models.BooleanField("vient des fichiers de contenu", default=False)

    objects = SynonymeQuerySet.as_manager()

    class Meta:
        verbose_name = "synonyme"
        ordering = [Lower("terme"), Lower("voisin")]
        constraints = [
            # Whichever is written first.
            models.UniqueConstraint(
                Least(Lower("terme"), Lower("voisin")),
                Greatest(Lower("terme"), Lower("voisin")),
                name="synonyme_unique",
                violation_error_message="Un synonyme rapproche déjà ces mots.",
            ),
            models.CheckConstraint(
                name="synonyme_d_un_autre", condition=~Q(terme="") & ~Q(voisin="") & ~Q(terme__iexact=F("voisin"))
            ),
            models.CheckConstraint(name="synonyme_sens_connu", condition=Q(sens__in=["egalite", "sens_unique"])),
            models.CheckConstraint(name="synonyme_explique", condition=~Q(raison="")),
        ]

    def __str__(self) -> str:
        return f"{self.terme} {'=' if self.sens == self.Sens.EGALITE else '→'} {self.voisin}"

    @property
    def etat(self) -> str:
        """The state that verbs and the journal name (docs/workflow.md)."""
        return "en_vigueur" if self.actif else "retiree"

    @property
    def marque(self) -> str:
        """What tells whether somebody, or a loading, changed it since it was read."""
        dits = (self.terme, self.voisin, str(self.sens), self.raison, self.actif)
        return sha256(repr(dits).encode()).hexdigest()[:16]
