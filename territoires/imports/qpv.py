"""Quartiers prioritaires de la politique de la ville (QPV), géographie 2024.

Contract
- Source: ANCT on data.gouv.fr, « Quartiers prioritaires de la politique de la ville (QPV) »: the list
  `listeqp2024-cog2024.csv`, or the outlines `qpv-2024-geojson.zip` (in it, the file ending with `WGS84.geojson`), or
  that GeoJSON alone. Published again now and then, no calendar. Licence Ouverte 2.0.
- Vintage: the first year in the name of the file, or `--millesime`.
- Met: codes of communes protected from Excel, without their leading zero, several separated by « ; » or « , »; commas
  of names turned into « ; »; « œ » turned into a control character; columns in capitals; communes merged since
  (93059 is 93066 now); a wrong commune in the GeoJSON (QN97654C).
- The outlines give a point inside each quartier; they are not kept. The list gives none: points stay as they are.
- Refused, object by object: a commune of another département than the code of the quartier; an outline far from its
  communes, or whose latitude and longitude are exchanged.
- The EPCI of a quartier are those of its communes today, not those of the file, which are of its vintage.
- A quartier that is not in the file any more is reported, and left open unless asked.
- The géographie of 2015 (`QP…`) is refused: its codes name other outlines.
- Repeatable, never deletes.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from territoires.imports import geojson, lecture
from territoires.imports.geometrie import Point, distance, point_interieur
from territoires.imports.lecture import Piece
from territoires.imports.rattachements import (
    COMMUNE,
    QPV,
    communes_d_aujourd_hui,
    communes_inconnues,
    epci_des_communes,
    points_des_communes,
)
from territoires.imports.releve import Fautes, FichierRefuse, Lu, Releve

FICHIERS = re.compile(r"(WGS84\.geojson|\.csv)$", re.IGNORECASE)
COLONNES = {
    "code": ("code_qp", "code_qpv"),
    "nom": ("lib_qp", "nom_qp", "lib_qpv", "nom_qpv"),
    "communes": ("insee_com", "code_insee"),
}
CODE = re.compile(r"QN(\d{3}|02[AB])\d\d[A-Z]")
CODE_DE_2015 = re.compile(r"QP\w{6}")
SEPARATEURS = re.compile(r"[;,\s]+")
NOM_AU_PLUS = 200  # characters, as in the database
ECART_AU_PLUS = 60  # km, between a quartier and the town hall of one of its communes; Guyane has the widest
EN_DEGRES = ("CRS84", "4326")
# Bouéni: the GeoJSON says Bandrele, the list is right.
COMMUNES_CORRIGEES = {("QN97654C", "97602"): "97604"}


def lire(chemins: list[Path], millesime: int | None = None) -> Releve:
    """Read the file into what it says; raise FichierRefuse with every wrong line."""
    pieces = lecture.pieces(chemins, FICHIERS)
    if len(pieces) != 1:
        raise FichierRefuse([f"Un seul fichier attendu, {len(pieces)} reçus."])
    piece = pieces[0]
    releve = Releve(QPV, lecture.millesime(pieces, millesime))
    fautes = Fautes()
    with fautes.recueillies():
        for objet in _objets(piece, fautes) if piece.nom.lower().endswith("json") else _lignes(piece):
            if faute := _noter(releve, **objet):
                fautes.append(f"{piece.nom}, {objet['repere']} : {faute}")
        if not fautes and not releve.territoires:
            fautes.append(f"{piece.nom} : aucun quartier.")
    fautes.refuser()
    return releve


def situer(releve: Releve) -> None:
    """Bring the communes of the file to those of today, and give each quartier the EPCI of its communes."""
    citees = {code: releve.reperes[cle] for cle, genres in releve.rattachements.items() for code in genres["commune"]}
    actuelles = communes_d_aujourd_hui(citees)
    fautes = communes_inconnues(citees, actuelles)
    epci, points = epci_des_communes(), points_des_communes()
    for cle, genres in releve.rattachements.items():
        communes = {actuelles[code] for code in genres["commune"] if code in actuelles}
        fautes += [
            f"{releve.reperes[cle]} : {faute}" for faute in _mal_place(releve.territoires[cle], communes, points)
        ]
        genres["commune"] = communes
        genres["epci"] = {siren for commune in communes for siren in epci.get(commune, ())}
    fautes.refuser()


def _mal_place(quartier: Lu, communes: set[str], points: dict[str, Point]) -> Iterator[str]:
    """Say what tells that this is not where the quartier lies: its département, or its outline."""
    code = quartier.cle[1]
    departement = code[2:5].removeprefix("0")
    ailleurs = sorted(commune for commune in communes if not commune.startswith(departement))
    if ailleurs:
        yield f"le quartier {code} est du département {departement}, et non sa commune {', '.join(ailleurs)}."
        return
    siens = [points[commune] for commune in communes if commune in points]
    if not quartier.point or not siens:
        return
    ecart = min(distance(quartier.point, point) for point in siens)
    if ecart <= ECART_AU_PLUS:
        return
    longitude, latitude = quartier.point
    if abs(longitude) <= 90 and min(distance((latitude, longitude), point) for point in siens) <= ECART_AU_PLUS:
        yield f"le contour de {code} a sa latitude et sa longitude échangées."
    else:
        yield f"le contour de {code} est à {ecart:.0f} km de {', '.join(sorted(communes))}."


def _noter(releve: Releve, repere: str, code: str, nom: str, communes: str, point: Point | None = None) -> str:
    """Add a quartier to the releve; return what is wrong with it, if anything."""
    code = code.upper()
    if CODE_DE_2015.fullmatch(code):
        return f"{code} est un quartier de la géographie de 2015, que cet import ne reprend pas."
    if not CODE.fullmatch(code) or not nom or len(nom) > NOM_AU_PLUS:
        return f"code (« {code[:20]} ») ou nom illisible."
    if (QPV, code) in releve.territoires:
        return f"le quartier {code} est là deux fois."
    releve.territoires[QPV, code] = Lu((QPV, code), re.sub(r"\s*;", ",", nom), point=point)
    bruts = [brut for brut in SEPARATEURS.split(communes) if brut]
    codes = [commune for brut in bruts if (commune := lecture.code_commune(brut))]
    if not codes or len(codes) < len(bruts):
        return f"communes illisibles, « {communes[:50]} »."
    justes = [COMMUNES_CORRIGEES.get((code, commune), commune) for commune in codes]
    releve.rattacher((QPV, code), COMMUNE, justes, repere)
    return ""


def _lignes(piece: Piece) -> Iterator[dict]:
    for ligne in lecture.lignes(piece, COLONNES):
        yield {"repere": ligne.repere, **ligne.valeurs}


def _objets(piece: Piece, fautes: Fautes) -> Iterator[dict]:
    """Yield the objects that can be read, and add what is wrong with the others."""
    texte = lecture.flux_de(piece).read()
    try:
        autour, objets = geojson.lire(texte)
        projection = str(_sous_objet(_sous_objet(autour, "crs"), "properties").get("name", "CRS84"))
    except (ValueError, TypeError) as erreur:
        raise FichierRefuse([f"{piece.nom} : ce n’est pas un GeoJSON complet."]) from erreur
    if not projection.endswith(EN_DEGRES):
        raise FichierRefuse([f"{piece.nom} : coordonnées en {projection[:100]}, prenez le fichier WGS84."])
    for rang, place in enumerate(objets, 1):
        repere = f"objet {rang}"
        try:
            objet = geojson.lire_objet(texte[place])
            lues = _proprietes(_sous_objet(objet, "properties"))
            point = _point(_sous_objet(objet, "geometry"))
        except (ValueError, TypeError, LookupError, ArithmeticError):
            fautes.append(f"{piece.nom}, {repere} : contour illisible, ou propriétés.")
            continue
        if point and not (abs(point[0]) <= 180 and abs(point[1]) <= 90):
            fautes.append(f"{piece.nom}, {repere} : coordonnées qui ne sont pas des degrés.")
        else:
            yield {"repere": repere, **lues, "point": point}


def _sous_objet(objet: dict[str, Any], cle: str) -> dict[str, Any]:
    """Return an object of this one, empty when it has none; raise TypeError when it is something else."""
    sous_objet = objet.get(cle) or {}
    if not isinstance(sous_objet, dict):
        raise TypeError
    return sous_objet


def _proprietes(proprietes: dict[str, Any]) -> dict[str, str]:
    lues = {cle.lower(): lecture.texte(str(valeur or "")) for cle, valeur in proprietes.items()}
    "".join(lues.values()).encode()  # JSON may write half a character (« \\ud800 »), which no base keeps
    noms = {nom: (nom, *synonymes) for nom, synonymes in COLONNES.items()}
    return {nom: next((lues[s] for s in synonymes if s in lues), "") for nom, synonymes in noms.items()}


def _point(geometrie: dict[str, Any]) -> Point | None:
    coordonnees = geometrie.get("coordinates") or []
    return point_interieur([coordonnees] if geometrie.get("type") == "Polygon" else coordonnees)
