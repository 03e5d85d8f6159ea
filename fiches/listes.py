"""The lists of a section, item by item: examples can be reported one by one, steps have an anchor each."""

import re
from collections.abc import Iterator

from django.utils.safestring import SafeString, mark_safe

from fiches.rendu import en_texte

EXEMPLES, ETAPES = "exemples", "etapes"  # the sections (fiches/gabarits.py)
LISTE = re.compile(r"<(/?)(ul|ol|li)\b[^<>]*>")


def elements(html: str) -> Iterator[tuple[str, int, int]]:
    """Yield the items of the outer lists: kind of list (`ul`, `ol`), beginning and end (their `<li>` left out)."""
    profondeur, debut, sorte = 0, 0, ""
    for balise in LISTE.finditer(html):
        if balise[2] != "li":
            profondeur += -1 if balise[1] else 1
            if profondeur == 1 and not balise[1]:
                sorte = balise[2]
        elif profondeur == 1 and not balise[1]:
            debut = balise.end()
        elif profondeur == 1:
            yield sorte, debut, balise.start()


def lister(html: str) -> list[str]:
    """Return the plain text of each example."""
    return [en_texte(html[debut:fin]) for _, debut, fin in elements(html)]


def avec_ancres(html: str) -> SafeString:
    """Return the same HTML where the steps, items of its ordered lists, can be led to: #pas-1, #pas-2…"""
    morceaux, fini = [], 0
    etapes = (debut for sorte, debut, _ in elements(html) if sorte == "ol")
    for numero, debut in enumerate(etapes, 1):
        morceaux += [html[fini:debut].removesuffix("<li>"), f'<li id="pas-{numero}">']
        fini = debut
    return mark_safe("".join([*morceaux, html[fini:]]))  # noqa: S308  # safe as `html` was (fiches/rendu.py)
