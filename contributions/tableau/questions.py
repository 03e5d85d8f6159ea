"""What a table leaves to ask, and what is wrong in it: each once, with all the lines that it concerns."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

RIEN, LAISSER = "?", "laisser"  # answers that any question takes: nobody knows, leave its lines aside

CITES = 120  # characters of a value, in a sentence


def cle(role: str, valeur: str) -> str:
    """Return the name under which the answer to a question is kept."""
    return sha256(f"{role}|{valeur}".encode()).hexdigest()[:16]


@dataclass
class Question:
    """A value that is not sure. One answer settles all its lines, by writing something else in its place."""

    role: str
    valeur: str
    dit: str  # why one asks
    choix: Sequence[tuple[str, str]] = ()  # what to write instead, and what to call it
    plusieurs: bool = False
    libre: str = ""  # what one may write oneself, if anything
    lignes: list[str] = field(default_factory=list)

    @property
    def cle(self) -> str:
        return cle(self.role, self.valeur)

    @property
    def en_mots(self) -> str:
        return f"« {self.valeur[:CITES]} » : {self.dit}" if self.valeur else self.dit.capitalize()


@dataclass
class Faute:
    """Something wrong that only the table can correct."""

    genre: str
    valeur: str
    lignes: list[str] = field(default_factory=list)

    @property
    def en_mots(self) -> str:
        return f"{self.genre} : « {self.valeur[:CITES]} »" if self.valeur else self.genre


@dataclass
class Compris:
    """Something that was mended or understood without asking."""

    ecrit: str
    compris: str
    lignes: list[str] = field(default_factory=list)


class Laissee(Exception):
    """The line is left aside, as somebody answered."""


class Carnet:
    """What is noted while a table is read, and the answers already given."""

    def __init__(self, reponses: dict[str, str]):
        self.reponses = reponses
        self.questions: dict[str, Question] = {}
        self.fautes: dict[tuple[str, str], Faute] = {}
        self.compris: dict[tuple[str, str], Compris] = {}
        self.retenues: Counter[str] = Counter()  # by line, how many notes keep it from being used

    def reponse(self, role: str, valeur: str) -> str | None:
        """Return what was answered, None if nothing was. Raises Laissee."""
        donnee = self.reponses.get(cle(role, valeur))
        if donnee == LAISSER:
            raise Laissee
        return donnee

    def demander(self, question: Question, repere: str) -> None:
        self.retenues[repere] += 1
        _ajouter(self.questions.setdefault(question.cle, question).lignes, repere)

    def fauter(self, genre: str, valeur: str, repere: str) -> None:
        self.retenues[repere] += 1
        _ajouter(self.fautes.setdefault((genre, valeur), Faute(genre, valeur)).lignes, repere)

    def comprendre(self, ecrit: str, compris: str, repere: str) -> None:
        _ajouter(self.compris.setdefault((ecrit, compris), Compris(ecrit, compris)).lignes, repere)

    def en_json(self) -> dict[str, Any]:
        return {
            "questions": [{**asdict(q), "cle": q.cle} for q in self.questions.values()],
            "fautes": [asdict(faute) for faute in self.fautes.values()],
            "compris": [asdict(un) for un in self.compris.values()],
        }

    def a_revoir(self) -> dict[str, list[str]]:
        """Return, by line, what is to be looked at again, in words."""
        dits: dict[str, list[str]] = {}
        for question in self.questions.values():
            for repere in question.lignes:
                dits.setdefault(repere, []).append(question.en_mots)
        for faute in self.fautes.values():
            for repere in faute.lignes:
                dits.setdefault(repere, []).append(faute.en_mots)
        return dits


@dataclass(frozen=True)
class Marge:
    """The notes of one line."""

    carnet: Carnet
    repere: str

    @property
    def retenue(self) -> int:
        """How many notes keep this line from being used."""
        return self.carnet.retenues[self.repere]

    def reponse(self, role: str, valeur: str) -> str | None:
        return self.carnet.reponse(role, valeur)

    def demander(self, question: Question) -> None:
        self.carnet.demander(question, self.repere)

    def fauter(self, genre: str, valeur: str) -> None:
        self.carnet.fauter(genre, valeur, self.repere)

    def comprendre(self, ecrit: str, compris: str) -> None:
        self.carnet.comprendre(ecrit, compris, self.repere)


def _ajouter(lignes: list[str], repere: str) -> None:
    if repere not in lignes[-1:]:
        lignes.append(repere)
