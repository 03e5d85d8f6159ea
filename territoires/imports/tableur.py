"""Reading XLSX with the standard library: only values, as text, row by row.

The files of the DGCL and of the Insee have styles that make the usual readers fail; values are all that is wanted. No
tree is built: what is kept at any time is a row and the shared texts, whatever the workbook holds.
"""

import re
import zipfile
from collections.abc import Iterator
from xml.parsers import expat

from territoires.imports.archive import ArchiveIllisible, ouvrir, peser, traduire

RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
COLONNE = re.compile(r"[A-Z]+")
# What the largest official workbook holds, several times over.
OUVERT_AU_PLUS = 60_000_000  # bytes, once decompressed
COLONNES_AU_PLUS = 500
PARTAGES_AU_PLUS = 500_000
LETTRES_AU_PLUS = 20_000_000  # of all the shared texts
TEXTE_AU_PLUS = 100_000  # characters of a cell; spreadsheets themselves stop at 32 767
NOMS_AU_PLUS = 300  # of elements, attributes and prefixes: the parser never forgets one
PROFONDEUR = 40
BLOC = 65_536  # bytes
BLOCS_MUETS = 16  # without the end of anything: one tag, that the parser keeps whole

ILLISIBLE = "ce classeur est illisible"
Rangee = tuple[int, list[str]]
Element = tuple[str, dict[str, str] | None, str]  # its name, its attributes or None at its end, the text before


def feuilles(octets: bytes) -> Iterator[Iterator[Rangee]]:
    """Yield the sheets in the order of the workbook: for each row, its number and its cells."""
    with ouvrir(octets, ILLISIBLE) as archive:
        peser(archive.infolist(), OUVERT_AU_PLUS)
        partages = _textes_partages(archive)
        for chemin in _chemins(archive):
            yield _rangees(archive, chemin, partages)


def _elements(archive: zipfile.ZipFile, chemin: str) -> Iterator[Element]:
    """Yield the beginnings and the ends of the elements of a part, as they are read."""
    lus: list[Element] = []
    textes: list[str] = []
    noms: set[str] = set()
    profondeur = 0

    def commencer(nom: str, attributs: dict[str, str]) -> None:
        nonlocal profondeur
        profondeur += 1
        noms.update((nom, *attributs))
        if profondeur > PROFONDEUR or len(noms) > NOMS_AU_PLUS:
            raise ArchiveIllisible("ce n’est pas un classeur tel que les tableurs en écrivent.")
        lus.append((nom.rpartition("}")[2], attributs, ""))
        textes.clear()

    def finir(nom: str) -> None:
        nonlocal profondeur
        profondeur -= 1
        lus.append((nom.rpartition("}")[2], None, "".join(textes)))
        textes.clear()

    def refuser(*_: object) -> None:
        raise ArchiveIllisible("ce classeur est piégé : il déclare des entités.")

    analyseur = expat.ParserCreate(namespace_separator="}")
    analyseur.StartElementHandler, analyseur.EndElementHandler = commencer, finir
    analyseur.CharacterDataHandler = textes.append
    analyseur.StartNamespaceDeclHandler = lambda prefixe, _: noms.add(f"xmlns:{prefixe}")
    analyseur.StartDoctypeDeclHandler = refuser  # whatever the encoding that hides it
    with archive.open(chemin) as flux:
        muets = 0
        while bloc := flux.read(BLOC):
            analyseur.Parse(bloc, False)
            muets = 0 if lus else muets + 1
            if muets > BLOCS_MUETS or sum(map(len, textes)) > TEXTE_AU_PLUS:
                raise ArchiveIllisible("une cellule est plus longue que les tableurs ne le permettent.")
            yield from lus
            lus.clear()
        analyseur.Parse(b"", True)
        yield from lus


def _chemins(archive: zipfile.ZipFile) -> list[str]:
    relations = [attributs for _, attributs, _ in _elements(archive, "xl/_rels/workbook.xml.rels") if attributs]
    cibles = {relation["Id"]: relation["Target"] for relation in relations if "Id" in relation}
    montrees = [a for nom, a, _ in _elements(archive, "xl/workbook.xml") if nom == "sheet" and a]
    ordre = [cibles[feuille[RELATION]] for feuille in montrees]
    return [cible.lstrip("/") if cible.startswith("/") else f"xl/{cible}" for cible in ordre]


def _textes_partages(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    partages: list[str] = []
    lettres, morceaux = 0, ""
    for nom, attributs, texte in _elements(archive, "xl/sharedStrings.xml"):
        if nom == "t" and attributs is None:
            morceaux += texte
        elif nom == "si" and attributs is None:
            partages.append(morceaux)
            lettres, morceaux = lettres + len(morceaux), ""
        if len(partages) > PARTAGES_AU_PLUS or lettres + len(morceaux) > LETTRES_AU_PLUS:
            raise ArchiveIllisible("trop de textes dans ce classeur.")
    return partages


def _rangees(archive: zipfile.ZipFile, chemin: str, partages: list[str]) -> Iterator[Rangee]:
    numero, place, genre, brut = 0, 0, "n", ""
    cellules: list[str] = []
    with traduire(ILLISIBLE):
        for nom, attributs, texte in _elements(archive, chemin):
            if nom == "row" and attributs is not None:
                numero, cellules = int(attributs.get("r", numero + 1)), []
            elif nom == "row":
                yield numero, cellules
            elif nom == "c" and attributs is not None:
                place, genre, brut = _place(attributs.get("r", ""), len(cellules)), attributs.get("t", "n"), ""
            elif nom == "c":
                if place >= COLONNES_AU_PLUS:
                    raise ArchiveIllisible(f"ligne {numero} : plus de {COLONNES_AU_PLUS} colonnes.")
                cellules += [""] * (place - len(cellules))  # empty cells are left out of the file
                cellules.append(_valeur(genre, brut, partages))
            elif nom in ("v", "t") and attributs is None:
                brut += texte


def _place(reference: str, suivante: int) -> int:
    lettres = COLONNE.match(reference)
    if not lettres:
        return suivante
    place = 0
    for lettre in lettres[0][:4]:  # four are too many already
        place = place * 26 + ord(lettre) - 64
    return place - 1


def _valeur(genre: str, brut: str, partages: list[str]) -> str:
    if genre == "s":
        return partages[int(brut)]
    if genre == "n" and brut:
        return _nombre(brut)
    return brut


def _nombre(brut: str) -> str:
    """Write a number as a code is written: `2.00000172E8` is the SIREN 200000172."""
    nombre = float(brut)
    return str(int(nombre)) if nombre.is_integer() else brut
