"""Opening what people download: CSV, XLSX, or a ZIP of them, with the accidents that really happen to these files.

Bytes that are not UTF-8, a BOM, an unknown delimiter, a title above the header, columns renamed or in capitals, codes
protected from Excel (`="60057"`), leading zeros lost, « œ » turned into a control character.
"""

import csv
import io
import itertools
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from territoires.imports import tableur
from territoires.imports.releve import FichierRefuse

ENTETE_AU_PLUS_TARD = 20
TAILLE_MAXIMALE = 300_000_000
ANNEE = re.compile(r"20\d\d")
COMMUNE = re.compile(r"(\d\d|2[AB])\d{3}")
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
    trouvees = []
    for chemin in chemins:
        try:
            if chemin.suffix.lower() == ".zip":
                trouvees += _membres(chemin, dans_un_zip)
            else:
                trouvees.append(Piece(chemin.name, chemin.read_bytes()))
        except (OSError, zipfile.BadZipFile, RuntimeError) as erreur:
            raise FichierRefuse([f"{chemin.name} : ce fichier ne s’ouvre pas ({erreur})."]) from erreur
    return trouvees


def _membres(chemin: Path, motif: re.Pattern[str]) -> list[Piece]:
    with zipfile.ZipFile(chemin) as archive:
        membres = [m for m in archive.infolist() if motif.search(m.filename)]
        if not membres:
            noms = ", ".join(archive.namelist()[:10])
            raise FichierRefuse([f"{chemin.name} : aucun des fichiers attendus dans cette archive ({noms}…)."])
        if sum(m.file_size for m in membres) > TAILLE_MAXIMALE:
            raise FichierRefuse([f"{chemin.name} : archive trop grosse une fois ouverte."])
        return [Piece(f"{chemin.name}/{m.filename}", archive.read(m)) for m in membres]


def millesime(piece: Piece) -> int:
    """Return the year in the name of the file."""
    annees = ANNEE.findall(piece.nom)
    if not annees:
        raise FichierRefuse([f"{piece.nom} : l’année n’est pas dans le nom, donnez-la avec --millesime."])
    return int(annees[0])


def lignes(piece: Piece, requises: Colonnes, facultatives: Colonnes | None = None) -> Iterator[Ligne]:
    """Yield the rows under the header, by our names of columns; the names the files use are compared without case."""
    requises = {nom: (nom, *autres) for nom, autres in requises.items()}
    toutes = requises | {nom: (nom, *autres) for nom, autres in (facultatives or {}).items()}
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
    raise FichierRefuse(
        [f"{piece.nom} : colonnes attendues : {manquantes}. Première ligne lue : {', '.join(vues) or 'vide'}."]
    )


def _places(entetes: list[str], colonnes: Colonnes) -> dict[str, int]:
    return {
        nom: next(entetes.index(s) for s in synonymes if s in entetes)
        for nom, synonymes in colonnes.items()
        if any(s in entetes for s in synonymes)
    }


def _sous_l_entete(piece: Piece, rangees: Iterable[Rangee], places: dict[str, int], largeur: int) -> Iterator[Ligne]:
    dernier_utile = max(places.values())
    for numero, cellules in rangees:
        if not any(cellules):
            continue
        if any(cellule.strip() for cellule in cellules[largeur:]):
            raise FichierRefuse([f"{piece.nom}, ligne {numero} : trop de colonnes."])
        # A spreadsheet leaves out its last cells when they are empty; in a CSV, one that is missing is an accident.
        if len(cellules) <= dernier_utile and not _est_un_classeur(piece):
            raise FichierRefuse([f"{piece.nom}, ligne {numero} : ligne coupée."])
        yield Ligne(numero, {nom: texte(cellules[i]) for nom, i in places.items() if i < len(cellules)})


def _est_un_classeur(piece: Piece) -> bool:
    return piece.nom.lower().endswith(".xlsx")


def _feuilles(piece: Piece) -> Iterator[Iterable[Rangee]]:
    if not _est_un_classeur(piece):
        yield _csv(piece)
        return
    try:
        yield from tableur.feuilles(piece.octets)
    except tableur.ClasseurIllisible as erreur:
        raise FichierRefuse([f"{piece.nom} : {erreur}"]) from erreur


def _csv(piece: Piece) -> Iterator[Rangee]:
    contenu = decoder(piece)
    debut = contenu[:2000]
    lecteur = csv.reader(io.StringIO(contenu, newline=""), delimiter=max(";,\t", key=debut.count), strict=True)
    try:
        for cellules in lecteur:
            yield lecteur.line_num, cellules
    except csv.Error as erreur:
        raise FichierRefuse([f"{piece.nom}, ligne {lecteur.line_num} : CSV illisible ({erreur})."]) from erreur


def decoder(piece: Piece) -> str:
    for encodage in ("utf-8-sig", "cp1252"):
        try:
            return piece.octets.decode(encodage)
        except UnicodeDecodeError:
            continue
    raise FichierRefuse([f"{piece.nom} : ce n’est pas du texte."])


def texte(valeur: str) -> str:
    """Return the cell without what Excel and bad conversions added."""
    valeur = valeur.strip()
    if valeur.startswith('="') and valeur.endswith('"'):
        valeur = valeur[2:-1]
    return " ".join(valeur.translate(CARACTERES_PERDUS).split())


def code_commune(brut: str) -> str | None:
    """Return a commune's code with the zero that spreadsheets lose, or None when it is not one."""
    code = brut.upper()
    if code.isdigit():
        code = code.zfill(5)
    return code if COMMUNE.fullmatch(code) else None
