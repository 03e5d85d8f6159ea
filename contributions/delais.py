"""How long a decision takes, and who is before whom: computed from what was decided, never promised."""

from datetime import timedelta

from django.db.models import Aggregate, DurationField, ExpressionWrapper, F, QuerySet
from django.utils import timezone

from contributions.models import Dossier, Proposition

FENETRE = timedelta(days=90)


class Mediane(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def median_propositions() -> timedelta | None:
    """Return the median time from handing in to decision, over the decisions of the last ninety days."""
    return _median(Proposition.objects.filter(statut__in=Proposition.DECIDEES), "deposee_le")


def median_signalements() -> timedelta | None:
    return _median(Dossier.objects.filter(statut__in=Dossier.CLOS), "ouvert_le")


def _median(decidees: QuerySet, depuis: str) -> timedelta | None:
    attente = ExpressionWrapper(F("decidee_le") - F(depuis), output_field=DurationField())
    recentes = decidees.filter(decidee_le__gt=timezone.now() - FENETRE)
    return recentes.aggregate(median=Mediane(attente))["median"]


def en_mots(duree: timedelta) -> str:
    """Return a duration as one says it: « moins d’une heure », « 5 heures », « 3 jours »."""
    heures = duree.total_seconds() / 3600
    if heures < 1:
        return "moins d’une heure"
    nombre, unite = (round(heures), "heure") if heures < 23.5 else (max(1, round(heures / 24)), "jour")
    return f"{nombre}\u00a0{unite}{'s' if nombre > 1 else ''}"


def devant(proposition: Proposition) -> int:
    """Return how many propositions were handed in before this one and wait too."""
    avant = Proposition.objects.a_traiter().filter(deposee_le__lt=proposition.deposee_le)
    return avant.exclude(pk=proposition.pk).count()
