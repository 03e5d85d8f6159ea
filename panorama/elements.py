"""The elements of a printed document, read from the HTML of a section (fiches/rendu.py made it, and made it safe)."""

import re
from collections.abc import Sequence
from html.parser import HTMLParser

from panorama.impression import Element, Genre

BLANCS = re.compile(r"[ \t\r\n]+")  # no-break spaces stay
LISTES = {"ul": Genre.PUCES, "ol": Genre.NUMEROS}
TEXTES = {"p": Genre.TEXTE, "blockquote": Genre.TEXTE, "h3": Genre.TITRE, "h4": Genre.TITRE, "li": Genre.PUCES}
BLOCS = {"p", "blockquote", "h3", "h4", "table", "hr"}  # what stands bare before them, a block of code, is apart
AILLEURS = ("http:", "https:", "mailto:")


def lire(html: str) -> list[Element]:
    """Return its paragraphs, lists, headings and tables, as plain text: calls of sources as « [2] », addresses told.

    A list inside another one is told in the item that holds it.
    """
    lecteur = _Lecteur()
    lecteur.feed(html)
    lecteur.close()
    return lecteur.elements


class _Lecteur(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.listes: list[Genre] = []
        self.mots: list[str] = []
        self.puce = ""  # before the words of an item inside another one
        self.lien = ""

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag in BLOCS:
            self._poser()
        if tag in LISTES:
            self._poser()
            self.listes.append(LISTES[tag])
            if len(self.listes) == 1:
                self.elements.append(Element(LISTES[tag]))
        elif tag == "li" and len(self.listes) > 1:
            self._poser()
            self.puce = "– "
        elif tag == "li":
            self._liste.lignes.append("")
        elif tag == "table":
            self.elements.append(Element(Genre.TABLEAU))
        elif tag == "tr" and self.elements[-1].colonnes:
            self.elements[-1].rangees.append([])
        elif tag == "br":
            self.mots.append("\n")
        elif tag == "sup":
            self.mots.append("\u00a0[")
        elif tag == "a":
            adresse = dict(attrs).get("href") or ""
            self.lien = adresse if adresse.startswith(AILLEURS) else ""

    def handle_endtag(self, tag: str) -> None:
        if tag in LISTES:
            self._poser()
            self.listes.pop()
        elif tag in ("th", "td"):
            self._poser_cellule(tag)
        elif tag == "sup":
            self.mots.append("]")
        elif tag == "a":
            # An address that is its own words is told once.
            if self.lien and self.lien not in "".join(self.mots):
                self.mots.append(f" ({self.lien})")
            self.lien = ""
        elif tag in TEXTES:
            self._poser(TEXTES[tag])
        if tag == "li":
            self.puce = ""

    def handle_data(self, data: str) -> None:
        self.mots.append(BLANCS.sub(" ", data))

    def close(self) -> None:
        super().close()
        self._poser()

    @property
    def _liste(self) -> Element:
        """The list of the first level that is being read, opened again after a table in one of its items."""
        if self.elements[-1].genre == Genre.TABLEAU:
            self.elements.append(Element(self.listes[0]))
        return self.elements[-1]

    def _poser(self, genre: Genre = Genre.TEXTE) -> None:
        texte, self.mots = "".join(self.mots).strip(" \n"), []
        if not texte:
            return
        if self.listes:
            lignes = self._liste.lignes
            if not lignes:
                lignes.append("")  # what follows a table in its item
            texte, self.puce = self.puce + texte, ""
            lignes[-1] = "\n".join(filter(None, [lignes[-1], texte]))
        elif self.elements and self.elements[-1].genre == genre:
            self.elements[-1].lignes.append(texte)
        else:
            self.elements.append(Element(genre, [texte]))

    def _poser_cellule(self, tag: str) -> None:
        texte, self.mots = "".join(self.mots).strip(" \n"), []
        tableau = self.elements[-1]
        if tableau.rangees:
            tableau.rangees[-1].append([texte])
        else:
            tableau.colonnes = [*tableau.colonnes, texte]
