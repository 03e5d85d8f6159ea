"""The note for a council as a file: the same blocks as its page, as PDF/UA (typst) or DOCX (python-docx)."""

import json
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


def en_pdf(note: Note, blocs: list[Bloc], ligne: str) -> bytes:
    """Return the note as PDF/UA-1. Its words are given as data: nothing they hold is read as markup."""
    donnees: dict[str, Any] = {
        "titre": note.titre,
        "resume": note.en_clair,
        "date": jour(note.jour),
        "ligne": ligne,
        "pied": _pied(note),
        "colonnes": COLONNES,
        "blocs": [
            {
                "titre": bloc.titre,
                "numerote": bloc.numerote,
                "rangees": [[r.dispositif, r.mots, [str(fait) for fait in r.faits]] for r in bloc.rangees],
                "lignes": [str(fait) for fait in bloc.faits],
            }
            for bloc in blocs
        ],
        "legende": {"titre": LEGENDE, "lignes": [str(fait) for fait in note.legende]},
    }
    return typst.compile(
        MODELE.read_bytes(), sys_inputs={"d": json.dumps(donnees)}, pdf_standards="ua-1", ignore_system_fonts=True
    )


def en_docx(note: Note, blocs: list[Bloc], ligne: str) -> bytes:
    """Return the note as a document whose headings, lists and heads of tables are what they say they are."""
    document = Document()
    document.core_properties.title = note.titre
    document.core_properties.author = "Santé en territoires"
    _en_francais(document)
    document.add_heading(note.titre, 1)
    document.add_paragraph(f"{jour(note.jour).capitalize()}. {note.en_clair}")
    if ligne:
        document.add_paragraph(ligne, style="Intense Quote")
    for bloc in blocs:
        document.add_heading(bloc.titre, 2)
        if bloc.rangees:
            _tableau(document, bloc)
        for fait in bloc.faits:
            document.add_paragraph(str(fait), style="List Number" if bloc.numerote else "List Bullet")
    document.add_heading(LEGENDE, 2)
    for fait in note.legende:
        document.add_paragraph(str(fait), style="List Bullet")
    document.add_paragraph(_pied(note))
    sortie = BytesIO()
    document.save(sortie)
    return sortie.getvalue()


def _pied(note: Note) -> str:
    adresse = f"{settings.SITE_URL}{note.territoire.get_absolute_url()}"
    return f"Santé en territoires, {adresse} · Licence ouverte 2.0"


def _en_francais(document: Docx) -> None:
    """Say the language, which readers aloud need: python-docx writes English."""
    langue = OxmlElement("w:lang")
    langue.set(qn("w:val"), "fr-FR")
    document.styles["Normal"].element.get_or_add_rPr().append(langue)
    document.core_properties.language = "fr-FR"


def _tableau(document: Docx, bloc: Bloc) -> None:
    tableau = document.add_table(1, len(COLONNES), style="Light Grid Accent 1")
    for cellule, nom in zip(tableau.rows[0].cells, COLONNES, strict=True):
        cellule.text = nom
    tableau.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001  (no public way)
    for rangee in bloc.rangees:
        cellules = tableau.add_row().cells
        cellules[0].text, cellules[1].text = rangee.dispositif, rangee.mots
        cellules[2].text = "\n".join(str(fait) for fait in rangee.faits)
