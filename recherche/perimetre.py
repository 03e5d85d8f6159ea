"""What concerns a territory: the fiches attached to it, to what contains it, to what it contains, and by which path."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Case, Count, Func, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Concat

from fiches.models import Fiche
from territoires.models import Inclusion, Territoire

Attache = Fiche.territoires.through
# From the nearest to the widest of what may contain a territory.
AUTOUR = ["commune", "epci", "departement", "region"]
NOMS_MONTRES = 3
HOMONYMES_MONTRES = 4

CHEMINS = """
SELECT a.fiche_id, i.lien, t.nom, i.partielle
FROM fiches_fiche_territoires a
JOIN territoires_territoire t ON t.id = a.territoire_id
JOIN LATERAL (
  SELECT CASE WHEN t.id = ANY(%(territoires)s) THEN 'ici' ELSE 'autour' END AS lien, partielle
  FROM territoires_inclusion WHERE contenant_id = t.id AND contenu_id = ANY(%(territoires)s)
  UNION ALL
  SELECT 'dedans', partielle FROM territoires_inclusion WHERE contenu_id = t.id AND contenant_id = ANY(%(territoires)s)
) i ON true
WHERE a.fiche_id = ANY(%(fiches)s)
ORDER BY a.fiche_id, array_position(%(autour)s, t.nature::text), t.nom
"""


@dataclass(frozen=True)
class Perimetre:
    """The territories that a search is about."""

    territoires: tuple[Territoire, ...]
    homonymes: tuple[Territoire, ...] = ()  # of the one that was written in words

    @property
    def ids(self) -> list[int]:
        return [territoire.pk for territoire in self.territoires]

    @property
    def condition(self) -> Q:
        """Select the fiches that concern the perimeter: attached to it, around it or inside it, even in part."""
        return Q(pk__in=_attaches(self.ids).values("fiche"))

    @property
    def distance(self) -> Subquery:
        """How far a fiche is from the perimeter: 0 on it, 1 inside it, then around it and ever wider."""
        echelons = [
            When(territoire__in=_autour(self.ids), territoire__nature=nature, then=Value(n))
            for n, nature in enumerate(AUTOUR, 2)
        ]
        distance = Case(
            When(territoire__in=self.ids, then=Value(0)),
            When(territoire__in=_dedans(self.ids), then=Value(1)),
            *echelons,
            output_field=IntegerField(),
        )
        attaches = Attache.objects.filter(fiche=OuterRef("pk")).values("fiche")
        return Subquery(attaches.annotate(distance=Min(distance)).values("distance"))

    def chemins(self, fiches: Iterable[Fiche]) -> dict[int, str]:
        """Return, by fiche, how it concerns the perimeter, in words. One SQL query."""
        liens: dict[int, dict[str, dict[str, bool]]] = {}
        parametres = {"territoires": self.ids, "fiches": [fiche.pk for fiche in fiches], "autour": AUTOUR}
        with connection.cursor() as curseur:
            curseur.execute(CHEMINS, parametres)
            for fiche, lien, nom, partielle in curseur:
                liens.setdefault(fiche, {}).setdefault(lien, {})[nom] = partielle
        return {fiche: _en_mots(trouves) for fiche, trouves in liens.items()}

    def elargir(self, fiches: QuerySet) -> list[Territoire]:
        """Return the territories around, the nearest first, each with `compte`: how many of these fiches concern it.
        Two SQL queries."""
        autour = list(Territoire.objects.filter(pk__in=_autour(self.ids)).exclude(pk__in=self.ids))
        conditions = {str(territoire.pk): Perimetre((territoire,)).condition for territoire in autour}
        comptes = fiches.aggregate(**{f"n{pk}": Count("pk", filter=c) for pk, c in conditions.items()})
        for territoire in autour:
            territoire.compte = comptes[f"n{territoire.pk}"]
        proches = sorted(autour, key=lambda territoire: (AUTOUR.index(territoire.nature), territoire.nom))
        return [territoire for territoire in proches if territoire.compte]


def nommes_exactement(texte: str) -> list[Territoire]:
    """Return the territories that bear this very name, the most populated first."""
    cle = Concat(Value("|"), Func(Value(texte), function="normalise_nom"), Value("|"))
    trouves = Territoire.objects.actifs().filter(cles__contains=cle)
    return list(trouves.order_by("-population", "nature", "code")[:HOMONYMES_MONTRES])


def _autour(ids: list[int]) -> QuerySet:
    return Inclusion.objects.filter(contenu__in=ids).values("contenant")


def _dedans(ids: list[int]) -> QuerySet:
    return Inclusion.objects.filter(contenant__in=ids).values("contenu")


def _attaches(ids: list[int]) -> QuerySet:
    return Attache.objects.filter(Q(territoire__in=_autour(ids)) | Q(territoire__in=_dedans(ids)))


def _en_mots(liens: dict[str, dict[str, bool]]) -> str:
    """Return the path in words, from what each link names and whether it is in part only."""
    if "ici" in liens:
        return "Ici"
    if autour := liens.get("autour"):
        nom, partielle = next(iter(autour.items()))
        return f"Couvert{' en partie' if partielle else ''} via {nom}"
    noms = list(liens["dedans"])
    suite = f" et {len(noms) - NOMS_MONTRES} autres" if len(noms) > NOMS_MONTRES + 1 else ""
    return f"Une partie\u00a0: {', '.join(noms if not suite else noms[:NOMS_MONTRES])}{suite}"
