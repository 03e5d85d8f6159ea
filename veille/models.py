"""VerificationSource: whether an address that fiches cite still answers."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from fiches.models import Fiche, Source

ECHECS_AVANT_MORT = 3
DUREE_AVANT_MORT = timedelta(days=7)


class VerificationSourceQuerySet(models.QuerySet):
    def a_remplacer(self, territoire=None) -> list[Source]:
        """Return the sources of published fiches whose address is dead, fiche known (on this territory, if any)."""
        fiches = Fiche.objects.visibles_pour()
        if territoire:
            fiches = fiches.concernant(territoire)
        mortes = self.filter(etat=VerificationSource.Etat.MORTE).values("url")
        sources = Source.objects.filter(url__in=mortes, fiche__in=fiches.values("pk"))
        return list(sources.select_related("fiche").order_by("fiche__titre", "numero")[:100])


class VerificationSource(models.Model):
    class Etat(models.TextChoices):
        INCONNUE = "inconnue", "Jamais vérifiée"
        VIVANTE = "vivante", "Vivante"
        DOUTEUSE = "douteuse", "Douteuse"
        MORTE = "morte", "Morte"

    url = models.URLField("adresse", max_length=500, unique=True)
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.INCONNUE)
    verifiee_le = models.DateTimeField("vérifiée le", null=True, blank=True, db_index=True)
    echecs = models.PositiveSmallIntegerField("échecs de suite", default=0)
    premier_echec_le = models.DateTimeField("premier échec le", null=True, blank=True)
    raison = models.CharField("dernière raison", max_length=200, blank=True)

    objects = VerificationSourceQuerySet.as_manager()

    class Meta:
        app_label = "contributions"  # its table, its permissions and its migrations were born there
        verbose_name = "vérification de source"
        verbose_name_plural = "vérifications de sources"
        constraints = [
            models.CheckConstraint(
                name="source_morte_apres_trois_echecs",
                condition=~Q(etat="morte") | (Q(echecs__gte=ECHECS_AVANT_MORT) & Q(premier_echec_le__isnull=False)),
            ),
            models.CheckConstraint(
                name="source_echecs_dates", condition=Q(echecs=0) | Q(premier_echec_le__lte=F("verifiee_le"))
            ),
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def se_voit(self) -> bool:
        """Readers are told from the second failure in a row: one may be a passing trouble of the site, or ours."""
        return self.echecs > 1

    def noter(self, raison: str, maintenant) -> None:
        """Note the outcome of a check: nothing in `raison` means that it answered.

        One failure makes an address doubtful; three of them, over seven days, dead.
        """
        self.verifiee_le, self.raison = maintenant, raison[:200]
        if not raison:
            self.echecs, self.premier_echec_le, self.etat = 0, None, self.Etat.VIVANTE
        else:
            self.echecs += 1
            self.premier_echec_le = self.premier_echec_le or maintenant
            morte = self.echecs >= ECHECS_AVANT_MORT and maintenant - self.premier_echec_le >= DUREE_AVANT_MORT
            self.etat = self.Etat.MORTE if morte else self.Etat.DOUTEUSE
        self.save()
