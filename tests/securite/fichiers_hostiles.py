"""Files made to fill the memory, to stop the reader, or to make it fail: small ones, that grow once opened.

Run by itself, it has each one that it is told read by the importers in a process of its own, and tells what it cost,
in JSON.
"""

import io
import json
import os
import resource
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import process_time

ESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ENTETE = '<row r="1"><c t="inlineStr"><is><t>insee</t></is></c></row>'
FEUILLES = '<sheets><sheet name="F" sheetId="1" r:id="r1"/></sheets>'
CLASSEUR = f'<workbook xmlns="{ESPACE}" xmlns:r="{RELATIONS}">{FEUILLES}</workbook>'
LIENS = '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>'
Morceaux = Iterator[bytes] | bytes | str


def classeur(feuille: Morceaux, partages: Morceaux = b"", compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    flux = io.BytesIO()
    with zipfile.ZipFile(flux, "w", compression) as paquet:
        paquet.writestr("xl/workbook.xml", CLASSEUR)
        paquet.writestr("xl/_rels/workbook.xml.rels", LIENS)
        parties = {"xl/worksheets/sheet1.xml": feuille, **({"xl/sharedStrings.xml": partages} if partages else {})}
        for nom, contenu in parties.items():
            with paquet.open(nom, "w") as membre:
                for morceau in [contenu] if isinstance(contenu, bytes | str) else contenu:
                    membre.write(morceau.encode() if isinstance(morceau, str) else morceau)
    return flux.getvalue()


def feuille(corps: bytes, fois: int = 1, avant: str = ENTETE) -> Iterator[bytes]:
    yield f'<worksheet xmlns="{ESPACE}"><sheetData>{avant}'.encode()
    lot = corps * 1000
    for _ in range(fois // 1000):
        yield lot
    yield corps * (fois % 1000)
    yield b"</sheetData></worksheet>"


def partages(texte: str, fois: int) -> Iterator[bytes]:
    yield f'<sst xmlns="{ESPACE}">'.encode()
    lot = f"<si><t>{texte}</t></si>".encode() * 1000
    for _ in range(fois // 1000):
        yield lot
    yield b"</sst>"


def chiffre(octets: bytes) -> bytes:
    """The same archive, said to be encrypted."""
    local, central = octets.index(b"PK\x03\x04"), octets.index(b"PK\x01\x02")
    modifie = bytearray(octets)
    modifie[local + 6] |= 1
    modifie[central + 8] |= 1
    return bytes(modifie)


def inconnu(octets: bytes) -> bytes:
    """The same archive, said to be compressed in a way that nobody knows."""
    modifie = bytearray(octets)
    for signature, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        debut = octets.index(signature)
        modifie[debut + place] = 77
    return bytes(modifie)


def corrompu(octets: bytes) -> bytes:
    modifie = bytearray(octets)
    debut = octets.index(b"PK\x03\x04", 10) - 60
    modifie[debut : debut + 20] = b"\xff" * 20
    return bytes(modifie)


def archive(nom: str, contenu: bytes, fois: int = 1) -> bytes:
    flux = io.BytesIO()
    with zipfile.ZipFile(flux, "w", zipfile.ZIP_DEFLATED) as paquet, paquet.open(nom, "w") as membre:
        for _ in range(fois):
            membre.write(contenu)
    return flux.getvalue()


def beaucoup_de_membres() -> bytes:
    flux = io.BytesIO()
    with zipfile.ZipFile(flux, "w") as paquet:
        for n in range(5_000):
            paquet.writestr(f"{n}.csv", b"")
    return flux.getvalue()


CELLULE = b'<row><c><v>1</v></c><c r="SG1"><v>1</v></c></row>'
DOCTYPE = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>'


def collection(objets: str) -> bytes:
    return f'{{"type": "FeatureCollection", "features": [{objets}]}}'.encode()


# For each file: the kind of import, its name, what it holds.
FICHIERS: dict[str, tuple[str, str, Callable[[], bytes]]] = {
    "cellules sans fin": ("epci", "a2026.xlsx", lambda: classeur(feuille(b"<row><c><v>1</v></c></row>", 1_900_000))),
    "colonnes lointaines": ("epci", "a2026.xlsx", lambda: classeur(feuille(CELLULE, 300_000))),
    "une ligne d’un million de cases": ("epci", "a2026.xlsx", lambda: classeur(feuille(b"<c><v>1</v></c>", 3_000_000))),
    "textes partagés": ("epci", "a2026.xlsx", lambda: classeur(feuille(b""), partages("ab", 2_500_000))),
    "un long texte partagé": (
        "epci", "a2026.xlsx",
        lambda: classeur(feuille(b'<row><c t="s"><v>0</v></c></row>', 100_000), partages("a" * 20_000, 2_000)),
    ),
    "imbriqué": ("epci", "a2026.xlsx", lambda: classeur(b"<a>" * 10_000_000)),
    "une balise sans fin": ("epci", "a2026.xlsx", lambda: classeur(b"<a b='" + b"c" * 50_000_000)),
    "des noms toujours neufs": (
        "epci", "a2026.xlsx", lambda: classeur(b"<a>" + b"".join(b"<a%d/>" % n for n in range(1_000_000)))
    ),
    "reference ZZZ…1": ("epci", "a2026.xlsx", lambda: classeur(feuille(b'<row><c r="' + b"Z" * 5000 + b'1"/></row>'))),
    "nombre infini": ("epci", "a2026.xlsx", lambda: classeur(feuille(b"<row><c><v>1e999</v></c></row>"))),
    "rang de 5 000 chiffres": ("epci", "a2026.xlsx", lambda: classeur(feuille(b'<row r="' + b"9" * 5000 + b'"/>'))),
    "DOCTYPE en UTF-16": ("epci", "a2026.xlsx", lambda: classeur(DOCTYPE.encode("utf-16"))),
    "flux abîmé": ("epci", "a2026.xlsx", lambda: corrompu(classeur(feuille(b"<row/>")))),
    "chiffré": ("epci", "a2026.xlsx", lambda: chiffre(classeur(feuille(b"<row/>")))),
    "compression inconnue": ("epci", "a2026.xlsx", lambda: inconnu(classeur(feuille(b"<row/>")))),
    "pas une archive": ("epci", "a2026.xlsx", lambda: b"PK\x03\x04 rien"),
    "zip chiffré": ("epci", "a2026.zip", lambda: chiffre(archive("a2026.csv", b"x"))),
    "zip inconnu": ("epci", "a2026.zip", lambda: inconnu(archive("a2026.csv", b"x"))),
    "zip de 300 Mo": ("epci", "a2026.zip", lambda: archive("a2026.csv", b"a" * 1_000_000, 300)),
    "zip de 5 000 fichiers": ("epci", "a2026.zip", beaucoup_de_membres),
    "CSV d’une ligne": ("epci", "a2026.csv", lambda: b"a;" * 14_000_000),
    "CSV d’une case": ("epci", "a2026.csv", lambda: b'"' + b"a\n" * 14_000_000),
    "CSV trop gros": ("epci", "a2026.csv", lambda: b"a;b\n" * 8_000_000),
    "CSV en caractères larges": ("epci", "a2026.csv", lambda: "😀".encode() + b"insee;b\n" * 3_700_000),
    "CSV binaire": ("epci", "a2026.csv", lambda: bytes(range(256)) * 100),
    "GeoJSON imbriqué": ("qpv", "q2024_WGS84.geojson", lambda: collection("[" * 200_000)),
    "GeoJSON d’un objet imbriqué": (
        "qpv", "q2024_WGS84.geojson",
        lambda: collection('{"geometry": ' + "[" * 200_000 + "]" * 200_000 + "}"),
    ),
    "GeoJSON d’un objet sans fin": (
        "qpv", "q2024_WGS84.geojson", lambda: collection('{"geometry": [' + "[]," * 9_000_000 + "[]]}")
    ),
    "GeoJSON d’objets vides": ("qpv", "q2024_WGS84.geojson", lambda: collection("{}," * 9_000_000 + "{}")),
    "GeoJSON d’un nombre de 5 000 chiffres": (
        "qpv", "q2024_WGS84.geojson", lambda: collection('{"properties": {"code_qp": ' + "9" * 5000 + "}}")
    ),
    "GeoJSON d’une autre forme": ("qpv", "q2024_WGS84.geojson", lambda: b'{"features": [{"properties": []}]}'),
    "GeoJSON d’un contour étrange": (
        "qpv", "q2024_WGS84.geojson",
        lambda: collection('{"geometry": {"type": "Polygon", "coordinates": {"a": [[1e9, 2]]}}}'),
    ),
    "GeoJSON d’un demi-caractère": (
        "qpv", "q2024_WGS84.geojson",
        lambda: collection('{"properties": {"code_qp": "QN00101M", "lib_qp": "\\ud800", "insee_com": "01001"}}'),
    ),
    "GeoJSON de guillemets": ("qpv", "q2024_WGS84.geojson", lambda: b'{"features": [' + b'"\\' * 5_000_000),
    "COG de deux fois rien": ("cog", "v_commune_2026.csv", lambda: b"\n" * 20_000_000),
}  # fmt: skip
MEMOIRE_DE_SURETE = 1_500_000_000  # bytes: a reader that wants more is stopped before it harms the machine


def lire(nom: str, dossier: Path) -> dict[str, object]:
    """Have a file read; return the refusal, the seconds and the peak of memory, in KB."""
    from territoires.imports import cog, epci, qpv  # noqa: PLC0415  # once Django is set up
    from territoires.imports.releve import FichierRefuse  # noqa: PLC0415

    importeur, chemin = {"cog": cog, "epci": epci, "qpv": qpv}[FICHIERS[nom][0]], dossier / FICHIERS[nom][1]
    resource.setrlimit(resource.RLIMIT_AS, (MEMOIRE_DE_SURETE, MEMOIRE_DE_SURETE))
    debut = process_time()
    try:
        importeur.lire([chemin], 2026)
        refus = ""
    except FichierRefuse as erreur:
        refus = str(erreur)
    except Exception as erreur:  # noqa: BLE001  # what the test is after
        refus = repr(erreur)[:200]
    memoire = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"nom": nom, "refus": refus, "secondes": round(process_time() - debut, 2), "memoire": memoire}


def seul(travail: Callable[[], object]) -> None:
    """Do it in a process of its own, so that the peak of memory is its own too."""
    if enfant := os.fork():
        os.waitpid(enfant, 0)
        return
    travail()
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    import django

    django.setup()
    lieu, *titres = sys.argv[1:]
    for titre in titres:
        _, fichier, contenu = FICHIERS[titre]
        seul(lambda: Path(lieu, fichier).write_bytes(contenu()))  # noqa: B023  # done at once
        seul(lambda: print(json.dumps(lire(titre, Path(lieu)))))  # noqa: B023
