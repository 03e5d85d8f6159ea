"""Figures of moderation: what waits, how long answers take, what they are. Computed from the journal, no person."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Min,
    Q,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, TruncMonth
from django.utils import timezone

from contributions.delais import Mediane, observes
from contributions.models import Dossier, Journal, Motif, Proposition, Recours, RegleDeFile, transitions
from contributions.models.transitions import Transition

PERIODE = timedelta(days=365)
PETIT = 5  # fewer are never published alone in the monthly table
OBJECTIF = 90  # per cent of the answers, within the target
REGROUPEES = "autres issues, regroupées"


def _issues(table: dict[str, Transition]) -> dict[str, str]:
    return {verbe: transition.issue for verbe, transition in table.items() if transition.issue}


ISSUES = {
    "proposition": {
        "accepter": transitions.PROPOSITION["accepter"].issue,
        "ajuster": "acceptée avec des ajustements",
        **_issues(transitions.PROPOSITION),
    },
    "signalement": _issues(transitions.DOSSIER),
    "recours": {
        **_issues(transitions.RECOURS),
        "maintenir": "masquage ou retrait maintenu",
        "lever": "fiche rétablie",
    },
    "fiche": _issues(transitions.FICHE),
}
# A line of the journal about an appeal, a case or a proposition also says which fiche: it is looked at last.
OBJETS = {"proposition": "proposition_id", "signalement": "dossier_id", "recours": "recours_id", "fiche": "fiche_id"}


class Tableau:
    """The figures of the page; seven queries."""

    def __init__(self) -> None:
        maintenant = timezone.now()
        self.comptes: dict[tuple[str, str], int] = defaultdict(int)
        self.motifs: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for ligne in _decisions(maintenant - PERIODE).values("genre", "issue", "motif").annotate(n=Count("pk")):
            self.comptes[ligne["genre"], ligne["issue"]] += ligne["n"]
            if ligne["motif"]:
                self.motifs[ligne["genre"], ligne["issue"]][ligne["motif"]] += ligne["n"]
        hors_decision = Journal.objects.filter(verbe__in=("restaurer", "mettre_a_part", "disculper"))
        self.notes = hors_decision.filter(le__gt=maintenant - PERIODE).aggregate(
            directes=Count("pk", filter=Q(verbe="restaurer")),
            a_part=Count("proposition", distinct=True, filter=Q(verbe="mettre_a_part")),
            disculpees=Count("proposition", distinct=True, filter=Q(verbe="disculper")),
        )
        self.directes = self.notes["directes"]
        self.regles = RegleDeFile.objects.en_vigueur()
        self.attente = {
            "propositions": _attente(Proposition.objects.a_traiter(), "deposee_le"),
            "signalements": _attente(Dossier.objects.a_traiter(), "ouvert_le"),
            "recours": _attente(Recours.objects.a_traiter(), "depose_le"),
        }
        self.delais = observes()

    @property
    def regles_a_part(self) -> list[RegleDeFile]:
        return [regle for cle, regle in self.regles.items() if cle in RegleDeFile.A_PART]

    def issues(self, objet: str) -> list[tuple[str, int, list[tuple[str, int]]]]:
        """Return the outcomes with how many, and by reason when there are reasons."""
        noms = dict(Motif.choices)
        return [
            (
                libelle,
                self.comptes[objet, issue],
                sorted(((noms[m], n) for m, n in self.motifs[objet, issue].items()), key=lambda paire: -paire[1]),
            )
            for issue, libelle in ISSUES[objet].items()
        ]

    @property
    def propositions(self):
        return self.issues("proposition")

    @property
    def signalements(self):
        return self.issues("signalement")

    @property
    def recours(self):
        return self.issues("recours")

    @property
    def fiches(self):
        return self.issues("fiche")


def _attente(objets, depuis: str) -> dict[str, Any]:
    return objets.aggregate(nombre=Count("pk"), plus_ancien=Min(depuis))


def _decisions(depuis: datetime | None = None):
    """Return the lines of the journal that decide, each with its `genre`, its `issue` and its `attente`."""
    decident, genres = Q(pk__in=[]), []
    for nom, champ in OBJETS.items():
        decident |= Q(verbe__in=ISSUES[nom], **{f"{champ}__isnull": False})
        genres.append(When(**{f"{champ}__isnull": False}, then=Value(nom)))
    ajustee = Q(verbe="accepter") & ~Q(detail__ajustees=[])
    depot = Coalesce("proposition__deposee_le", "dossier__ouvert_le", "recours__depose_le")
    reprises = Journal.objects.filter(verbe="annuler").values_list(Cast(KT("detail__annulee"), BigIntegerField()))
    lignes = (
        Journal.objects.filter(decident)
        .exclude(pk__in=reprises)
        .annotate(
            genre=Case(*genres, output_field=CharField()),
            issue=Case(
                When(ajustee, then=Value("ajuster")),
                When(recours__mesure__isnull=False, verbe="confirmer", then=Value("maintenir")),
                When(recours__mesure__isnull=False, verbe="infirmer", then=Value("lever")),
                default="verbe",
                output_field=CharField(),
            ),
            attente=ExpressionWrapper(F("le") - depot, output_field=DurationField()),
        )
    )
    return (lignes.filter(le__gt=depuis) if depuis else lignes).order_by()


def _jours(duree: timedelta | None) -> str:
    """Return « 1,5 »; nothing for a measure that nobody was waiting for."""
    return str(round(duree.total_seconds() / 86400, 1)).replace(".", ",") if duree is not None else ""


def lignes_mensuelles() -> Iterator[list[object]]:
    """Yield the decisions month by month, without any person: small counts are put together, and hidden if still small.

    Columns: month, object, outcome, reason, number, median delay in days.
    """
    yield ["mois", "objet", "issue", "motif", "nombre", "delai_median_jours"]
    groupes = _decisions().annotate(mois=TruncMonth("le")).values("mois", "genre", "issue", "motif")
    groupes = groupes.annotate(n=Count("pk"), median=Mediane("attente")).order_by("mois", "genre", "issue", "motif")
    motifs = dict(Motif.choices)
    for (mois, objet), lignes in groupby(groupes, key=lambda ligne: (ligne["mois"], ligne["genre"])):
        reste = 0
        for ligne in lignes:
            if ligne["n"] < PETIT:
                reste += ligne["n"]
                continue
            issue, motif = ISSUES[objet][ligne["issue"]], motifs.get(ligne["motif"], "")
            yield [f"{mois:%Y-%m}", objet, issue, motif, ligne["n"], _jours(ligne["median"])]
        if reste:
            nombre = reste if reste >= PETIT else f"moins de {PETIT}"
            yield [f"{mois:%Y-%m}", objet, REGROUPEES, "", nombre, ""]
