"""The facets of the catalogue. Each is a relation (fiche, value): filters and counts both derive from it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from django.db import connection
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from actions.models import ActionInspirante
from dispositifs.age import COUVRENT, EtatLocal
from dispositifs.models import DispositifLocal
from fiches.gabarits import Nature
from fiches.models import Fiche

CHOIX_MONTRES = 8
# Beyond this number of fiches, choices are offered without their figures: each relation would be read whole.
COMPTEES = 5_000


@dataclass(frozen=True)
class Facette:
    cle: str  # parameter of the address
    titre: str
    relation: Callable[[], QuerySet]
    fiche: str  # in the rows of the relation, the path to the fiche
    valeur: str  # and to the value
    natures: frozenset[str] = frozenset(Nature)  # those that have such values
    inclus: tuple[tuple[str, str], ...] = ()  # (value, wider one): a fiche of the first has both

    def condition(self, valeurs: Iterable[str]) -> Q:
        """Select the fiches that have one of these values."""
        toutes = [*valeurs, *(etroite for etroite, large in self.inclus if large in valeurs)]
        return Q(pk__in=self.relation().filter(**{f"{self.valeur}__in": toutes}).values(self.fiche))

    def paires(self) -> tuple[str, tuple]:
        """The SQL of the relation. The same all day long, and longer to build than to run: built once."""
        return _paires(self, timezone.localdate())


@lru_cache(maxsize=32)
def _paires(facette: Facette, jour: date) -> tuple[str, tuple]:  # noqa: ARG001  (states change with the day)
    relation = facette.relation().order_by()
    aussi = [
        relation.filter(**{facette.valeur: etroite}).values_list(facette.fiche, Value(large))
        for etroite, large in facette.inclus
    ]
    paires = relation.values_list(facette.fiche, facette.valeur)
    return (paires.union(*aussi, all=True) if aussi else paires).query.sql_with_params()


LOCAUX = frozenset({Nature.LOCAL})
ACTIONS = frozenset({Nature.ACTION})
# What ends soon is in force until then.
EN_VIGUEUR_AUSSI = tuple((etat, EtatLocal.EN_VIGUEUR) for etat in COUVRENT if etat != EtatLocal.EN_VIGUEUR)


def _rattachees() -> QuerySet:
    dispositif = Coalesce("comme_local__dispositif__slug", "comme_action__dispositif__slug")
    return Fiche.objects.annotate(dispositif=dispositif)


def _locaux_avec_etat() -> QuerySet:
    return DispositifLocal.objects.avec_etat(timezone.localdate())


FACETTES = (
    Facette("nature", "Nature", Fiche.objects.all, "pk", "nature"),
    Facette("dispositif", "Dispositif", _rattachees, "pk", "dispositif", LOCAUX | ACTIONS),
    Facette("theme", "Thème", Fiche.themes.through.objects.all, "fiche", "theme__slug"),
    Facette("public", "Public", Fiche.publics.through.objects.all, "fiche", "public__slug"),
    Facette("levier", "Levier", ActionInspirante.objects.all, "pk", "levier__slug", ACTIONS),
    Facette("etat", "État", _locaux_avec_etat, "pk", "etat_local", LOCAUX, EN_VIGUEUR_AUSSI),
    Facette("avancement", "État de l’action", ActionInspirante.objects.all, "pk", "avancement", ACTIONS),
    Facette("preuve", "Niveau de preuve", ActionInspirante.objects.all, "pk", "preuve", ACTIONS),
)


@dataclass(frozen=True)
class Choix:
    """A value of a facet, and how many fiches would be shown if it were chosen."""

    valeur: str
    nom: str
    compte: int | None  # none: too many to be counted
    choisi: bool


@dataclass(frozen=True)
class Volet:
    """A facet as it is shown: the values that would show something, and those that are chosen."""

    cle: str
    titre: str
    choix: list[Choix]
    erreurs: list[str]

    @property
    def est_utile(self) -> bool:
        """True when there is something to choose, or to undo."""
        return len(self.choix) > 1 or self.est_choisi or bool(self.erreurs)

    @property
    def est_choisi(self) -> bool:
        return any(choix.choisi for choix in self.choix)

    @property
    def premiers(self) -> list[Choix]:
        """All when they are few, or those that would show most, the first of the list when as many."""
        if len(self.choix) < CHOIX_MONTRES + 3:
            return self.choix
        return sorted(self.choix, key=lambda choix: -(choix.compte or 0))[:CHOIX_MONTRES]

    @property
    def suivants(self) -> list[Choix]:
        premiers = self.premiers
        return [choix for choix in self.choix if choix not in premiers]

    @property
    def est_ouvert(self) -> bool:
        return any(choix.choisi for choix in self.suivants)


@dataclass
class Comptes:
    """How many fiches: in the whole list, found by the words, shown, and what any other choice would show."""

    ensemble: int = 0
    par_les_mots: int = 0
    montrees: int = 0
    entieres: int = 0  # with all the words
    locaux: int = 0  # local schemes that the answer card is about
    proches: int = 0  # what the facets are counted from: shown, or left out by one filter only
    # By filter, without it; by facet and value, were this value the only choice of its facet.
    sans: dict[str, int] = field(default_factory=dict)
    par_valeur: dict[str, dict[str, int]] = field(default_factory=dict)

    def de(self, facette: str, valeur: str) -> int | None:
        if self.proches > COMPTEES:
            return None
        return self.par_valeur.get(facette, {}).get(valeur, 0)


@dataclass(frozen=True)
class Lot:
    """The fiches that words find, and the condition of each other filter."""

    trouvees: QuerySet
    conditions: dict[str, Q]

    def lire(self) -> tuple[str, tuple]:
        """Return the SQL of these fiches, the outcome of each condition beside, and its parameters."""
        issues = {f"ok_{cle}": condition for cle, condition in self.conditions.items()}
        return self.trouvees.order_by().annotate(**issues).values_list("pk", *issues).query.sql_with_params()


@dataclass(frozen=True)
class Repli:
    """A wider lot, read in place of the one asked when that shows fewer fiches than this."""

    lot: Lot
    moins_de: int


def compter(
    ensemble: QuerySet,
    lot: Lot,
    facettes: Iterable[Facette],
    *,
    replis: Iterable[Repli] = (),
    locaux: QuerySet | None = None,
) -> Comptes:
    """Count everything in one SQL query, that reads the fiches found once: of `lot`, or of the first of `replis`, the
    widest first, that it does not show enough for."""
    branches = [_tout("ensemble", ensemble), *_branches(lot.conditions, facettes)]
    branches += [_tout("locaux", locaux)] if locaux is not None else []
    base, parametres = _base(lot, replis)
    proches = f"SELECT * FROM base WHERE {_a_un_pres(lot.conditions)} LIMIT {COMPTEES + 1}"  # noqa: S608  (ours)
    base += f", proches AS MATERIALIZED ({proches}) "
    comptes = Comptes()
    with connection.cursor() as curseur:
        requete = base + " UNION ALL ".join(branche for branche, _ in branches)
        curseur.execute(requete, [*parametres, *(sien for _, siens in branches for sien in siens)])
        for quoi, valeur, compte in curseur:
            if quoi == "*":
                setattr(comptes, valeur, compte)
            elif quoi == "sans":
                comptes.sans[valeur] = compte
            else:
                comptes.par_valeur.setdefault(quoi, {})[valeur] = compte
    return comptes


def _base(lot: Lot, replis: Iterable[Repli]) -> tuple[str, list]:
    """Return what the counts read: `entieres`, what `lot` finds, and `base`, the same or what is read in its place."""
    sql, liste = lot.lire()
    parametres = [*liste]
    colonnes = ", ".join(["id", *(f"ok_{cle}" for cle in lot.conditions)])
    combien = f"(SELECT count(*) FROM entieres WHERE {_sauf(lot.conditions)})"  # noqa: S608  (names of ours)
    branches, assez = [], 0
    for repli in replis:
        sien, siens = repli.lot.lire()
        pour = f"(SELECT n FROM combien) >= {assez} AND (SELECT n FROM combien) < {repli.moins_de}"  # noqa: S608  (numbers)
        branches.append(f"SELECT * FROM ({sien}) l WHERE {pour}")  # noqa: S608  (SQL of the ORM, numbers of ours)
        parametres += siens
        assez = repli.moins_de
    branches.append(f"SELECT * FROM entieres WHERE (SELECT n FROM combien) >= {assez}")  # noqa: S608  (a number)
    base = f"WITH entieres ({colonnes}) AS MATERIALIZED ({sql}), combien (n) AS MATERIALIZED {combien}"
    return f"{base}, base ({colonnes}) AS MATERIALIZED ({' UNION ALL '.join(branches)}) ", parametres


def _a_un_pres(conditions: dict[str, Q]) -> str:
    return f"{' + '.join(f'(NOT ok_{cle})::int' for cle in conditions)} <= 1" if conditions else "true"


def _sauf(conditions: dict[str, Q], ignoree: str = "") -> str:
    return " AND ".join(f"ok_{cle}" for cle in conditions if cle != ignoree) or "true"


def _branches(conditions: dict[str, Q], facettes: Iterable[Facette]) -> Iterator[tuple[str, tuple]]:
    """Yield the parts of the query of the counts, each as (what, value, count), with their parameters."""
    yield _compte("*", "'entieres'", f"entieres WHERE {_sauf(conditions)}"), ()
    yield _compte("*", "'par_les_mots'", "base"), ()
    yield _compte("*", "'montrees'", f"base WHERE {_sauf(conditions)}"), ()
    yield _compte("*", "'proches'", "proches"), ()
    for cle in conditions:
        yield _compte("sans", f"'{cle}'", f"base WHERE {_sauf(conditions, cle)}"), ()
    peu = f"(SELECT count(*) FROM proches) <= {COMPTEES}"  # noqa: S608  (a number of ours)
    for facette in facettes:
        sql, parametres = facette.paires()
        retenues = f"valeur <> '' AND {_sauf(conditions, facette.cle)} AND {peu}"
        paires = f"proches JOIN ({sql}) p (fiche, valeur) ON fiche = id WHERE {retenues} GROUP BY valeur"
        yield _compte(facette.cle, "valeur", paires), parametres


def _tout(valeur: str, fiches: QuerySet) -> tuple[str, tuple]:
    sql, parametres = fiches.order_by().values_list("pk").query.sql_with_params()
    return _compte("*", f"'{valeur}'", f"({sql}) t"), parametres


def _compte(quoi: str, valeur: str, source: str) -> str:
    return f"SELECT '{quoi}', {valeur}, count(*) FROM {source}"  # noqa: S608  (SQL of the ORM, names of ours)
