"""CSV that a French spreadsheet opens by itself and cannot mistake for formulas."""

import csv
from collections.abc import Iterable

from django.http import HttpResponse

FORMULES = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # wide ones too: some spreadsheets read them


def sans_formule(valeur: object) -> str:
    """Return the text of a cell; one that a spreadsheet would run is preceded by an apostrophe."""
    texte = "" if valeur is None else str(valeur)
    return f"'{texte}" if texte.startswith(FORMULES) else texte


def reponse_csv(nom: str, lignes: Iterable[Iterable[object]]) -> HttpResponse:
    """Return a CSV download (`;`, UTF-8 with its mark), `nom` without its ending."""
    reponse = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="{nom}.csv"'
    ecrivain = csv.writer(reponse, delimiter=";")
    ecrivain.writerows([sans_formule(valeur) for valeur in ligne] for ligne in lignes)
    return reponse
