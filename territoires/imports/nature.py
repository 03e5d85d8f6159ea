"""What a file given for another is: by its first bytes, or by its columns, with what to do about it."""

import codecs

DEBUTS = {
    b"%PDF": "c’est un PDF : prenez le fichier CSV ou XLSX de la même page.",
    b"\xd0\xcf\x11\xe0": "c’est un classeur d’avant 2007 (.xls) : enregistrez-le au format XLSX.",
    b"\x89PNG": "c’est une image.",
    b"\xff\xd8\xff": "c’est une image.",
    b"SQLite format 3": "c’est un GeoPackage : prenez le GeoJSON.",
    b"<!doctype html": "c’est une page web : le téléchargement a donné une page au lieu du fichier.",
    b"<html": "c’est une page web : le téléchargement a donné une page au lieu du fichier.",
    b"<?xml": "c’est un fichier XML : prenez le CSV, le XLSX ou le GeoJSON.",
    b"\x1f\x8b": "c’est un fichier compressé (.gz) : ouvrez-le d’abord.",
    b"7z\xbc\xaf": "c’est une archive 7z : ouvrez-la d’abord.",
    b"Rar!": "c’est une archive RAR : ouvrez-la d’abord.",
}
ODS = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
DEBUT = 100  # bytes looked at
# By a column that no other has.
COLONNES = {
    "typecom_av": "les mouvements de communes (v_mvt_commune_AAAA.csv)",
    "date_debut": "l’histoire des communes (v_commune_depuis_1943.csv)",
    "typecom": "les communes du code officiel géographique (v_commune_AAAA.csv)",
    "code_qp": "la liste des quartiers prioritaires",
    "code_qpv": "la liste des quartiers prioritaires",
    "qp2024": "la correspondance entre les quartiers de 2024 et de 2015",
    "siren": "les intercommunalités et leurs communes",
    "libepci": "les intercommunalités",
    "nb_com": "la liste des intercommunalités, sans leurs communes",
}


def autre_chose(nom: str, octets: bytes) -> str:
    """Return what a file is when it can be none of ours, with the remedy; nothing otherwise."""
    debut = octets[: 2 * DEBUT].removeprefix(codecs.BOM_UTF8).lstrip()[:DEBUT]
    if debut.startswith(b"PK") and not nom.lower().endswith((".xlsx", ".xlsm")):
        if ODS in debut:
            return "c’est un classeur OpenDocument (.ods) : enregistrez-le au format XLSX ou CSV."
        return "c’est une archive ou un classeur : son nom doit finir par .zip ou .xlsx."
    return next((dit for signe, dit in DEBUTS.items() if debut.lower().startswith(signe.lower())), "")


def semblant(entetes: list[str]) -> str:
    """Return what a table whose header this is seems to be, as the beginning of a sentence."""
    if not entetes:
        return "ce fichier est vide ; "
    if entetes[0].startswith(("{", "[")):
        return "ce fichier est un GeoJSON, qui ne dit que des quartiers prioritaires ; "
    trouve = next((dit for colonne, dit in COLONNES.items() if colonne in entetes), "")
    return f"ce fichier semble être {trouve} ; " if trouve else ""
