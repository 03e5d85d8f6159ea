"""Tables to take away, as French spreadsheets open them: no cell is run, nor a text taken for a number."""

import csv
from collections.abc import Iterable
from io import BytesIO

from django.http import HttpResponse
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

FORMULES = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # wide ones too: some spreadsheets read them
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEURS = range(10, 51)  # of a column, in characters


def sans_formule(valeur: object) -> str:
    """Return the text of a cell; one that a spreadsheet would run is preceded by an apostrophe."""
    texte = "" if valeur is None else str(valeur)
    return f"'{texte}" if texte.startswith(FORMULES) else texte


def reponse_csv(nom: str, lignes: Iterable[Iterable[object]]) -> HttpResponse:
    """Return a CSV download (`;`, UTF-8 with its mark), `nom` without its ending.

    A CSV has no types: a spreadsheet makes 1011 of the code 01011. Write it with its nature, `commune:01011`.
    """
    reponse = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="{nom}.csv"'
    ecrivain = csv.writer(reponse, delimiter=";")
    ecrivain.writerows([sans_formule(valeur) for valeur in ligne] for ligne in lignes)
    return reponse


def reponse_xlsx(nom: str, lignes: Iterable[Iterable[object]]) -> HttpResponse:
    """Return a workbook of one sheet to download: its first row, the names of the columns, stays in sight and filters.

    Numbers stay numbers, all the rest is text: « 01011 » and « =1+1 » are read as they are written.
    """
    table = [list(ligne) for ligne in lignes]
    contenu = BytesIO()
    with Workbook(contenu, {"in_memory": True}) as classeur:
        feuille = classeur.add_worksheet()
        feuille.set_row(0, None, classeur.add_format({"bold": True}))
        for place, cellules in enumerate(zip(*table, strict=True)):
            longueurs = [_ecrire(feuille, rang, place, valeur) for rang, valeur in enumerate(cellules)]
            feuille.set_column(place, place, min(max(*longueurs, LARGEURS[0]), LARGEURS[-1]))
        feuille.freeze_panes(1, 0)
        feuille.autofilter(0, 0, len(table) - 1, len(table[0]) - 1)
    reponse = HttpResponse(contenu.getvalue(), content_type=XLSX)
    reponse["Content-Disposition"] = f'attachment; filename="{nom}.xlsx"'
    return reponse


def _ecrire(feuille: Worksheet, rang: int, place: int, valeur: object) -> int:
    """Write a cell by its type, which the library would else guess from the text; return the room that it takes."""
    texte = "" if valeur is None else str(valeur)
    if isinstance(valeur, int | float) and not isinstance(valeur, bool):
        feuille.write_number(rang, place, valeur)
    else:
        feuille.write_string(rang, place, texte)
    return len(texte) + 2
