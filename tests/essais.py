"""How much is tried: everything where COMPLET is set, as in CI; at one's desk, a tenth of the examples of a property
and one screen for each page of the site, so that `make check` stays short."""

import os
from collections.abc import Iterable
from itertools import cycle, product

from hypothesis import settings

COMPLET = bool(os.environ.get("COMPLET"))


def essais(nombre: int) -> settings:
    """Return the settings of a property worth `nombre` examples."""
    return settings(max_examples=nombre if COMPLET else max(10, nombre // 10))


def croiser(pages: Iterable, ecrans: Iterable) -> list[tuple]:
    """Return each page with every screen; at one's desk, with one, each screen in turn."""
    ecrans = list(ecrans)
    if COMPLET:
        return list(product(pages, ecrans))
    return list(zip(pages, cycle(ecrans), strict=False))
