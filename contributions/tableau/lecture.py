"""Reading of what somebody brings, a workbook, a CSV or pasted cells: sheets of numbered rows, or what the file is.

What a file is, its first bytes say, never its name. Rows have the numbers of the spreadsheet they come from.
"""

import csv
import io
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.core.exceptions import ValidationError

from contributions.tableau.classeurs import CELLULE, COLONNES, TEXTE
from territoires.imports.archive import ArchiveIllisible, ouvrir, peser

OCTETS_AU_PLUS = 5_000_000
LIGNES_AU_PLUS = 5_000
FEUILLES_AU_PLUS = 18  # of a hundred columns: the page that names them asks as many things as a request may answer
AU_DESSUS = 100  # titles and names of columns, which are no lines of the table
OUVERT_AU_PLUS = 60_000_000  # bytes of a workbook, once decompressed
DEBUT = 5_000  # characters of a text, that tell its delimiter
SECONDES = 60  # of waiting: the process itself has less of the processor
OUVREUR = Path(__file__).with_name("classeurs.py")
ENREGISTRER = "Ouvrez-le dans votre tableur, puis « Enregistrer sous », au format {}."
XLSX = ENREGISTRER.format("Classeur Excel (.xlsx)")
TROP_DE_LIGNES = "Plus de 5\u00a0000 lignes, ou plus de texte que nous n’en lisons : coupez le tableau."
ILLISIBLE = f"Ce classeur ne s’ouvre pas : il est abîmé, trop grand, ou protégé par un mot de passe. {XLSX}"
# By the first bytes of a file.
SIGNATURES = (
    (b"%PDF", f"C’est un PDF, pas un tableau. Demandez le fichier d’origine, ou copiez ses cellules. {XLSX}"),
    (b"{\\rtf", "C’est un texte (RTF), pas un tableau. Copiez ses cellules et collez-les ici."),
    (b"\x89PNG", "C’est une image : nous n’y lisons pas de cellules. Apportez le tableau qu’elle montre."),
    (b"\xff\xd8\xff", "C’est une image : nous n’y lisons pas de cellules. Apportez le tableau qu’elle montre."),
    (b"GIF8", "C’est une image : nous n’y lisons pas de cellules. Apportez le tableau qu’elle montre."),
    (b"\x1f\x8b", "C’est une archive compressée : ouvrez-la, puis apportez le tableau qu’elle contient."),
    (b"7z\xbc\xaf", "C’est une archive compressée : ouvrez-la, puis apportez le tableau qu’elle contient."),
    (b"Rar!", "C’est une archive compressée : ouvrez-la, puis apportez le tableau qu’elle contient."),
)
ANCIEN = b"\xd0\xcf\x11\xe0"  # the container of Office before 2007, and of what a password protects since
PROTEGE = "EncryptedPackage".encode("utf-16-le")
CLASSEUR_ANCIEN = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
HTML = re.compile(rb"\s*<(?:!doctype|html|\?xml|table)", re.IGNORECASE)
# By a member of a ZIP, or by the words of its member `mimetype`.
CONTENUS = (
    ("word/", f"C’est un document Word. Copiez les cellules de son tableau et collez-les ici. {XLSX}"),
    ("ppt/", "C’est une présentation. Copiez les cellules de son tableau et collez-les ici."),
    ("opendocument.text", "C’est un document de texte (ODT). Copiez les cellules de son tableau et collez-les ici."),
    ("opendocument.presentation", "C’est une présentation. Copiez les cellules de son tableau et collez-les ici."),
    ("Index/", f"C’est un document de Numbers ou de Pages. {XLSX}"),
    ("xl/workbook.bin", f"C’est un classeur binaire (.xlsb). {XLSX}"),
)


@dataclass(frozen=True)
class Feuille:
    """A sheet: its name ("" when there is but one), its rows that hold something, each with its number."""

    nom: str
    rangees: list[tuple[int, list[str]]]


@dataclass(frozen=True)
class Classeur:
    feuilles: list[Feuille]
    masquees: list[str]  # names of the sheets that are not shown, and were not read


def lire(octets: bytes) -> Classeur:
    """Return what a file holds. Raises ValidationError: what it is instead, and how to save it."""
    if not octets.strip():
        raise ValidationError("Ce fichier est vide.")
    if len(octets) > OCTETS_AU_PLUS:
        raise ValidationError(f"Plus de {OCTETS_AU_PLUS // 1_000_000} Mo : c’est trop. Coupez le tableau.")
    for debut, constat in SIGNATURES:
        if octets.startswith(debut):
            raise ValidationError(constat)
    if octets.startswith(ANCIEN):
        raise ValidationError(_ancien(octets))
    if octets.startswith(b"PK"):
        return _classeur(octets)
    if HTML.match(octets):
        raise ValidationError(f"C’est une page web, malgré son nom. {XLSX}")
    return _en_texte(_decoder(octets))


def lire_colle(texte: str) -> Classeur:
    """Return what cells copied from a spreadsheet hold; it copies them with tabs."""
    if len(texte) > OCTETS_AU_PLUS:
        raise ValidationError("C’est trop long à coller : apportez le fichier.")
    return _en_texte(texte.replace("\0", ""))


def _ancien(octets: bytes) -> str:
    if PROTEGE in octets:
        return f"Ce classeur est protégé par un mot de passe : enlevez-le. {XLSX}"
    if any(nom in octets for nom in CLASSEUR_ANCIEN):
        return f"C’est un ancien classeur Excel (.xls). {XLSX}"
    return "C’est un ancien document Office, pas un tableau. Copiez ses cellules et collez-les ici."


def _classeur(octets: bytes) -> Classeur:
    try:
        with ouvrir(octets, "Ce classeur est illisible") as archive:
            noms = archive.namelist()
            peser(archive.infolist(), OUVERT_AU_PLUS)
            sorte = archive.read("mimetype")[:200].decode("ascii", "replace") if "mimetype" in noms else ""
    except ArchiveIllisible as erreur:
        raise ValidationError(f"{ILLISIBLE} ({erreur})") from erreur
    for signe, constat in CONTENUS:
        if signe in sorte or any(nom.startswith(signe) for nom in noms):
            raise ValidationError(constat)
    if "xl/workbook.xml" not in noms and "opendocument.spreadsheet" not in sorte:
        raise ValidationError("C’est une archive (ZIP) : ouvrez-la, puis apportez le tableau qu’elle contient.")
    return _par_un_autre_processus(octets)


def _par_un_autre_processus(octets: bytes) -> Classeur:
    commande = [sys.executable, "-I", str(OUVREUR), str(LIGNES_AU_PLUS + AU_DESSUS)]
    try:
        sortie = subprocess.run(commande, input=octets, capture_output=True, timeout=SECONDES, check=True).stdout
    except (subprocess.SubprocessError, OSError) as erreur:
        raise ValidationError(ILLISIBLE) from erreur
    lu = json.loads(sortie)
    if lu["trop"]:
        raise ValidationError(TROP_DE_LIGNES)
    feuilles = [Feuille(f["nom"], [(numero, cellules) for numero, cellules in f["rangees"]]) for f in lu["feuilles"]]
    pleines = [feuille for feuille in feuilles if feuille.rangees]
    if len(pleines) > FEUILLES_AU_PLUS:
        raise ValidationError(f"Plus de {FEUILLES_AU_PLUS} feuilles : réunissez-les, ou partagez ce classeur.")
    return _classer(pleines, lu["masquees"])


def _decoder(octets: bytes) -> str:
    """Return the text of a file, in the encoding that reads it whole."""
    if octets.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodages = ["utf-16"]
    elif octets[1:200:2].count(0) > octets[0:200:2].count(0) + 10:
        encodages = ["utf-16-le"]
    elif octets[0:200:2].count(0) > octets[1:200:2].count(0) + 10:
        encodages = ["utf-16-be"]
    else:
        encodages = ["utf-8-sig", "cp1252"]
    for encodage in encodages:
        try:
            texte = octets.decode(encodage)
        except UnicodeDecodeError:
            continue
        if "\0" not in texte:
            return texte
    raise ValidationError(f"Ce n’est ni un classeur, ni du texte. {XLSX}")


def _en_texte(texte: str) -> Classeur:
    """Return the sheet of a CSV: the delimiter is the one that cuts most of its first rows alike."""
    lecteur = _lecteur(texte, max("\t;,|", key=partial(_accord, texte[:DEBUT])))
    rangees: list[tuple[int, list[str]]] = []
    lus = 0
    try:
        for numero, cellules in enumerate(lecteur, 1):
            gardees = [cellule.strip()[:CELLULE] for cellule in cellules[:COLONNES]]
            if any(gardees):
                rangees.append((numero, gardees))
            lus += sum(map(len, gardees))
            if len(rangees) > LIGNES_AU_PLUS + AU_DESSUS or lus > TEXTE:
                raise ValidationError(TROP_DE_LIGNES)
    except csv.Error as erreur:
        raise ValidationError(f"Ligne {len(rangees) + 1} : un guillemet de trop, ou une cellule sans fin.") from erreur
    return _classer([Feuille("", rangees)] if rangees else [], [])


def _lecteur(texte: str, delimiteur: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(texte, newline=""), delimiter=delimiteur)


def _accord(debut: str, delimiteur: str) -> int:
    """Return how many rows are cut into as many cells: lists, inside cells, are uneven."""
    largeurs: Counter[int] = Counter()
    with suppress(csv.Error):
        largeurs.update(len(cellules) for cellules in _lecteur(debut, delimiteur) if len(cellules) > 1)
    return max(largeurs.values(), default=0)


def _classer(feuilles: list[Feuille], masquees: list[str]) -> Classeur:
    if not feuilles:
        raise ValidationError("Nous n’y lisons aucune ligne.")
    return Classeur(feuilles, masquees)
