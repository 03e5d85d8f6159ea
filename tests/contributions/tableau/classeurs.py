"""Workbooks and tables as people bring them, made for the tests."""

import io
from datetime import date

from xlsxwriter import Workbook


def classeur(*feuilles: list[list[object]], fusions: tuple = (), masquee: str = "") -> bytes:
    """Return the bytes of an XLSX of these sheets; `fusions`: merged ranges of the first one, with what they say."""
    contenu = io.BytesIO()
    with Workbook(contenu, {"in_memory": True}) as neuf:
        jour = neuf.add_format({"num_format": "dd/mm/yyyy"})
        for rang, lignes in enumerate(feuilles):
            feuille = neuf.add_worksheet(f"Feuille {rang + 1}")
            for y, cellules in enumerate(lignes):
                for x, valeur in enumerate(cellules):
                    if isinstance(valeur, date):
                        feuille.write_datetime(y, x, valeur, jour)
                    elif valeur != "":
                        feuille.write(y, x, valeur)
            for (haut, gauche, bas, droite), dit in fusions if not rang else ():
                feuille.merge_range(haut, gauche, bas, droite, dit)
        if masquee:
            neuf.add_worksheet(masquee).hide()
    return contenu.getvalue()
