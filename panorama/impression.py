"""The note for a council as a file: the same blocks as its page, as PDF/UA (typst) or DOCX (python-docx)."""

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from docx import Document
from docx.document import Document as Docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from francais.balises import jour
from panorama.note import Bloc, Note

MODELE = Path(__file__).parent / "modeles" / "note.typ"
COLONNES = ("Dispositif", "Aujourd’hui", "Ce qu’on sait")
LEGENDE = "Comment lire les états"


# What XML cannot hold: control codes, and what is no character.
HORS_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What the fonts of typst may lack: all but Latin, Greek, Cyrillic, punctuation, arrows and mathematics.
HORS_POLICES = re.compile("[^\n\t -~\xa0-\u052f\u1e00-\u1fff\u2010-\u2027\u202f-\u205e\u20a0-\u20bf\u2190-\u22ff]")


def en_pdf(note: Note, blocs: list[Bloc], ligne: str) -> bytes:
    """Return the note as PDF/UA-1. Its words are given as data: nothing they hold is read as markup.

    PDF/UA wants every sign drawn: where no font has one, « ? » stands for it.
    """
    donnees = _donnees(note, blocs, ligne)
    try:
        return _compiler(donnees)
    except typst.TypstError:
        return _compiler(_remplacer(HORS_POLICES, donnees))


def _compiler(donnees: dict[str, Any]) -> bytes:
    entrees = {"d": json.dumps(donnees)}
    return typst.compile(MODELE.read_bytes(), sys_inputs=entrees, pdf_standards="ua-1", ignore_system_fonts=True)


def en_docx(note: Note, blocs: list[Bloc], ligne: str) -> bytes:
    """Return the note as a document whose headings, lists and heads of tables are what they say they are."""
    donnees = _donnees(note, blocs, ligne)
    document = Document()
    document.core_properties.title = donnees["titre"]
    document.core_properties.author = "Santé en territoires"
    _en_francais(document)
    document.add_heading(donnees["titre"], 1)
    document.add_paragraph(f"{donnees['date'].capitalize()}. {donnees['resume']}")
    if donnees["ligne"]:
        document.add_paragraph(donnees["ligne"], style="Intense Quote")
    for bloc in donnees["blocs"]:
        document.add_heading(bloc["titre"], 2)
        if bloc["rangees"]:
            _tableau(document, bloc["rangees"])
        for texte in bloc["lignes"]:
            document.add_paragraph(texte, style="List Number" if bloc["numerote"] else "List Bullet")
    document.add_paragraph(donnees["pied"])
    sortie = BytesIO()
    document.save(sortie)
    return sortie.getvalue()


def _donnees(note: Note, blocs: list[Bloc], ligne: str) -> dict[str, Any]:
    """Return all the words of the note, in the order in which they are printed."""
    legende = {"titre": LEGENDE, "numerote": False, "rangees": [], "lignes": [str(fait) for fait in note.legende]}
    donnees = {
        "titre": note.titre,
        "resume": note.en_clair,
        "date": jour(note.jour),
        "ligne": ligne,
        "pied": _pied(note),
        "colonnes": COLONNES,
        "blocs": [
            *(
                {
                    "titre": bloc.titre,
                    "numerote": bloc.numerote,
                    "rangees": [[r.dispositif, r.mots, [str(fait) for fait in r.faits]] for r in bloc.rangees],
                    "lignes": [str(fait) for fait in bloc.faits],
                }
                for bloc in blocs
            ),
            legende,
        ],
    }
    return _remplacer(HORS_XML, donnees)


def _remplacer(signes: re.Pattern[str], valeur: Any) -> Any:
    """Return the same data, where « ? » stands for each of these signs."""
    if isinstance(valeur, str):
        return signes.sub("?", valeur)
    if isinstance(valeur, dict):
        return {cle: _remplacer(signes, partie) for cle, partie in valeur.items()}
    if isinstance(valeur, list | tuple):
        return [_remplacer(signes, partie) for partie in valeur]
    return valeur


def _pied(note: Note) -> str:
    adresse = f"{settings.SITE_URL}{note.territoire.get_absolute_url()}"
    return f"Santé en territoires, {adresse} · Licence ouverte 2.0"


def _en_francais(document: Docx) -> None:
    """Say the language, which readers aloud need: python-docx writes English."""
    langue = OxmlElement("w:lang")
    langue.set(qn("w:val"), "fr-FR")
    document.styles["Normal"].element.get_or_add_rPr().append(langue)
    document.core_properties.language = "fr-FR"


def _tableau(document: Docx, rangees: list[tuple[str, str, list[str]]]) -> None:
    tableau = document.add_table(1, len(COLONNES), style="Light Grid Accent 1")
    for cellule, nom in zip(tableau.rows[0].cells, COLONNES, strict=True):
        cellule.text = nom
    tableau.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001  (no public way)
    for nom, etat, faits in rangees:
        cellules = tableau.add_row().cells
        cellules[0].text, cellules[1].text, cellules[2].text = nom, etat, "\n".join(faits)
