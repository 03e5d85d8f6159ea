"""Delays of answers: what is promised (settings), what the last decisions took, who is before whom, in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Value
from django.utils import timezone

from contributions.models import Dossier, Proposition, Recours

FENETRE = timedelta(days=90)


def decision(*, urgente: bool = False) -> timedelta:
    """Return how long a decision may take; `urgente`: on a report that nobody lets wait (`Dossier.URGENTES`)."""
    return timedelta(hours=settings.DELAI_URGENT) if urgente else timedelta(days=settings.DELAI_DECISION)


def reponse() -> timedelta:
    """Return how long a message to moderators may wait."""
    return timedelta(days=settings.DELAI_REPONSE)


def annulation() -> timedelta:
    """Return how long who decided may take the decision back; what it tells people waits as long."""
    return timedelta(minutes=settings.DELAI_ANNULATION)


def annulation_en_mots() -> str:
    return f"{settings.DELAI_ANNULATION}\u00a0minutes"


def promis(*, urgente: bool = False) -> str:
    """Return the promise of `decision` as pages and e-mails say it: « 10 jours », « 6 heures »."""
    return en_mots(decision(urgente=urgente))


def promis_urgent() -> str:
    return promis(urgente=True)


class Mediane(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class Delai:
    """How long the decisions of the last ninety days took."""

    nombre: int = 0
    median: timedelta | None = None
    dans_la_cible: int = 0

    @property
    def en_mots(self) -> str:
        return en_mots(self.median) if self.median is not None else ""

    @property
    def sous_l_heure(self) -> bool:
        return self.median is not None and self.median < timedelta(hours=1)

    @property
    def part(self) -> int | None:
        """The share decided within the target, in whole percent."""
        return round(100 * self.dans_la_cible / self.nombre) if self.nombre else None


def observes() -> dict[str, Delai]:
    """Return, by kind, the delays observed: the only figures told to authors and to the public. One query.

    Kinds: « proposition », « signalement », « recours »; from handing in to the decision that holds.
    """
    urgent = Q(categorie__in=Dossier.URGENTES)
    groupes = _mesurer("proposition", Proposition.objects.filter(statut__in=Proposition.DECIDEES), "deposee_le").union(
        _mesurer("signalement", Dossier.objects.filter(statut__in=Dossier.CLOS), "ouvert_le", urgent=urgent),
        _mesurer("recours", Recours.objects.exclude(statut=Recours.Statut.DEPOSE), "depose_le", "decide_le"),
        all=True,
    )
    observes = {genre: Delai(*mesures) for genre, *mesures in groupes}
    return {genre: observes.get(genre, Delai()) for genre in ("proposition", "signalement", "recours")}


def _mesurer(
    genre: str, decides: QuerySet, depuis: str, jusqua: str = "decidee_le", urgent: Q | None = None
) -> QuerySet:
    attente = ExpressionWrapper(F(jusqua) - F(depuis), output_field=DurationField())
    recents = decides.filter(**{f"{jusqua}__gt": timezone.now() - FENETRE}).order_by().annotate(attente=attente)
    a_temps = Q(attente__lte=decision(urgente=True)) | (Q(attente__lte=decision()) & (~urgent if urgent else Q()))
    mesures = {"n": Count("pk"), "median": Mediane("attente"), "dedans": Count("pk", filter=a_temps)}
    return recents.annotate(genre=Value(genre)).values("genre").annotate(**mesures).values_list("genre", *mesures)


def en_mots(duree: timedelta) -> str:
    """Return a duration as one says it: « moins d’une heure », « 5 heures », « 3 jours »."""
    heures = duree.total_seconds() / 3600
    if heures < 1:
        return "moins d’une heure"
    nombre, unite = (round(heures), "heure") if heures < 23.5 else (max(1, round(heures / 24)), "jour")
    return f"{nombre}\u00a0{unite}{'s' if nombre > 1 else ''}"


def depuis_en_mots(debut: datetime) -> str:
    """Return how long ago that was: « moins d’une heure », « 4 jours »."""
    return en_mots(timezone.now() - debut)


def reste_en_mots(echeance: datetime, maintenant: datetime | None = None) -> str:
    """Return « Reste 4 jours », « Reste 5 heures » or « En retard de 1 jour »: what is begun does not count."""
    reste = echeance - (maintenant or timezone.now())
    duree = abs(reste)
    entiere = timedelta(days=duree.days) or timedelta(hours=max(1, duree.seconds // 3600))
    return f"{'Reste' if reste >= timedelta() else 'En retard de'} {en_mots(entiere)}"


def devant(proposition: Proposition) -> int:
    """Return how many propositions were handed in before this one and wait too."""
    avant = Proposition.objects.a_traiter().filter(deposee_le__lt=proposition.deposee_le)
    return avant.exclude(pk=proposition.pk).count()
