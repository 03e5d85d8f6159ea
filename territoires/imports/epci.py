"""Intercommunalités (EPCI à fiscalité propre): who they are, and which communes they are made of.

Contract
- Source: DGCL (BANATIC) `epcicomAAAA.xlsx`, one row a commune, or the Insee's composition `epci_au_01-01-AAAA.zip`;
  XLSX, CSV or a ZIP of one. Every January. Licence Ouverte 2.0.
- Vintage: the year in the name of the file, or `--millesime`.
- SIREN written as numbers or in groups of three, leading zeros lost, years in the names of columns and titles above
  the header are all met.
- The EPT of the Métropole du Grand Paris, which some producers write in its place, are told apart: their communes stay
  in the metropolis too.
- An EPCI that is no more is closed on 1 January, with those its communes went to. One that disappears while the file
  does not say where its communes went is reported, and left open.
- A quartier prioritaire follows its communes: the EPCI of the QPV files are often older than these.
- Repeatable, never deletes.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from territoires.imports import lecture
from territoires.imports.lecture import Ligne
from territoires.imports.rattachements import (
    COMMUNE,
    EPCI,
    EPT,
    QPV,
    communes_d_aujourd_hui,
    communes_des_qpv,
    communes_inconnues,
    epci_des_communes,
    sirens_des_ept,
)
from territoires.imports.releve import Fautes, FichierRefuse, Lu, Releve, Suite

FICHIERS = re.compile(r"\.(xlsx|csv)$", re.IGNORECASE)
REQUISES = {
    "siren": ("epci", "siren_epci", "code_epci"),
    "nom": ("raison_sociale", "libepci", "nom_epci", "libelle_epci"),
    "insee": ("codgeo", "code_insee", "insee_com", "codecommune"),
}
FACULTATIVES = {"nature": ("nature_juridique", "nature_epci")}
NATURES = {
    "CC": "CC",
    "CA": "CA",
    "CU": "CU",
    "METRO": "METRO",
    "ME": "METRO",
    "MET69": "MET69",
    "METLYON": "MET69",
    "EPT": EPT,
}
SANS_EPCI = "ZZZZZZZZZ"
ARRONDI = re.compile(r"\d([.,]\d+)?E\+?\d+", re.IGNORECASE)


def lire(chemins: list[Path], millesime: int | None = None) -> Releve:
    """Read the file into what it says; raise FichierRefuse with every wrong line."""
    pieces = lecture.pieces(chemins, FICHIERS)
    if len(pieces) != 1:
        raise FichierRefuse([f"Un seul fichier attendu, {len(pieces)} reçus."])
    piece = pieces[0]
    releve = Releve(EPCI, lecture.millesime(pieces, millesime))
    fautes = Fautes()
    with fautes.recueillies():
        for ligne in lecture.lignes(piece, REQUISES, FACULTATIVES):
            if faute := _noter(ligne, releve):
                fautes.append(f"{piece.nom}, {ligne.repere} : {faute}")
        if not fautes and not releve.territoires:
            fautes.append(f"{piece.nom} : aucune intercommunalité.")
    fautes.refuser()
    return releve


def situer(releve: Releve) -> None:
    """Bring the communes of the file to those of today, tell EPT apart, find what became of EPCI that are no more."""
    citees = {code: releve.reperes[COMMUNE, code] for _, code in releve.rattachements}
    actuelles = communes_d_aujourd_hui(citees)
    fautes = communes_inconnues(citees, actuelles)
    ept = sirens_des_ept()
    for siren in ept & {code for _, code in releve.territoires}:
        releve.territoires[EPCI, siren] = replace(releve.territoires[EPCI, siren], sous_nature=EPT)
    compositions, releve.rattachements = releve.rattachements, {}
    for (_, code), genres in compositions.items():
        if code not in actuelles:
            continue
        cle, repere = (COMMUNE, actuelles[code]), releve.reperes[COMMUNE, code]
        for genre, sirens in genres.items():
            if sirens & ept:
                releve.rattacher(cle, "ept", sirens & ept, repere)
            if sirens - ept or not sirens:
                releve.rattacher(cle, genre, sirens - ept, repere)
    fautes += _dans_deux_epci(releve)
    fautes.refuser()
    nouveaux = {code: genres["epci"] for (_, code), genres in releve.rattachements.items() if "epci" in genres}
    anciens = epci_des_communes()
    _trouver_les_suites(releve, anciens, nouveaux)
    _faire_suivre_les_qpv(releve, anciens | nouveaux, nouveaux.keys())


def _noter(ligne: Ligne, releve: Releve) -> str:
    """Add a row to the releve; return what is wrong with it, if anything."""
    siren, nature = ligne["siren"].replace(" ", ""), ligne["nature"].upper()
    insee = lecture.code_commune(ligne["insee"])
    if not insee:
        return f"code de commune illisible, « {ligne['insee'][:20]} »."
    cle = (COMMUNE, insee)
    if siren == SANS_EPCI:
        releve.rattacher(cle, "epci", [], ligne.repere)
        return ""
    if ARRONDI.fullmatch(siren):
        return f"« {siren[:20]} » est un numéro arrondi par un tableur : mettez cette colonne au format Texte."
    if not est_un_siren(siren):
        return f"« {siren[:20]} » n’est pas un numéro SIREN."
    if (nature and nature not in NATURES) or not ligne["nom"]:
        return f"nature (« {ligne['nature'][:20]} ») ou nom inattendu."
    genre = "ept" if nature == EPT else "epci"
    releve.rattacher(cle, genre, [siren], ligne.repere)
    if len(releve.rattachements[cle][genre]) > 1:
        return f"la commune {insee} est dans deux intercommunalités."
    nom = ligne["nom"].replace("oeu", "œu")  # the files of the DGCL know no ligature
    releve.territoires.setdefault((EPCI, siren), Lu((EPCI, siren), nom, NATURES.get(nature)))
    return ""


def est_un_siren(texte: str) -> bool:
    """Nine digits, the last one a checksum (Luhn)."""
    if not re.fullmatch(r"\d{9}", texte):
        return False
    doubles = (int(chiffre) * (1 + place % 2) for place, chiffre in enumerate(reversed(texte)))
    return sum(sum(divmod(nombre, 10)) for nombre in doubles) % 10 == 0


def _dans_deux_epci(releve: Releve) -> Iterable[str]:
    return (
        f"{releve.reperes[cle]} : la commune {cle[1]}, telle qu’elle est aujourd’hui, serait dans "
        f"{' et '.join(sorted(genres['epci']))}."
        for cle, genres in releve.rattachements.items()
        if len(genres.get("epci", ())) > 1
    )


def _trouver_les_suites(releve: Releve, anciens: dict[str, set[str]], nouveaux: dict[str, set[str]]) -> None:
    membres: dict[str, set[str]] = defaultdict(set)
    for commune, sirens in anciens.items():
        for siren in sirens:
            membres[siren].add(commune)
    for siren, communes in membres.items():
        if (EPCI, siren) not in releve.territoires and communes <= nouveaux.keys():
            devenus = frozenset((EPCI, s) for commune in communes for s in nouveaux[commune])
            motif = "fusion" if len(devenus) == 1 else "partage" if devenus else "dissolution"
            releve.suites[EPCI, siren] = Suite(date(releve.millesime, 1, 1), motif, devenus)


def _faire_suivre_les_qpv(releve: Releve, epci: dict[str, set[str]], dans_le_fichier: Iterable[str]) -> None:
    for qpv, communes in communes_des_qpv().items():
        if communes & set(dans_le_fichier):
            releve.rattacher((QPV, qpv), "epci", {siren for commune in communes for siren in epci.get(commune, ())})
