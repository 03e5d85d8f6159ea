"""A lot as a moderator has it before her eyes: how much it makes, some of its rows word by word, where it stands."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Prefetch, Q, QuerySet

from comparaison.contenus import Comparaison, comparer
from contributions.models import Depot, Lot, Proposition
from contributions.verbes.propositions import reunir_avec
from fiches.models import Fiche
from fiches.unites import unites

PAR_PAGE = 20
ECHANTILLON = 20  # rows taken regularly in a long lot: what one reads first
SUITE = re.compile(r"(?<!\d)(\d{1,7})(?:\s*[-–à]\s*(\d{1,7}))?(?!\d)")
VUES = {
    "echantillon": "Un échantillon",
    "tout": "Toutes les lignes",
    "creer": "À créer",
    "changer": "À changer",
    "empechees": "Laissées de côté",
}


@dataclass(frozen=True)
class LigneLue:
    """A row that waits: what it would change now, and what stops it."""

    proposition: Proposition
    comparaison: Comparaison
    conflits: Sequence[str]  # titles of the units that both sides changed
    raison: str  # why the last decision left it aside

    @property
    def cle(self) -> int:
        return self.proposition.pk

    @property
    def reservee(self) -> bool:
        """It takes a closer look: nothing is accepted of it here by default."""
        return bool(self.conflits or self.raison)


class LotLu:
    """`vue`: a key of VUES; « echantillon » is for the lots that do not hold in one page."""

    def __init__(self, lot: Lot, vue: str = ""):
        self.lot = lot
        self.attendent = lot.propositions.a_traiter()
        comptes = self.attendent.order_by().aggregate(
            nombre=Count("pk"), creer=Count("pk", filter=Q(base=None)), changer=Count("pk", filter=~Q(base=None))
        )
        self.nombre, self.a_creer, self.a_changer = comptes["nombre"], comptes["creer"], comptes["changer"]
        possibles = [cle for cle in VUES if cle in ("tout", vue) or self._utile(cle)]
        self.vues = [(cle, VUES[cle]) for cle in possibles if self._utile(cle)]
        self.vue = vue if self._utile(vue) else next(iter(possibles), "tout")

    @property
    def etats(self) -> list[tuple[str, int]]:
        """How many rows are in each state, decided or not."""
        comptes = dict(self.lot.propositions.order_by().values_list("statut").annotate(Count("pk")))
        return [(nom, comptes[cle]) for cle, nom in Proposition.Statut.choices if cle in comptes]

    @cached_property
    def raisons(self) -> dict[int, str]:
        """Why the rows that wait were left aside by the last decision that tried them."""
        raisons: dict[int, str] = {}
        for traitement in self.lot.traitements.exclude(empechees={}).order_by("pk"):
            raisons |= {int(pk): raison for pk, raison in traitement.empechees.items()}
        return raisons

    def lignes(self) -> QuerySet[Proposition]:
        """Return what waits, as this view shows it, in the order of the spreadsheet."""
        rangees = self.attendent.order_by("ligne", "pk")
        if self.vue == "echantillon":
            cles = list(rangees.values_list("pk", flat=True))
            return rangees.filter(pk__in=cles[:: max(1, len(cles) // ECHANTILLON)][:ECHANTILLON])
        if self.vue == "empechees":
            return rangees.filter(pk__in=self.raisons)
        if self.vue == "tout":
            return rangees
        return rangees.filter(base=None) if self.vue == "creer" else rangees.exclude(base=None)

    def lire(self, propositions: Iterable[Proposition]) -> list[LigneLue]:
        """Return these rows compared with what is published now."""
        return [self._lire(proposition) for proposition in propositions]

    def _lire(self, proposition: Proposition) -> LigneLue:
        depot = proposition.depots.all()[0]
        fiche = proposition.fiche or Fiche(nature=proposition.nature)
        fusion = reunir_avec(fiche, depot)
        return LigneLue(
            proposition,
            comparer(proposition.nature, fiche.contenu or {}, fusion.contenu, prefixe=f"l{proposition.pk}-"),
            [unite.titre for unite in unites(proposition.nature) if unite.cle in fusion.conflits],
            self.raisons.get(proposition.pk, ""),
        )

    def _utile(self, vue: str) -> bool:
        """Say whether this view shows something, and not the same as the whole."""
        return {
            "echantillon": self.nombre > PAR_PAGE,
            "tout": True,
            "creer": 0 < self.a_creer < self.nombre,
            "changer": 0 < self.a_changer < self.nombre,
            "empechees": bool(self.nombre and self.raisons),
        }.get(vue, False)


def a_comparer(lignes: QuerySet[Proposition]) -> QuerySet[Proposition]:
    """Return the same rows with all that comparing them reads."""
    derniers = Depot.objects.select_related("base").order_by("-numero")
    return lignes.select_related("fiche").defer("saisie").prefetch_related(Prefetch("depots", derniers))


def lire_les_numeros(ecrit: str) -> list[tuple[int, int]]:
    """Return the runs of rows that somebody wrote: « 4, 12-18 » gives (4, 4) and (12, 18)."""
    suites = ((int(debut), int(fin or debut)) for debut, fin in SUITE.findall(ecrit))
    return [(min(suite), max(suite)) for suite in suites]


def ecrire_les_numeros(numeros: Iterable[int]) -> str:
    """Return rows as one writes them: « 4, 12-18 »."""
    suites: list[list[int]] = []
    for numero in sorted({*numeros}):
        if suites and suites[-1][1] == numero - 1:
            suites[-1][1] = numero
        else:
            suites.append([numero, numero])
    return ", ".join(str(debut) if debut == fin else f"{debut}-{fin}" for debut, fin in suites)


def propositions_des_lignes(lot: Lot, suites: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Return the propositions that wait on these rows: primary key, row."""
    dedans = Q(pk__in=[])
    for debut, fin in suites:
        dedans |= Q(ligne__gte=debut, ligne__lte=fin)
    return {p.pk: p.ligne or 0 for p in lot.propositions.a_traiter().filter(dedans).only("ligne")}
