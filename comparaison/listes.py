"""Three-way merge of a list (sources, figures, missions…), row by row.

A row that only one side touched is taken from that side. One that both rewrote, or that one rewrote and the other took
away, is a conflict: nothing of either side goes without somebody's choice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comparaison.renvois import NOM, nommer

PUBLIEE, PROPOSEE = "publiee", "proposee"
Ligne = dict[str, Any]
Tranche = tuple[str | Ligne, ...]  # what stays of a row: one side, both, none, or a line written anew
Choix = Mapping[str, Tranche]  # by the number of the row


@dataclass(frozen=True)
class Rangee:
    """A row in conflict, known by its number in the base; None on the side that took it away."""

    numero: str
    base: Any
    publiee: Any
    proposee: Any

    @property
    def cotes(self) -> tuple[Any, Any, Any]:
        return self.base, self.publiee, self.proposee

    def tranchee(self, tranche: Tranche) -> list[Any]:
        """Return what the choice leaves of the row; a source written anew is still called by its name."""
        cotes = {PUBLIEE: self.publiee, PROPOSEE: self.proposee}
        gardees = [cotes[part] if isinstance(part, str) else part for part in tranche]
        gardees = [ligne for ligne in gardees if ligne is not None]
        if not (isinstance(self.base, dict) and NOM in self.base):
            return gardees
        return [{**ligne, NOM: self.numero + "'" * rang} for rang, ligne in enumerate(gardees)]


@dataclass
class Reunion:
    lignes: list[Any]
    rangs: list[str]  # beside each line, the number of the row in conflict it settles, or ""
    rangees: list[Rangee]  # those that nobody settled: they stay as they are published


def reunir_listes(cle: str, ancienne: list, actuelle: list, voulue: list, choix: Choix | None = None) -> Reunion:
    """Merge two rewritings of a list: additions and removals of both, and the choices made where they disagree."""
    if cle == "sources":
        avant, ici, la = ({ligne[NOM]: ligne for ligne in lignes} for lignes in (ancienne, actuelle, voulue))
    else:
        avant = {str(n): ligne for n, ligne in enumerate(ancienne)}
        ici, la = (dict(zip(nommer(cle, ancienne, lignes), lignes, strict=True)) for lignes in (actuelle, voulue))
    return _reunir(avant, ici, la, choix or {})


def _reunir(avant: dict[str, Any], ici: dict[str, Any], la: dict[str, Any], choix: Choix) -> Reunion:
    reunion = Reunion([], [], [])
    for nom in [*ici, *(nom for nom in la if nom not in ici)]:
        x, y, z = avant.get(nom), ici.get(nom), la.get(nom)
        rang = ""
        if y == z or z == x:
            gardees = [y]
        elif y == x:
            gardees = [z]
        else:
            rangee = Rangee(nom, x, y, z)
            if nom in choix:
                rang, gardees = nom, rangee.tranchee(choix[nom])
            else:
                reunion.rangees.append(rangee)
                gardees = [y]
        gardees = [ligne for ligne in gardees if ligne is not None]
        reunion.lignes += gardees
        reunion.rangs += [rang] * len(gardees)
    return reunion
