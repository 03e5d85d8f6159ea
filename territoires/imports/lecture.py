"""Opening what people download: CSV, XLSX, or a ZIP of them, with the accidents that really happen to these files.

Bytes that are not UTF-8, or were decoded twice, a BOM, an unknown delimiter, a title above the header, columns renamed
or in capitals, codes protected from Excel (`="60057"`), leading zeros lost, dates that a spreadsheet wrote in its own
way, « œ » turned into a control character. What is no such file is told for what it is.

Whatever a file holds, reading it takes less than 300 MB: files, rows and cells may have a size that no official one
reaches, and no more.
"""

import codecs
import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from territoires.imports import tableur
from territoires.imports.archive import ArchiveIllisible, ouvrir, peser
from territoires.imports.nature import autre_chose, semblant
from territoires.imports.releve import Fautes, FichierRefuse

ENTETE_AU_PLUS_TARD = 20
OCTETS_AU_PLUS = 30_000_000  # of a file, or of what is read in a ZIP; the largest official one has 11
RANGEES_AU_PLUS = 100_000
RANGEE_AU_PLUS = 200_000  # characters of a row of a CSV
CELLULE_AU_PLUS = 1_000  # characters
MONTRE_AU_PLUS = 300  # characters of a header, in a message
ANNEE = re.compile(r"20\d\d")
COMMUNE = re.compile(r"(\d\d|2[AB])\d{3}")
DECODE_DEUX_FOIS = re.compile(r"[ÃÂâÅ][\u0080-\u00bf\u0152-\u2122]")
JOUR_FRANCAIS = re.compile(r"\d{1,2}/\d{1,2}/\d{4}")
JOUR_DE_TABLEUR = re.compile(r"\d{5}")  # days since 30 December 1899, where a cell is a date
ORIGINE_DES_TABLEURS = date(1899, 12, 30)
# What Windows puts between 0x80 and 0x9F, read as if it were Latin-1: « œ » arrives as U+009C.
CARACTERES_PERDUS = {code: bytes([code]).decode("cp1252", errors="ignore") or None for code in range(0x80, 0xA0)}
Colonnes = Mapping[str, tuple[str, ...]]
Rangee = tuple[int, list[str]]


@dataclass(frozen=True)
class Piece:
    """A file to read: given as such, or found in a ZIP (« archive.zip/file.csv »)."""

    nom: str
    octets: bytes


@dataclass(frozen=True)
class Ligne:
    numero: int
    valeurs: dict[str, str]

    @property
    def repere(self) -> str:
        return f"ligne {self.numero}"

    def __getitem__(self, colonne: str) -> str:
        return self.valeurs.get(colonne, "")


def pieces(chemins: list[Path], dans_un_zip: re.Pattern[str]) -> list[Piece]:
    """Return the files to read: those given, and in a ZIP those whose name matches."""
    trouvees: list[Piece] = []
    fautes = Fautes()
    for chemin in chemins:
        with fautes.recueillies():
            trouvees += _ouvrir(chemin, dans_un_zip)
    fautes.refuser()
    return trouvees


def _ouvrir(chemin: Path, dans_un_zip: re.Pattern[str]) -> list[Piece]:
    octets = _octets(chemin)
    if chemin.suffix.lower() == ".zip":
        return _membres(chemin.name, octets, dans_un_zip)
    if constat := autre_chose(chemin.name, octets):
        raise FichierRefuse([f"{chemin.name} : {constat}"])
    return [Piece(chemin.name, octets)]


def _octets(chemin: Path) -> bytes:
    if not chemin.is_file():
        raise FichierRefuse([f"{chemin.name} : ce fichier ne s’ouvre pas, ou n’existe pas."])
    try:
        with chemin.open("rb") as fichier:
            octets = fichier.read(OCTETS_AU_PLUS + 1)
    except OSError as erreur:
        raise FichierRefuse([f"{chemin.name} : ce fichier ne s’ouvre pas."]) from erreur
    if len(octets) > OCTETS_AU_PLUS:
        raise FichierRefuse([f"{chemin.name} : plus de {OCTETS_AU_PLUS // 1_000_000} Mo, c’est trop."])
    return octets


def _membres(nom: str, octets: bytes, motif: re.Pattern[str]) -> list[Piece]:
    try:
        with ouvrir(octets, "ce fichier ne s’ouvre pas") as archive:
            membres = [m for m in archive.infolist() if motif.search(m.filename)]
            if not membres:
                noms = ", ".join(archive.namelist()[:10])[:500]
                raise FichierRefuse([f"{nom} : aucun des fichiers attendus dans cette archive ({noms}…)."])
            peser(membres, OCTETS_AU_PLUS)
            return [Piece(f"{nom}/{m.filename}", archive.read(m)) for m in membres]
    except ArchiveIllisible as erreur:
        raise FichierRefuse([f"{nom} : {erreur}"]) from erreur


def millesime(pieces: list[Piece], dit: int | None = None) -> int:
    """Return the year in the names of the files, or the one said; raise FichierRefuse when they disagree."""
    lues = {piece.nom: _annee_du_nom(piece.nom) for piece in pieces}
    annees = {nom: annee for nom, annee in lues.items() if annee}
    if len(set(annees.values())) > 1:
        noms = " ; ".join(f"{nom} est de {annee}" for nom, annee in annees.items())
        raise FichierRefuse([f"Les fichiers ne sont pas de la même année : {noms}."])
    annee = next(iter(annees.values()), dit)
    if annee is None:
        comment = "donnez-la avec --millesime, ou dans « Année du fichier »"
        raise FichierRefuse([f"{pieces[0].nom} : l’année n’est pas dans le nom, {comment}."])
    if dit not in (None, annee):
        raise FichierRefuse([f"{pieces[0].nom} : d’après son nom il est de {annee}, et non de {dit}."])
    return annee


def _annee_du_nom(nom: str) -> int | None:
    """Return the first year in the name of the file, or else in that of its archive."""
    trouvee = ANNEE.search(nom.rpartition("/")[2]) or ANNEE.search(nom)
    return int(trouvee[0]) if trouvee else None


def lignes(piece: Piece, requises: Colonnes, facultatives: Colonnes | None = None) -> Iterator[Ligne]:
    """Yield the rows under the header, by our names of columns; the names the files use are compared without case.

    Raise FichierRefuse when there is no such header, or at the end, with all the rows that are cut or too long.
    """
    try:
        yield from _lignes(piece, requises, facultatives or {})
    except ArchiveIllisible as erreur:
        raise FichierRefuse([f"{piece.nom} : {erreur}"]) from erreur


def _lignes(piece: Piece, requises: Colonnes, facultatives: Colonnes) -> Iterator[Ligne]:
    requises = {nom: (nom, *autres) for nom, autres in requises.items()}
    toutes = requises | {nom: (nom, *autres) for nom, autres in facultatives.items()}
    vues: list[str] = []
    for feuille in _feuilles(piece):
        rangees = iter(feuille)
        for _, cellules in itertools.islice(rangees, ENTETE_AU_PLUS_TARD):
            entetes = [texte(cellule).lower() for cellule in cellules]
            places = _places(entetes, toutes)
            if requises.keys() <= places.keys():
                yield from _sous_l_entete(piece, rangees, places, len(cellules))
                return
            vues = vues or [entete for entete in entetes if entete]
    manquantes = ", ".join(" ou ".join(dict.fromkeys(noms)) for noms in requises.values())
    lue = ", ".join(vues)[:MONTRE_AU_PLUS] or "vide"
    raise FichierRefuse(
        [f"{piece.nom} : {semblant(vues)}colonnes attendues : {manquantes}. Première ligne lue : {lue}."]
    )


def _places(entetes: list[str], colonnes: Colonnes) -> dict[str, int]:
    return {
        nom: next(entetes.index(s) for s in synonymes if s in entetes)
        for nom, synonymes in colonnes.items()
        if any(s in entetes for s in synonymes)
    }


def _sous_l_entete(piece: Piece, rangees: Iterable[Rangee], places: dict[str, int], largeur: int) -> Iterator[Ligne]:
    fautes = Fautes()
    for rang, (numero, cellules) in enumerate(rangees):
        if rang >= RANGEES_AU_PLUS:
            raise FichierRefuse([f"{piece.nom}, ligne {numero} : plus de {RANGEES_AU_PLUS} lignes."])
        if not any(cellules):
            continue
        if faute := _faute_de_forme(piece, cellules, max(places.values()), largeur):
            fautes.append(f"{piece.nom}, ligne {numero} : {faute}")
        else:
            yield Ligne(numero, {nom: texte(cellules[i]) for nom, i in places.items() if i < len(cellules)})
    fautes.refuser()


def _faute_de_forme(piece: Piece, cellules: list[str], dernier_utile: int, largeur: int) -> str:
    if any(len(cellule) > CELLULE_AU_PLUS for cellule in cellules):
        return f"plus de {CELLULE_AU_PLUS} caractères dans une case."
    if any(cellule.strip() for cellule in cellules[largeur:]):
        return "trop de colonnes."
    # A spreadsheet leaves out its last cells when they are empty; in a CSV, one that is missing is an accident.
    if len(cellules) <= dernier_utile and not _est_un_classeur(piece):
        return "ligne coupée."
    return ""


def _est_un_classeur(piece: Piece) -> bool:
    return piece.nom.lower().endswith(".xlsx")


def _feuilles(piece: Piece) -> Iterator[Iterable[Rangee]]:
    if not _est_un_classeur(piece):
        yield _csv(piece)
    else:
        yield from tableur.feuilles(piece.octets)


def _csv(piece: Piece) -> Iterator[Rangee]:
    flux = flux_de(piece)
    debut = flux.read(2000)
    flux.seek(0)
    longueur = 0

    def bornees() -> Iterator[str]:
        """Yield the lines, and refuse a row that has no end."""
        nonlocal longueur
        while ligne := flux.readline(RANGEE_AU_PLUS):
            longueur += len(ligne)
            if longueur >= RANGEE_AU_PLUS:
                raise FichierRefuse([f"{piece.nom}, ligne {lecteur.line_num + 1} : cette ligne n’en finit pas."])
            yield ligne

    lecteur = csv.reader(bornees(), delimiter=max(";,\t", key=debut.count), strict=True)
    try:
        for cellules in lecteur:
            longueur = 0
            yield lecteur.line_num, cellules
    except csv.Error as erreur:
        raise FichierRefuse(
            [f"{piece.nom}, ligne {lecteur.line_num} : CSV illisible, un guillemet de trop ou une case sans fin."]
        ) from erreur


def flux_de(piece: Piece) -> io.TextIOWrapper:
    """Return the text of a file, to be read bit by bit, in the encoding that reads it to its end."""
    en_utf_16 = piece.octets.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encodage in ("utf-16",) if en_utf_16 else ("utf-8-sig", "cp1252"):
        flux = io.TextIOWrapper(io.BytesIO(piece.octets), encoding=encodage, newline="")
        try:
            while flux.read(65_536):
                pass
        except UnicodeDecodeError:
            continue
        flux.seek(0)
        return flux
    raise FichierRefuse([f"{piece.nom} : ce n’est pas du texte."])


def texte(valeur: str) -> str:
    """Return the cell without what Excel and bad conversions added."""
    valeur = valeur.strip()
    if valeur.startswith('="') and valeur.endswith('"'):
        valeur = valeur[2:-1]
    if DECODE_DEUX_FOIS.search(valeur):
        valeur = _decoder_une_fois(valeur)
    return " ".join(valeur.translate(CARACTERES_PERDUS).split())


def _decoder_une_fois(valeur: str) -> str:
    """Return « é » for « Ã© »; what was not decoded twice is left as it is."""
    try:
        return valeur.encode("cp1252").decode()
    except UnicodeError:
        return valeur


def jour(brut: str) -> date:
    """Return a day as the official files write it, or as spreadsheets do; raise ValueError when it is none."""
    if JOUR_FRANCAIS.fullmatch(brut):
        return datetime.strptime(brut, "%d/%m/%Y").date()  # noqa: DTZ007  (a day, that no time zone moves)
    if JOUR_DE_TABLEUR.fullmatch(brut):
        return ORIGINE_DES_TABLEURS + timedelta(days=int(brut))
    return date.fromisoformat(brut[:10])


def code_commune(brut: str) -> str | None:
    """Return a commune's code with the zero that spreadsheets lose, or None when it is not one."""
    code = brut.upper()
    if code.isdigit():
        code = code.zfill(5)
    return code if COMMUNE.fullmatch(code) else None
