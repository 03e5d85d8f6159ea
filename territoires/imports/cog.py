"""The official geographic code: communes of the year, and what happened to communes since 1943.

Contract
- Source: Insee, « Code officiel géographique », `v_commune_AAAA.csv` and `v_mvt_commune_AAAA.csv`, together, or the
  ZIP `cog_ensemble_AAAA_csv.zip` that holds them. Every year, in January or February. Licence Ouverte 2.0.
- Vintage: the year in the names of the files, which agree, or `--millesime`; no movement is later than it.
- Reads communes (`TYPECOM` = COM) and their département. Overseas collectivities are in other files: untouched.
- Communes déléguées and associées (COMD, COMA) are no territory of ours, but those whose code is no commune's any more
  say what the former commune was called, whoever bore its code since (a movement alone renames none that has a
  name), and `COMPARENT` what became of it when no movement does. Arrondissements municipaux are left out.
- A commune that is no more is closed on the day of its last movement, with its successor of today, however many steps
  away; one that was re-established is open. One that disappears without a movement is reported, and left open.
- Where the file forgets a tenth of the communes of a département, it was cut: a movement of long ago closes nothing
  there (a commune that was re-established since has one), and absents cannot be closed.
- Repeatable, never deletes.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from territoires.imports import lecture
from territoires.imports.lecture import Ligne, Piece
from territoires.imports.rattachements import COMMUNE
from territoires.imports.releve import Cle, Fautes, FichierRefuse, Lu, Releve, Suite
from territoires.models import Territoire

FICHIERS = re.compile(r"(^|/)v_(mvt_)?commune_\d{4}\.csv$")
COMMUNES = {"typecom": (), "com": (), "dep": (), "libelle": ()}
PARENTE = {"comparent": ()}
DEDANS = ("COMD", "COMA")
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
    communes, mouvements = _les_deux(lecture.pieces(chemins, FICHIERS))
    releve = Releve(COMMUNE, lecture.millesime([communes, mouvements], millesime))
    fautes = Fautes()
    deleguees: dict[Cle, Lu] = {}
    suivis: list[Mouvement] = []
    with fautes.recueillies():
        _lire_communes(communes, releve, deleguees, fautes)
    fautes += _sans_parent(releve, deleguees)
    with fautes.recueillies():
        suivis = _lire_mouvements(mouvements, releve.millesime, fautes)
    fautes.refuser()
    _suivre(suivis, releve, deleguees)
    return releve


def situer(releve: Releve) -> None:
    """Check that the départements of the file are known."""
    connus = set(Territoire.objects.filter(nature="departement").values_list("code", flat=True))
    Fautes(
        f"{releve.reperes[cle]} : le département {code} de la commune {cle[1]} est inconnu."
        for cle, genres in releve.rattachements.items()
        for code in genres["departement"] - connus
    ).refuser()
    _garder_les_fins(releve)


def _les_deux(pieces: list[Piece]) -> tuple[Piece, Piece]:
    """Tell the communes from the movements, by the name of the file or by its columns."""
    mouvements = [p for p in pieces if "mvt" in p.nom.lower() or b"TYPECOM_AV" in p.octets[:1_000].upper()]
    communes = [p for p in pieces if p not in mouvements]
    if len(communes) != 1 or len(mouvements) != 1:
        noms = ", ".join(p.nom for p in pieces)
        raise FichierRefuse([f"Il faut v_commune_AAAA.csv et v_mvt_commune_AAAA.csv ; reçu : {noms}."])
    return communes[0], mouvements[0]


def _lire_communes(piece: Piece, releve: Releve, deleguees: dict[Cle, Lu], fautes: Fautes) -> None:
    for ligne in lecture.lignes(piece, COMMUNES, PARENTE):
        code = lecture.code_commune(ligne["com"])
        cle, repere = (COMMUNE, code or ""), f"{piece.nom}, {ligne.repere}"
        if ligne["typecom"] in DEDANS:
            deleguees[cle] = Lu(cle, ligne["libelle"], parent=lecture.code_commune(ligne["comparent"]))
            releve.reperes.setdefault(cle, repere)
            if not code or not ligne["libelle"]:
                fautes.append(f"{repere} : code ou nom illisible.")
        elif ligne["typecom"] == "COM":
            if not code or not ligne["dep"] or not ligne["libelle"]:
                fautes.append(f"{repere} : code, département ou nom illisible.")
            elif cle in releve.territoires:
                fautes.append(f"{repere} : la commune {code} est là deux fois.")
            else:
                releve.territoires[cle] = Lu(cle, ligne["libelle"])
                releve.rattacher(cle, "departement", [ligne["dep"].zfill(2)], repere)
    if not releve.territoires and not fautes:
        fautes.append(f"{piece.nom} : aucune commune.")


def _sans_parent(releve: Releve, deleguees: dict[Cle, Lu]) -> Iterator[str]:
    for cle, deleguee in deleguees.items():
        if (COMMUNE, deleguee.parent) not in releve.territoires:
            yield f"{releve.reperes[cle]} : sa commune, « {deleguee.parent or 'vide'} », n’est pas dans le fichier."


def _lire_mouvements(piece: Piece, annee: int, fautes: Fautes) -> list[Mouvement]:
    mouvements = []
    for ligne in lecture.lignes(piece, MOUVEMENTS):
        communes = ligne["typecom_av"] == ligne["typecom_ap"] == "COM"
        if not communes or ligne["com_av"] == ligne["com_ap"] or ligne["mod"] not in MOTIFS:
            continue
        try:
            mouvement = _mouvement(ligne)
        except ValueError:
            fautes.append(f"{piece.nom}, {ligne.repere} : code ou date illisible.")
            continue
        if mouvement.date.year > annee:
            quand = f"{mouvement.date:%d/%m/%Y}"
            fautes.append(
                f"{piece.nom}, {ligne.repere} : un mouvement du {quand} n’est pas dans le fichier de {annee}."
            )
        mouvements.append(mouvement)
    return mouvements


def _mouvement(ligne: Ligne) -> Mouvement:
    avant, apres = lecture.code_commune(ligne["com_av"]), lecture.code_commune(ligne["com_ap"])
    if not avant or not apres:
        raise ValueError
    return Mouvement(lecture.jour(ligne["date_eff"]), MOTIFS[ligne["mod"]], avant, ligne["libelle_av"], apres)


def _suivre(mouvements: list[Mouvement], releve: Releve, deleguees: dict[Cle, Lu]) -> None:
    """Close every code that is no commune today, with its communes of today, under the name it had when it was one."""
    actuelles = {code for _, code in releve.territoires}
    derniers: dict[str, list[Mouvement]] = {}
    for mouvement in sorted(mouvements):
        connus = derniers.get(mouvement.avant, [])
        derniers[mouvement.avant] = [m for m in connus if m.date == mouvement.date] + [mouvement]
    for code, siens in derniers.items():
        if code in actuelles:
            continue
        cle = (COMMUNE, code)
        fin, motif, _, nom, _ = siens[-1]
        propre = deleguees.get(cle)
        releve.territoires[cle] = Lu(cle, propre.nom if propre else nom, fin=fin, nom_propre=propre is not None)
        nouveaux = frozenset((COMMUNE, c) for c in _devenirs(code, derniers, actuelles))
        releve.suites[cle] = Suite(fin, motif, nouveaux)
    _suivre_les_parents(releve, deleguees)


def _suivre_les_parents(releve: Releve, deleguees: dict[Cle, Lu]) -> None:
    """Close the codes that no movement closes; the day is not known: at the latest, that of the file."""
    au_plus_tard = date(releve.millesime, 1, 1)
    for cle, deleguee in deleguees.items():
        if cle not in releve.territoires and deleguee.parent:
            releve.territoires[cle] = replace(deleguee, fin=au_plus_tard)
            releve.suites[cle] = Suite(au_plus_tard, "commune déléguée", frozenset({(COMMUNE, deleguee.parent)}))


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


def _garder_les_fins(releve: Releve) -> None:
    """Keep the day on which a commune ended when only its COMPARENT says what became of it."""
    sans_jour = {cle: lu for cle, lu in releve.territoires.items() if lu.parent}
    if not sans_jour:
        return
    fermees = Territoire.objects.filter(nature=COMMUNE, fin__isnull=False, code__in=[code for _, code in sans_jour])
    fins = {t.code: t.fin for t in fermees if t.fin}
    for cle, lu in sans_jour.items():
        if fin := fins.get(cle[1]):
            releve.territoires[cle], releve.suites[cle] = replace(lu, fin=fin), replace(releve.suites[cle], date=fin)
