"""Reading XLSX with the standard library: only values, as text.

The files of the DGCL and of the Insee have styles that make the usual readers fail; values are all that is wanted.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

PRINCIPAL = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
COLONNE = re.compile(r"[A-Z]+")
TAILLE_MAXIMALE = 300_000_000


class ClasseurIllisible(Exception):
    """The file is not a workbook that can be read; the message is a French sentence."""


Rangee = tuple[int, list[str]]


def feuilles(octets: bytes) -> Iterator[list[Rangee]]:
    """Yield the sheets in the order of the workbook: for each row, its number and its cells."""
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            if sum(membre.file_size for membre in archive.infolist()) > TAILLE_MAXIMALE:
                raise ClasseurIllisible("classeur trop gros une fois ouvert.")
            partages = _textes_partages(archive)
            for chemin in _chemins(archive):
                yield list(_rangees(archive, chemin, partages))
    except (zipfile.BadZipFile, LookupError, ElementTree.ParseError, ValueError) as erreur:
        raise ClasseurIllisible(f"ce classeur est illisible ({erreur}).") from erreur


def _chemins(archive: zipfile.ZipFile) -> list[str]:
    relations = ElementTree.fromstring(_xml(archive, "xl/_rels/workbook.xml.rels"))  # noqa: S314  (see _xml)
    cibles = {relation.attrib["Id"]: relation.attrib["Target"] for relation in relations}
    classeur = ElementTree.fromstring(_xml(archive, "xl/workbook.xml"))  # noqa: S314  (see _xml)
    ordre = [cibles[feuille.attrib[RELATION]] for feuille in classeur.iter(f"{PRINCIPAL}sheet")]
    return [cible.lstrip("/") if cible.startswith("/") else f"xl/{cible}" for cible in ordre]


def _textes_partages(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    racine = ElementTree.fromstring(_xml(archive, "xl/sharedStrings.xml"))  # noqa: S314  (see _xml)
    return [_texte(entree) for entree in racine.iter(f"{PRINCIPAL}si")]


def _texte(noeud: ElementTree.Element) -> str:
    return "".join(morceau.text or "" for morceau in noeud.iter(f"{PRINCIPAL}t"))


def _rangees(archive: zipfile.ZipFile, chemin: str, partages: list[str]) -> Iterator[Rangee]:
    numero = 0
    for _, rangee in ElementTree.iterparse(io.BytesIO(_xml(archive, chemin))):  # noqa: S314  (see _xml)
        if rangee.tag == f"{PRINCIPAL}row":
            numero = int(rangee.attrib.get("r", numero + 1))
            yield numero, _cellules(rangee, partages)
            rangee.clear()


def _xml(archive: zipfile.ZipFile, chemin: str) -> bytes:
    """Return a part of the workbook, which never declares entities: one that does is an attack."""
    octets = archive.read(chemin)
    if b"<!DOCTYPE" in octets:
        raise ClasseurIllisible("ce classeur est piégé : il déclare des entités.")
    return octets


def _cellules(rangee: ElementTree.Element, partages: list[str]) -> list[str]:
    cellules: list[str] = []
    for cellule in rangee.iter(f"{PRINCIPAL}c"):
        place = _place(cellule.attrib.get("r", ""), len(cellules))
        cellules += [""] * (place - len(cellules))  # empty cells are left out of the file
        cellules.append(_valeur(cellule, partages))
    return cellules


def _place(reference: str, suivante: int) -> int:
    lettres = COLONNE.match(reference)
    if not lettres:
        return suivante
    place = 0
    for lettre in lettres[0]:
        place = place * 26 + ord(lettre) - 64
    return place - 1


def _valeur(cellule: ElementTree.Element, partages: list[str]) -> str:
    genre = cellule.attrib.get("t", "n")
    if genre == "inlineStr":
        return _texte(cellule)
    brut = cellule.findtext(f"{PRINCIPAL}v") or ""
    if genre == "s":
        return partages[int(brut)]
    if genre == "n" and brut:
        return _nombre(brut)
    return brut


def _nombre(brut: str) -> str:
    """Write a number as a code is written: `2.00000172E8` is the SIREN 200000172."""
    nombre = float(brut)
    return str(int(nombre)) if nombre.is_integer() else brut
