"""A printed document as DOCX, whose headings, lists and heads of tables are real ones."""

from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as Docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

# The identifiers of its styles: python-docx reads them all again to find one by its name.
STYLES = {"texte": None, "puces": "ListBullet", "numeros": "ListNumber"}


def ecrire(donnees: dict[str, Any]) -> bytes:
    """Return the file; `donnees` are those of `Imprime`."""
    document = Document()
    document.core_properties.title = donnees["titre"]
    document.core_properties.author = "Santé en territoires"
    _en_francais(document)
    _titre(document, donnees["titre"], 1)
    document.add_paragraph(f"{donnees['date'].capitalize()}. {donnees['resume']}")
    if donnees["ligne"]:
        _paragraphe(document, donnees["ligne"], "IntenseQuote")
    for partie in donnees["parties"]:
        titre = _titre(document, partie["titre"], partie["niveau"])
        titre.paragraph_format.page_break_before = partie["nouvelle_page"]
        for element in partie["elements"]:
            _ecrire(document, element, partie["niveau"])
    document.add_paragraph(donnees["pied"])
    sortie = BytesIO()
    document.save(sortie)
    return sortie.getvalue()


def _ecrire(document: Docx, element: dict[str, Any], niveau: int) -> None:
    if element["genre"] == "tableau":
        _tableau(document, element["colonnes"], element["rangees"])
    elif element["genre"] == "titre":
        for ligne in element["lignes"]:
            _titre(document, ligne, niveau + 1)
    else:
        lignes = [_paragraphe(document, ligne, STYLES[element["genre"]]) for ligne in element["lignes"]]
        if element["genre"] == "numeros":
            _compter_de_un(document, lignes)


def _titre(document: Docx, texte: str, niveau: int) -> Paragraph:
    return _paragraphe(document, texte, f"Heading{niveau}")


def _paragraphe(document: Docx, texte: str, style: str | None) -> Paragraph:
    paragraphe = document.add_paragraph(texte)
    paragraphe._p.style = style  # noqa: SLF001  (no public way)
    return paragraphe


def _en_francais(document: Docx) -> None:
    """Say the language, which readers aloud need: python-docx writes English."""
    langue = OxmlElement("w:lang")
    langue.set(qn("w:val"), "fr-FR")
    document.styles["Normal"].element.get_or_add_rPr().append(langue)
    document.core_properties.language = "fr-FR"


def _compter_de_un(document: Docx, lignes: list[Paragraph]) -> None:
    """Number these lines from 1: those of a style go on from one list to the next."""
    numerotation = document.part.numbering_part.element
    du_style = document.styles["List Number"].element.pPr.numPr.numId.val
    liste = numerotation.add_num(numerotation.num_having_numId(du_style).abstractNumId.val)
    liste.add_lvlOverride(ilvl=0).add_startOverride(1)
    for ligne in lignes:
        ligne._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = liste.numId  # noqa: SLF001


def _tableau(document: Docx, colonnes: list[str], rangees: list[list[list[str]]]) -> None:
    tableau = document.add_table(1, len(colonnes), style="Light Grid Accent 1")
    for cellule, nom in zip(tableau.rows[0].cells, colonnes, strict=True):
        cellule.text = nom
    tableau.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001  (no public way)
    for rangee in rangees:
        for cellule, textes in zip(tableau.add_row().cells, rangee, strict=True):
            cellule.text = "\n".join(textes)
