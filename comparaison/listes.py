"""Three-way merge of a list (sources, figures, missions…), row by row.

A row that only one side touched is taken from that side. One that both rewrote, or that one rewrote and the other took
away, is a conflict: nothing of either side goes without somebody's choice.
"""

import json
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from comparaison.appariement import IDENTITES, apparier

PUBLIEE, PROPOSEE = "publiee", "proposee"
Ligne = dict[str, Any]
Tranche = tuple[str | Ligne, ...]  # what stays of a row: one side, both, none, or a line written anew
Choix = Mapping[str, Tranche]  # by the number of the row


@dataclass(frozen=True)
class Rangee:
    """A row in conflict, known by its number in the base (a source, by its key); None on the side that took it away."""

    numero: str
    base: Any
    publiee: Any
    proposee: Any

    @property
    def cotes(self) -> tuple[Any, Any, Any]:
        return self.base, self.publiee, self.proposee

    def tranchee(self, tranche: Tranche) -> list[Any]:
        """Return what the choice leaves of the row; a source written anew keeps its key."""
        cotes = {PUBLIEE: self.publiee, PROPOSEE: self.proposee}
        gardees = [cotes[part] if isinstance(part, str) else part for part in tranche]
        gardees = [ligne for ligne in gardees if ligne is not None]
        if not (isinstance(self.base, dict) and "cle" in self.base):
            return gardees
        return [{**ligne, "cle": self.numero} for ligne in gardees[:1]]


@dataclass
class Reunion:
    lignes: list[Any]
    rangs: list[str]  # beside each line, the number of the row in conflict it settles, or ""
    rangees: list[Rangee]  # those that nobody settled: they stay as they are published


def reunir_listes(cle: str, ancienne: list, actuelle: list, voulue: list, choix: Choix | None = None) -> Reunion:
    """Merge two rewritings of a list: additions and removals of both, and the choices made where they disagree."""
    bases, publiees, proposees = (dict(_nommees(cle, ancienne, lignes)) for lignes in (ancienne, actuelle, voulue))
    return _reunir(bases, publiees, proposees, choix or {})


def _nommees(cle: str, base: list, lignes: list) -> Iterator[tuple[str, Any]]:
    """Yield each line with its name: that of the line of the base it comes from, or one of its own."""
    if cle == "sources":
        yield from ((ligne["cle"], ligne) for ligne in lignes)
        return
    venues = _venues(cle, base, lignes)
    neuves: Counter[str] = Counter()
    for n, ligne in enumerate(lignes):
        texte = _texte(ligne)
        neuves[texte] += n not in venues
        yield (str(venues[n]) if n in venues else f"+{neuves[texte]}{texte}"), ligne


def _venues(cle: str, base: list, lignes: list) -> dict[int, int]:
    """Return the rank in the base of each line that comes from it, each once: of two identical lines, both stay."""
    if cle in IDENTITES:
        return {p.apres - 1: p.avant - 1 for p in apparier(cle, base, lignes) if p.avant and p.apres}
    rangs: dict[str, deque[int]] = defaultdict(deque)
    for rang, ligne in enumerate(base):
        rangs[_texte(ligne)].append(rang)
    return {n: restants.popleft() for n, ligne in enumerate(lignes) if (restants := rangs[_texte(ligne)])}


def _texte(ligne: Any) -> str:
    return json.dumps(ligne, sort_keys=True, ensure_ascii=False)


def _reunir(bases: dict[str, Any], publiees: dict[str, Any], proposees: dict[str, Any], choix: Choix) -> Reunion:
    reunion = Reunion([], [], [])
    for nom in dict.fromkeys([*publiees, *proposees]):
        base, publiee, proposee = bases.get(nom), publiees.get(nom), proposees.get(nom)
        rang, gardees = "", [publiee]
        if publiee == base:
            gardees = [proposee]
        elif proposee not in (publiee, base):
            rangee = Rangee(nom, base, publiee, proposee)
            if nom in choix:
                rang, gardees = nom, rangee.tranchee(choix[nom])
            else:
                reunion.rangees.append(rangee)
        gardees = [ligne for ligne in gardees if ligne is not None]
        reunion.lignes += gardees
        reunion.rangs += [rang] * len(gardees)
    return reunion
