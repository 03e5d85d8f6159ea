"""How much is tried: everything where COMPLET is set, as in CI; at one's desk, a tenth of the examples of a property or
of the fiches and, for each page of the site, one screen or one hostile address, so that `make check` stays short."""

import os
from collections.abc import Iterable
from itertools import cycle, product
from typing import TypeVar

from hypothesis import settings

Essaye = TypeVar("Essaye")

COMPLET = bool(os.environ.get("COMPLET"))


def essais(nombre: int) -> settings:
    """Return the settings of a property worth `nombre` examples."""
    return settings(max_examples=nombre if COMPLET else max(10, nombre // 10))


def eventail(lus: Iterable[Essaye]) -> list[Essaye]:
    """Return what to try of these: all of them; at one's desk one in ten, in their order, the first included."""
    return list(lus)[:: 1 if COMPLET else 10]


def croiser(pages: Iterable, essayes: Iterable) -> list[tuple]:
    """Return each page with everything that is tried on it; at one's desk, with one, each in turn."""
    essayes = list(essayes)
    if COMPLET:
        return list(product(pages, essayes))
    return list(zip(pages, cycle(essayes), strict=False))
