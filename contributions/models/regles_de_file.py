"""RegleDeFile: a rule that sorts what waits for moderators, in numbers that they may change.

One row for each `Cle`: written by a migration, changed or withdrawn at the desk (moderation/ecrits.py).
"""

from hashlib import sha256

from django.db import models
from django.db.models import Q

from francais.balises import pluriel


class RegleDeFileQuerySet(models.QuerySet["RegleDeFile"]):
    def en_vigueur(self) -> dict[str, "RegleDeFile"]:
        """Return the rules that count, by key."""
        return {regle.cle: regle for regle in self.filter(actif=True)}


class RegleDeFile(models.Model):
    class Cle(models.TextChoices):
        FIABLE = "fiable", "Personne fiable"
        PETIT = "petit", "Petit changement"
        MEME_TEXTE = "meme_texte", "Même texte"
        MEME_LIEN = "meme_lien", "Même lien"
        LIENS_INCONNUS = "liens_inconnus", "Liens d’inconnus"

    A_PART = (Cle.MEME_TEXTE, Cle.MEME_LIEN, Cle.LIENS_INCONNUS)  # those that set apart

    cle = models.CharField("règle", max_length=15, choices=Cle, unique=True)
    seuil = models.PositiveSmallIntegerField("seuil")
    borne = models.PositiveSmallIntegerField("borne", null=True, blank=True)
    raison = models.CharField("raison", max_length=300)
    actif = models.BooleanField("en vigueur", default=True)
    du_chargement = False  # no content file says any

    objects = RegleDeFileQuerySet.as_manager()

    class Meta:
        verbose_name = "règle de la file"
        verbose_name_plural = "règles de la file"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="regle_de_file_expliquee", condition=~Q(raison="")),
            models.CheckConstraint(
                name="regle_de_file_compte", condition=Q(seuil__gte=1) & (Q(borne=None) | Q(borne__gte=1))
            ),
        ]

    def __str__(self) -> str:
        return self.get_cle_display()

    @property
    def en_mots(self) -> str:
        """The rule as pages say it, numbers included."""
        return PHRASES[self.Cle(self.cle)].format(
            envois=_compter(self.seuil, "envoi accepté,envois acceptés"),
            signes=_compter(self.seuil, "signe,signes"),
            liens=_compter(self.seuil, "lien,liens"),
            fois=_compter(self.seuil, "fois,fois"),
            jours=_compter(self.borne or 0, "jour,jours"),
            borne=self.borne,
        )

    @property
    def etat(self) -> str:
        """The state that verbs and the journal name (docs/workflow.md)."""
        return "en_vigueur" if self.actif else "retiree"

    @property
    def marque(self) -> str:
        """What tells whether somebody changed it since it was read."""
        dits = (self.cle, self.seuil, self.borne, self.raison, self.actif)
        return sha256(repr(dits).encode()).hexdigest()[:16]


def _compter(nombre: int, formes: str) -> str:
    return f"{nombre}\u00a0{pluriel(nombre, formes)}"


Cle = RegleDeFile.Cle
PHRASES = {
    Cle.FIABLE: "Une personne est fiable quand elle a un compte, au moins {envois} en {jours}, et "
    "aucun refusé, même en partie, dans ce temps.",
    Cle.PETIT: "Un changement est petit quand il réécrit un passage d’une seule partie\u00a0: au plus "
    "{signes} avant, {borne} après. La partie cite une source, n’en perd aucune, et le passage n’a ni "
    "chiffre, ni lien, ni adresse.",
    Cle.MEME_TEXTE: "Une même phrase reçue au moins {fois} en {jours}, d’autant de personnes "
    "dont rien n’a encore été accepté, est mise à part.",
    Cle.MEME_LIEN: "Un même lien vers un site que la base ne cite pas, reçu au moins {fois} en "
    "{jours}, d’autant de personnes dont rien n’a encore été accepté, est mis à part.",
    Cle.LIENS_INCONNUS: "Au moins {liens} vers des sites que la base ne cite pas, de quelqu’un sans compte "
    "dont rien n’a encore été accepté, sont mis à part.",
}
# How the two numbers are called where they are changed.
NOMBRES: dict[str, tuple[str, str]] = {
    Cle.FIABLE: ("Envois acceptés, au moins", "En combien de jours"),
    Cle.PETIT: ("Signes du passage avant, au plus", "Signes du passage après, au plus"),
    Cle.MEME_TEXTE: ("Personnes différentes, au moins", "En combien de jours"),
    Cle.MEME_LIEN: ("Personnes différentes, au moins", "En combien de jours"),
    Cle.LIENS_INCONNUS: ("Liens, au moins", ""),
}
