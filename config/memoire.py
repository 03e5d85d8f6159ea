"""The pages one process keeps: bounded in bytes, headers and keys included; the least recently read leave first."""

from collections import OrderedDict
from datetime import datetime
from sys import getsizeof
from threading import Lock
from typing import NamedTuple

AUTOUR = 400  # bytes: the page itself, its date, its place in the dictionary


class Page(NamedTuple):
    corps: bytes
    entetes: dict[str, str]
    faite: datetime

    @property
    def octets(self) -> int:
        mots = sum(getsizeof(nom) + getsizeof(valeur) for nom, valeur in self.entetes.items())
        return AUTOUR + getsizeof(self.corps) + getsizeof(self.entetes) + mots


class Memoire:
    def __init__(self, octets: int):
        self.maximum, self.octets = octets, 0
        self.pages: OrderedDict[str, Page] = OrderedDict()
        self.verrou = Lock()

    def lire(self, cle: str) -> Page | None:
        with self.verrou:
            if cle in self.pages:
                self.pages.move_to_end(cle)
            return self.pages.get(cle)

    def garder(self, cle: str, page: Page) -> None:
        with self.verrou:
            self._oublier(cle)
            self.pages[cle] = page
            self.octets += self._poids(cle)
            while self.octets > self.maximum:
                self._oublier(next(iter(self.pages)))

    def _oublier(self, cle: str) -> None:
        if cle in self.pages:
            self.octets -= self._poids(cle)
            del self.pages[cle]

    def _poids(self, cle: str) -> int:
        return getsizeof(cle) + self.pages[cle].octets
