"""Pasted text: the bullets of word processors and the cells of spreadsheets, written as Markdown writes them.

What is stored stays as it was typed; this is how it is read when it is turned into HTML.
"""

import re
from itertools import groupby

PUCES = "•◦▪●○■‣⁃·\uf0b7\uf0a7"
PUCE = re.compile(rf"^([ \t]*)(?:[{PUCES}]\s*|[-–—o§][ ]*\t\s*)(?=\S)")
TIRET = re.compile(r"^([ \t]*)[–—][ \u00a0\u202f]+(?=\S)")
LISTE = re.compile(r"^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]")
COLONNES_MAX = 30
ECART_MAX = 2  # empty cells that a spreadsheet leaves out at the end of a row


def en_markdown(texte: str) -> str:
    """Return the same text where « • », « – » and tabs are lists and tables."""
    lignes: list[str] = []
    for en_cellules, groupe in groupby(_avec_puces(texte.split("\n")), key=_est_en_cellules):
        rangees = list(groupe)
        lignes += _en_tableau(rangees) if en_cellules else rangees
    return "\n".join(lignes)


def _avec_puces(lignes: list[str]) -> list[str]:
    """Return the lines with the bullets of Markdown; a dash is one where a list may begin, or goes on."""
    lues: list[str] = []
    precedente = ""
    for ligne in lignes:
        liste_possible = not precedente.strip() or precedente.rstrip().endswith(":") or bool(LISTE.match(precedente))
        puce = PUCE.match(ligne) or (TIRET.match(ligne) if liste_possible else None)
        precedente = f"{puce[1]}- {ligne[puce.end() :]}" if puce else ligne
        lues.append(precedente)
    return lues


def _est_en_cellules(ligne: str) -> bool:
    return "\t" in ligne.strip(" ") and bool(ligne.strip()) and not LISTE.match(ligne)


def _en_tableau(rangees: list[str]) -> list[str]:
    """Return rows of cells as a table, whose first row names the columns; as they are when they make none."""
    cellules = [rangee.strip(" ").split("\t") for rangee in rangees]
    tailles = [len(rangee) for rangee in cellules]
    if len(rangees) < 2 or not 2 <= max(tailles) <= COLONNES_MAX or max(tailles) - min(tailles) > ECART_MAX:
        return rangees
    largeur = max(tailles)
    ecrites = [_rangee([*rangee, *[""] * (largeur - len(rangee))]) for rangee in cellules]
    return ["", ecrites[0], _rangee(["---"] * largeur), *ecrites[1:], ""]


def _rangee(cellules: list[str]) -> str:
    return f"| {' | '.join(cellule.strip().replace('|', chr(92) + '|') for cellule in cellules)} |"
