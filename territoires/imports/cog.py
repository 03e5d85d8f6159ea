"""The official geographic code: communes of the year, and what happened to communes since 1943.

Contract
- Source: Insee, « Code officiel géographique », `v_commune_AAAA.csv` and `v_mvt_commune_AAAA.csv`, together, or the
  ZIP `cog_ensemble_AAAA_csv.zip` that holds them. Every year, in January or February. Licence Ouverte 2.0.
- Vintage: the year in the name of the file, or `--millesime`.
- Reads communes (`TYPECOM` = COM) and their département. Leaves out communes déléguées, communes associées and
  arrondissements municipaux: they share codes with communes. Overseas collectivities are in other files: untouched.
- A commune that is no more is closed on the day of its last movement, with its successor of today, however many steps
  away; one that was re-established is open. One that disappears without a movement is reported, and left open.
- Repeatable, never deletes.
"""

import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

from territoires.imports import lecture
from territoires.imports.lecture import Ligne, Piece
from territoires.imports.releve import FichierRefuse, Lu, Releve, Suite
from territoires.models import Territoire

FICHIERS = re.compile(r"(^|/)v_(mvt_)?commune_\d{4}\.csv$")
COMMUNES = {"typecom": (), "com": (), "dep": (), "libelle": ()}
MOUVEMENTS = {
    "mod": (),
    "date_eff": (),
    "typecom_av": (),
    "com_av": (),
    "libelle_av": (),
    "typecom_ap": (),
    "com_ap": (),
}
# The movements by which a code stops being that of a commune. (20 and 21 create and re-establish; the others change
# names, or communes déléguées and associées.)
MOTIFS = {
    "30": "suppression",
    "31": "fusion",
    "32": "commune nouvelle",
    "33": "fusion-association",
    "41": "changement de département",
    "50": "transfert de chef-lieu",
}


class Mouvement(NamedTuple):
    date: date
    motif: str
    avant: str
    nom: str
    apres: str


def lire(chemins: list[Path], millesime: int | None = None) -> Releve:
    """Read the two files into what they say; raise FichierRefuse with every wrong line."""
    pieces = lecture.pieces(chemins, FICHIERS)
    communes = [p for p in pieces if "mvt" not in p.nom]
    mouvements = [p for p in pieces if "mvt" in p.nom]
    if len(communes) != 1 or len(mouvements) != 1:
        noms = ", ".join(p.nom for p in pieces)
        raise FichierRefuse([f"Il faut v_commune_AAAA.csv et v_mvt_commune_AAAA.csv ; reçu : {noms}."])
    annee = millesime or lecture.millesime(communes[0])
    releve = Releve(f"Insee, code officiel géographique {annee}", Territoire.Nature.COMMUNE, annee)
    erreurs = _lire_communes(communes[0], releve)
    suivis, fautes = _lire_mouvements(mouvements[0])
    if erreurs + fautes:
        raise FichierRefuse(erreurs + fautes)
    _suivre(suivis, releve)
    return releve


def situer(releve: Releve) -> None:
    """Check that the départements of the file are known."""
    connus = set(Territoire.objects.filter(nature="departement").values_list("code", flat=True))
    inconnus = [
        f"{releve.reperes[cle]} : le département {code} de la commune {cle[1]} est inconnu."
        for cle, genres in releve.rattachements.items()
        for code in genres["departement"] - connus
    ]
    if inconnus:
        raise FichierRefuse(inconnus)


def _lire_communes(piece: Piece, releve: Releve) -> list[str]:
    erreurs = []
    for ligne in lecture.lignes(piece, COMMUNES):
        if ligne["typecom"] != "COM":
            continue
        code = lecture.code_commune(ligne["com"])
        cle = (Territoire.Nature.COMMUNE, code or "")
        if not code or not ligne["dep"] or not ligne["libelle"]:
            erreurs.append(f"{piece.nom}, {ligne.repere} : code, département ou nom illisible.")
        elif cle in releve.territoires:
            erreurs.append(f"{piece.nom}, {ligne.repere} : la commune {code} est là deux fois.")
        else:
            releve.territoires[cle] = Lu(cle, ligne["libelle"])
            releve.rattacher(cle, "departement", [ligne["dep"].zfill(2)], ligne.repere)
    return erreurs or ([] if releve.territoires else [f"{piece.nom} : aucune commune."])


def _lire_mouvements(piece: Piece) -> tuple[list[Mouvement], list[str]]:
    mouvements, erreurs = [], []
    for ligne in lecture.lignes(piece, MOUVEMENTS):
        communes = ligne["typecom_av"] == ligne["typecom_ap"] == "COM"
        if not communes or ligne["com_av"] == ligne["com_ap"] or ligne["mod"] not in MOTIFS:
            continue
        try:
            mouvements.append(_mouvement(ligne))
        except ValueError:
            erreurs.append(f"{piece.nom}, {ligne.repere} : code ou date illisible.")
    return mouvements, erreurs


def _mouvement(ligne: Ligne) -> Mouvement:
    avant, apres = lecture.code_commune(ligne["com_av"]), lecture.code_commune(ligne["com_ap"])
    if not avant or not apres:
        raise ValueError
    quand = date.fromisoformat(ligne["date_eff"])
    return Mouvement(quand, MOTIFS[ligne["mod"]], avant, ligne["libelle_av"], apres)


def _suivre(mouvements: list[Mouvement], releve: Releve) -> None:
    """Close every code that is no commune today, with its communes of today."""
    actuelles = {code for _, code in releve.territoires}
    derniers: dict[str, list[Mouvement]] = {}
    for mouvement in sorted(mouvements):
        connus = derniers.get(mouvement.avant, [])
        derniers[mouvement.avant] = [m for m in connus if m.date == mouvement.date] + [mouvement]
    for code, siens in derniers.items():
        if code in actuelles:
            continue
        cle = (Territoire.Nature.COMMUNE, code)
        fin, motif, _, nom, _ = siens[-1]
        releve.territoires[cle] = Lu(cle, nom, fin=fin)
        nouveaux = frozenset((Territoire.Nature.COMMUNE, c) for c in _devenirs(code, derniers, actuelles))
        releve.suites[cle] = Suite(fin, motif, nouveaux)


def _devenirs(code: str, derniers: dict[str, list[Mouvement]], actuelles: set[str]) -> set[str]:
    trouves: set[str] = set()
    vus: set[str] = set()
    a_suivre = [code]
    while a_suivre:
        suivi = a_suivre.pop()
        if suivi in actuelles:
            trouves.add(suivi)
        elif suivi not in vus:
            vus.add(suivi)
            a_suivre += [mouvement.apres for mouvement in derniers.get(suivi, [])]
    return trouves
