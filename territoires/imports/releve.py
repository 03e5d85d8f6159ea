"""What an official file says, before it is compared with what we know."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

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


@dataclass(frozen=True)
class Lu:
    """A territory as the file names it. Closed when it has an end; `sous_nature` is None when the file is silent."""

    cle: Cle
    nom: str
    sous_nature: str | None = None
    fin: date | None = None
    point: tuple[float, float] | None = None


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

    titre: str
    nature: str
    millesime: int
    territoires: dict[Cle, Lu] = field(default_factory=dict)
    rattachements: dict[Cle, dict[str, set[str]]] = field(default_factory=dict)
    suites: dict[Cle, Suite] = field(default_factory=dict)
    reperes: dict[Cle, str] = field(default_factory=dict)

    def rattacher(self, cle: Cle, genre: str, codes: Iterable[str], repere: str = "") -> None:
        """Add facts; without any code, say that the territory lies in nothing of that kind."""
        self.rattachements.setdefault(cle, {}).setdefault(genre, set()).update(codes)
        self.reperes.setdefault(cle, repere)
