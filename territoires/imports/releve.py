"""What an official file says, before it is compared with what we know."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from territoires.millesimes import titre

# Nature and code of a territory.
Cle = tuple[str, str]
MONTREES = 20
HORS_BASE = "une valeur ne tient pas dans la base, trop longue ou faite de caractères interdits."


class FichierRefuse(Exception):
    """A file is refused whole: `erreurs` says why, line by line."""

    def __init__(self, erreurs: Iterable[str]) -> None:
        self.erreurs = list(erreurs)
        suite = len(self.erreurs) - MONTREES
        super().__init__("\n".join(self.erreurs[:MONTREES] + ([f"… et {suite} autres."] if suite > 0 else [])))


class Fautes(list[str]):
    """What is wrong with a file, gathered so that everything is said at once."""

    @contextmanager
    def recueillies(self) -> Iterator[None]:
        """Keep the faults of what refuses the file there, and go on."""
        try:
            yield
        except FichierRefuse as refus:
            self += refus.erreurs

    def refuser(self) -> None:
        """Raise FichierRefuse when there is any."""
        if self:
            raise FichierRefuse(self)


@dataclass(frozen=True)
class Lu:
    """A territory as the file names it. Closed when it has an end; `sous_nature` is None when the file is silent.

    `nom_propre`: false when the code may have been borne since by a commune of another name.
    `parent`: the commune in which a former one is a part, when nothing else says what became of it.
    """

    cle: Cle
    nom: str
    sous_nature: str | None = None
    fin: date | None = None
    point: tuple[float, float] | None = None
    nom_propre: bool = True
    parent: str | None = None


@dataclass(frozen=True)
class Suite:
    """What became of a territory, on the day it ended."""

    date: date
    motif: str
    nouveaux: frozenset[Cle]


@dataclass
class Releve:
    """Everything a file says.

    `rattachements`: for each territory, what it lies in, by kind (departement, epci, ept, commune); a kind that is
    there replaces what was known of that kind, even when empty. `suites`: the successors of territories that ended.
    `reperes`: where the file says it (« ligne 12 »).
    """

    nature: str
    millesime: int
    territoires: dict[Cle, Lu] = field(default_factory=dict)
    rattachements: dict[Cle, dict[str, set[str]]] = field(default_factory=dict)
    suites: dict[Cle, Suite] = field(default_factory=dict)
    reperes: dict[Cle, str] = field(default_factory=dict)

    @property
    def titre(self) -> str:
        return titre(self.nature, self.millesime)

    def rattacher(self, cle: Cle, genre: str, codes: Iterable[str], repere: str = "") -> None:
        """Add facts; without any code, say that the territory lies in nothing of that kind."""
        self.rattachements.setdefault(cle, {}).setdefault(genre, set()).update(codes)
        self.reperes.setdefault(cle, repere)
