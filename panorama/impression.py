"""What is taken away on paper: one shape, its words and nothing else, as PDF/UA (typst) or DOCX (python-docx)."""

import json
import re
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

MODELE = Path(__file__).parent / "modeles" / "imprime.typ"
# What XML cannot hold: control codes, and what is no character.
HORS_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What the fonts of typst may lack: all but Latin, Greek, Cyrillic, punctuation, arrows and mathematics.
HORS_POLICES = re.compile("[^\n\t -~\xa0-\u052f\u1e00-\u1fff\u2010-\u2027\u202f-\u205e\u20a0-\u20bf\u2190-\u22ff]")


class Genre(StrEnum):
    TEXTE = "texte"  # a paragraph a line
    PUCES = "puces"
    NUMEROS = "numeros"
    TITRE = "titre"  # inside a part
    TABLEAU = "tableau"


@dataclass
class Element:
    genre: Genre
    lignes: list[str] = field(default_factory=list)
    colonnes: Collection[str] = ()
    rangees: list[list[list[str]]] = field(default_factory=list)  # of cells, a paragraph a text


@dataclass
class Partie:
    titre: str
    elements: list[Element]
    niveau: int = 2
    nouvelle_page: bool = False


@dataclass
class Imprime:
    """A document of plain text: its parts in the order in which they are printed."""

    titre: str
    resume: str
    date: str
    adresse: str  # on this site, where the same is read
    parties: list[Partie]
    ligne: str = ""  # a line of the reader's own
    sommaire: bool = False

    @property
    def pied(self) -> str:
        return f"Santé en territoires, {settings.SITE_URL}{self.adresse} · Licence ouverte 2.0"

    @property
    def donnees(self) -> dict[str, Any]:
        """All its words, without the signs that no file can hold."""
        donnees: dict[str, Any] = remplacer(HORS_XML, {**asdict(self), "pied": self.pied})
        return donnees


def en_pdf(imprime: Imprime) -> bytes:
    """Return it as PDF/UA-1. Its words are given as data: nothing they hold is read as markup.

    PDF/UA wants every sign drawn: where no font has one, « ? » stands for it.
    """
    donnees = imprime.donnees
    try:
        return _compiler(donnees)
    except typst.TypstError:
        return _compiler(remplacer(HORS_POLICES, donnees))


def _compiler(donnees: dict[str, Any]) -> bytes:
    entrees = {"d": json.dumps(donnees)}
    return typst.compile(MODELE.read_bytes(), sys_inputs=entrees, pdf_standards="ua-1", ignore_system_fonts=True)


def en_docx(imprime: Imprime) -> bytes:
    """Return it as a document whose headings, lists and heads of tables are what they say they are."""
    from panorama.impression_docx import ecrire  # noqa: PLC0415  # python-docx is slow to load, and few ask for it

    return ecrire(imprime.donnees)


# By the word that an address uses, and that ends the name of the file.
FORMATS: dict[str, Callable[[Imprime], bytes]] = {"pdf": en_pdf, "docx": en_docx}
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def remplacer(signes: re.Pattern[str], valeur: Any) -> Any:
    """Return the same data, where « ? » stands for each of these signs."""
    if isinstance(valeur, str):
        return signes.sub("?", valeur)
    if isinstance(valeur, dict):
        return {cle: remplacer(signes, partie) for cle, partie in valeur.items()}
    if isinstance(valeur, list | tuple):
        return [remplacer(signes, partie) for partie in valeur]
    return valeur
