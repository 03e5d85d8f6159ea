"""A program that opens a workbook and writes its visible sheets as JSON, in a process that cannot take more than this.

The library reads a sheet whole: one cell far away makes it ask for all the memory there is, and a process that asks too
much dies. `lecture.py` runs this one: the file is on its standard input. Formulas are never run: only the values that
the spreadsheet stored are read. Nothing of the site is imported here.
"""

import io
import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MEMOIRE = 300_000_000  # bytes
SECONDES = 20  # of processor
RANGEES_VIDES = 2_000  # at once, after which a sheet is over
COLONNES = 100
CELLULE = 32_767  # characters, as spreadsheets themselves
TEXTE = 12_000_000  # characters in all


def borner() -> None:
    """Let this process take no more than this, where the system knows how to."""
    for quoi, combien in ((resource.RLIMIT_AS, MEMOIRE), (resource.RLIMIT_CPU, SECONDES)):
        try:
            resource.setrlimit(quoi, (combien, combien))
        except (ValueError, OSError):  # macOS does not limit addresses
            continue


def lire(octets: bytes, rangees_au_plus: int) -> dict[str, Any]:
    """Return `feuilles`, each with its name and its numbered rows that hold something, and the names of `masquees`."""
    classeur = CalamineWorkbook.from_filelike(io.BytesIO(octets))
    lues: list[dict[str, Any]] = []
    masquees, texte, restantes = [], 0, rangees_au_plus
    for feuille in classeur.sheets_metadata:
        if feuille.typ != SheetTypeEnum.WorkSheet:
            continue
        if feuille.visible != SheetVisibleEnum.Visible:
            masquees.append(_sans_nul(feuille.name))
            continue
        rangees = []
        for numero, cellules in _rangees(classeur.get_sheet_by_name(feuille.name)):
            texte += sum(map(len, cellules))
            restantes -= 1
            if restantes < 0 or texte > TEXTE:
                return {"feuilles": [], "masquees": [], "trop": True}
            rangees.append([numero, cellules])
        lues.append({"nom": _sans_nul(feuille.name), "rangees": rangees})
    return {"feuilles": lues, "masquees": masquees, "trop": False}


def _rangees(feuille: Any) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that hold something; every cell of a merged range says what its first one does."""
    if feuille.start is None:
        return
    marge = feuille.start[1]
    debuts: dict[int, list[tuple[int, int, int, int]]] = {}
    for (haut, gauche), (bas, droite) in feuille.merged_cell_ranges or []:
        debuts.setdefault(haut, []).append((haut, gauche - marge, bas, droite - marge))
    fusions: list[tuple[int, int, int, int]] = []
    repetees: dict[tuple[int, int], str] = {}
    vides = 0
    for rang, valeurs in enumerate(feuille.iter_rows()):
        cellules = [en_texte(valeur) for valeur in valeurs[:COLONNES]]
        fusions = [fusion for fusion in fusions if fusion[2] >= rang]
        fusions += debuts.pop(rang, [])[: COLONNES - len(fusions)]  # real ones do not overlap
        for haut, gauche, _, droite in fusions:
            if 0 <= gauche < len(cellules):
                valeur = repetees.setdefault((haut, gauche), cellules[gauche] if rang == haut else "")
                for place in range(gauche, min(droite + 1, len(cellules))):
                    cellules[place] = cellules[place] or valeur
        vides = 0 if any(cellules) else vides + 1
        if vides > RANGEES_VIDES:
            return
        if not vides:
            yield rang + 1, cellules


def en_texte(valeur: object) -> str:
    """Return a cell as one would type it: a date in figures, a whole number without decimals."""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, float):
        return str(int(valeur)) if valeur.is_integer() and abs(valeur) < 1e15 else str(valeur)
    if isinstance(valeur, (date, datetime)):
        return f"{valeur.day:02}/{valeur.month:02}/{valeur.year:04}"
    return (
        " ".join(_sans_nul(str(valeur)).replace("\r", "\n").strip()[:CELLULE].split(" ")) if valeur is not None else ""
    )


def _sans_nul(texte: str) -> str:
    """Return what the database can hold: `_x0000_` in a workbook is a NUL."""
    return texte.replace("\0", "")


if __name__ == "__main__":
    borner()
    json.dump(lire(sys.stdin.buffer.read(), int(sys.argv[1])), sys.stdout)
