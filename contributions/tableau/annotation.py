"""Somebody's own table, given back: its sheets and rows where they were, and what is to be looked at again beside."""

from io import BytesIO

from django.http import HttpResponse
from django.utils.text import slugify
from xlsxwriter import Workbook

from contributions.models import Tableau
from contributions.tableau.classeurs import CELLULE
from contributions.tableau.travail import FeuilleLue, lire_les_feuilles
from francais.tableur import XLSX

TITRE = "À revoir"
LARGEUR = 60  # of the column added, in characters
INTERDITS = str.maketrans("[]:*?/\\", "       ")  # in the name of a sheet


def reponse(tableau: Tableau) -> HttpResponse:
    """Return the workbook to download."""
    contenu = BytesIO()
    a_revoir = (tableau.analyse or {})["a_revoir"]
    with Workbook(contenu, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as classeur:
        noms: set[str] = set()
        for lue in lire_les_feuilles(tableau):
            _ecrire(classeur, lue, a_revoir, _nom(lue, noms))
    telechargement = HttpResponse(contenu.getvalue(), content_type=XLSX)
    nom = slugify(tableau.nom.rpartition(".")[0] or tableau.nom) or "tableau"
    telechargement["Content-Disposition"] = f'attachment; filename="{nom}-a-revoir.xlsx"'
    return telechargement


def _nom(lue: FeuilleLue, pris: set[str]) -> str:
    """Return a name that spreadsheets accept for a sheet, and that no other has."""
    sien = nom = lue.feuille.nom.translate(INTERDITS).strip("' ")[:25]
    rang = lue.rang
    while not nom or nom.lower() in (*pris, "history"):
        rang += 1
        nom = f"{sien} ({rang})"
    pris.add(nom.lower())
    return nom


def _ecrire(classeur: Workbook, lue: FeuilleLue, a_revoir: dict[str, list[str]], nom: str) -> None:
    """Write a sheet: each row at its number, the lines in fault coloured."""
    gras = classeur.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    faute = classeur.add_format({"bg_color": "#FFF3CD", "text_wrap": True, "valign": "top"})
    feuille = classeur.add_worksheet(nom)
    largeur = max(len(cellules) for _, cellules in lue.feuille.rangees)
    reperes = {ligne.numero: ligne.repere for ligne in lue.lignes}
    for numero, cellules in lue.feuille.rangees:
        dits = a_revoir.get(reperes.get(numero, ""), [])
        format_de_la_ligne = faute if dits else gras if numero == lue.entete.numero else None
        for place, cellule in enumerate(cellules):
            if cellule:
                feuille.write_string(numero - 1, place, cellule, format_de_la_ligne)
        if numero == lue.entete.numero:
            feuille.write_string(numero - 1, largeur, TITRE, gras)
        if dits:
            feuille.write_string(numero - 1, largeur, "\n".join(dits)[:CELLULE], faute)
    feuille.set_column(0, max(largeur - 1, 0), 18)
    feuille.set_column(largeur, largeur, LARGEUR)
    if lue.entete.numero:
        feuille.freeze_panes(lue.entete.numero, 0)
