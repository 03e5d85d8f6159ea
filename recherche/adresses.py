"""The address of every other way to ask, from what is asked now."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode


@dataclass(frozen=True)
class Actif:
    """A parameter that selects, and the name of its value."""

    cle: str
    valeur: str
    nom: str


@dataclass(frozen=True)
class Lien:
    nom: str
    adresse: str


@dataclass(frozen=True)
class Adresses:
    chemin: str
    actifs: tuple[Actif, ...]
    tri: str = ""  # when it is not the order by default
    portes: tuple[tuple[str, str], ...] = ()  # parameters that select nothing and go along: what is being compared

    def page(self, numero: int) -> str:
        return self._adresse(self._paires(), numero)

    def canonique(self, numero: int) -> str:
        """Return the address of the page without its order, which changes nothing to what the list holds."""
        return replace(self, tri="").page(numero)

    def flux(self) -> str:
        """Return the address of the feed of this list: the same filters, its own order."""
        return replace(self, chemin=f"{self.chemin}flux.atom", tri="").page(1)

    def csv(self) -> str:
        return self._adresse([*self._paires(), ("format", "csv")])

    def sans(self, cle: str, valeur: str | None = None) -> str:
        """Return the address of the list without this parameter, or without this value of it."""
        return self._adresse(
            paire for paire in self._paires() if paire[0] != cle or (valeur is not None and paire[1] != valeur)
        )

    def remplacer(self, cle: str, valeur: str) -> str:
        """Return the address of the list where this parameter has this value and no other."""
        return self._adresse([(cle, valeur), *(paire for paire in self._paires() if paire[0] != cle)])

    def comparant(self, slugs: Iterable[str], numero: int = 1) -> str:
        """Return the address of this page of the list with these dispositifs to compare."""
        return replace(self, portes=tuple(("d", slug) for slug in slugs)).page(numero)

    @property
    def nue(self) -> str:
        """The address of the whole list."""
        return replace(self, actifs=(), tri="").page(1)

    @property
    def puces(self) -> list[Lien]:
        """What selects, each with the address of the list without it."""
        return [Lien(actif.nom, self.sans(actif.cle, actif.valeur)) for actif in self.actifs]

    def _paires(self) -> list[tuple[str, str]]:
        return [(actif.cle, actif.valeur) for actif in self.actifs]

    def _adresse(self, paires: Iterable[tuple[str, str]], page: int = 1) -> str:
        parametres = [*paires, *([("tri", self.tri)] if self.tri else []), *self.portes]
        if page > 1:
            parametres.append(("page", str(page)))
        return f"{self.chemin}?{urlencode(parametres, safe=':')}" if parametres else self.chemin
