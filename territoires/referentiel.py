"""Loading fixtures/referentiel/ (see its manifeste.yaml): all the territories of France, in one transaction.

Repeatable: rows are compared in the database, only differences are written. Never deletes a territory, and never
undoes what the import of a more recent official file wrote.
"""

import csv
import gzip
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import yaml
from django.db import connection, transaction

from territoires import compositions, hierarchie
from territoires.models import Indicateur, Millesime, Territoire

COLONNES = (
    "nature", "sous_nature", "code", "nom", "autres_noms", "codes_postaux", "population", "population_annee",
    "population_source", "longitude", "latitude", "fin", "millesime",
)  # fmt: skip
ANNEE_DES_QPV = 2024
COMPAREES = [c for c in COLONNES if c not in ("nature", "code")]


@dataclass
class Bilan:
    """What a load changed, and how many territories there are."""

    changements: dict[str, int] = field(default_factory=dict)
    comptes: dict[str, int] = field(default_factory=dict)

    @property
    def inchange(self) -> bool:
        return not any(self.changements.values())


@dataclass
class Referentiel:
    """The files of a folder, read as rows of territories and pairs of designations."""

    dossier: Path

    def __post_init__(self) -> None:
        self.manifeste = yaml.safe_load((self.dossier / "manifeste.yaml").read_text(encoding="utf-8"))
        self.millesime: int = self.manifeste["millesime"]

    def lignes(self, nom: str) -> Iterator[dict[str, str]]:
        octets = (self.dossier / nom).read_bytes()
        texte = gzip.decompress(octets) if nom.endswith(".gz") else octets
        yield from csv.DictReader(io.StringIO(texte.decode("utf-8")))

    def territoires(self) -> Iterator[tuple]:
        for r in self.lignes("regions.csv"):
            yield self._ligne("region", r["code"], r["nom"])
        for d in self.lignes("departements.csv"):
            yield self._ligne("departement", d["code"], d["nom"], sous_nature="" if d["region"] else "COM")
        for e in self.lignes("epci.csv"):
            yield self._ligne("epci", e["code"], e["nom"], e["sous_nature"], autres_noms=_liste(e["autres_noms"]))
        source = self.manifeste["population"]["source"]
        for c in self.lignes("communes.csv.gz"):
            yield self._ligne(
                "commune", c["code"], c["nom"], autres_noms=_liste(c["autres_noms"]),
                codes_postaux=_liste(c["codes_postaux"]),
                longitude=c["longitude"] or None, latitude=c["latitude"] or None,
                population=c["population"] or None, population_annee=c["population_annee"] or None,
                population_source=source if c["population"] else "",
            )  # fmt: skip
        # No day is known of some: the vintage is the latest it can be.
        for a in self.lignes("anciennes_communes.csv"):
            yield self._ligne(
                "commune", a["code"], a["nom"], autres_noms=_liste(a.get("autres_noms", "")),
                codes_postaux=_liste(a.get("codes_postaux", "")), fin=a.get("fin") or f"{self.millesime}-01-01",
            )  # fmt: skip
        for q in self.lignes("qpv.csv"):
            yield self._ligne("qpv", q["code"], q["nom"], autres_noms=_liste(q["autres_noms"]), millesime=ANNEE_DES_QPV)

    def _ligne(self, nature: str, code: str, nom: str, sous_nature: str = "", **champs) -> tuple:
        defauts = {
            "autres_noms": [],
            "codes_postaux": [],
            "population_source": "",
            "millesime": self.millesime,
            **champs,
        }
        valeurs = {"nature": nature, "code": code, "nom": nom, "sous_nature": sous_nature, **defauts}
        return tuple(valeurs.get(colonne) for colonne in COLONNES)

    def inclusions(self) -> Iterator[tuple[str, str, str, str]]:
        """Yield the facts: nature and code of what lies in, nature and code of what it lies in."""
        for d in self.lignes("departements.csv"):
            if d["region"]:
                yield "departement", d["code"], "region", d["region"]
        for c in self.lignes("communes.csv.gz"):
            yield "commune", c["code"], "departement", c["departement"]
            for groupe in filter(None, (c["epci"], c["ept"])):
                yield "commune", c["code"], "epci", groupe
        for q in self.lignes("qpv.csv"):
            for commune in _liste(q["communes"]):
                yield "qpv", q["code"], "commune", commune
            for epci in _liste(q["epci"]):
                yield "qpv", q["code"], "epci", epci

    def successions(self) -> Iterator[tuple[str, str, str]]:
        for a in self.lignes("anciennes_communes.csv"):
            yield a["code"], a["successeur"], a["motif"]


def _liste(texte: str) -> list[str]:
    return [mot for mot in texte.split(";") if mot]


@transaction.atomic
def charger(dossier: Path, avancer: Callable[[str], None] = lambda etape: None) -> Bilan:
    """Load a reference folder; call `avancer` with the name of each step; return what changed.

    Raise FichierRefuse when what it says of named perimeters is wrong.
    """
    referentiel = Referentiel(dossier)
    bilan = Bilan()
    bilan.changements["territoires"] = _charger_territoires(referentiel.territoires())
    avancer("territoires")
    bilan.changements["inclusions"] = _charger_inclusions(referentiel)
    bilan.changements["territoires de projet"] = compositions.charger(
        dossier / "perimetres.yaml", referentiel.millesime
    )
    avancer("inclusions officielles")
    bilan.changements["inclusions dérivées"] = hierarchie.deriver(referentiel.millesime)
    avancer("inclusions dérivées")
    bilan.changements["successions"] = _charger_successions(referentiel.successions())
    bilan.changements["populations"] = _additionner_populations()
    avancer("successions et populations")
    bilan.changements["indicateurs"] = _charger_indicateurs(dossier / "indicateurs.yaml")
    avancer("indicateurs")
    bilan.changements["millésimes"] = _retenir_les_millesimes(referentiel.millesime)
    with connection.cursor() as curseur:
        curseur.execute("SELECT nature, count(*) FROM territoires_territoire WHERE fin IS NULL GROUP BY 1 ORDER BY 2")
        bilan.comptes = dict(curseur.fetchall())
    return bilan


def _retenir_les_millesimes(annee: int) -> int:
    """Say which vintages are in force; a more recent one, imported since, stands."""
    siens = {"commune": annee, "epci": annee, "qpv": ANNEE_DES_QPV}
    connus = Millesime.objects.en_vigueur()
    return Millesime.objects.retenir({nature: max(a, connus.get(nature, a)) for nature, a in siens.items()})


def _copier(curseur, table: str, colonnes: Iterable[str], lignes: Iterable[tuple]) -> None:
    curseur.execute(f"DROP TABLE IF EXISTS {table}")
    definitions = ", ".join(colonnes)
    curseur.execute(f"CREATE TEMP TABLE {table} ({definitions}) ON COMMIT DROP")
    noms = ", ".join(colonne.split()[0] for colonne in colonnes)
    with curseur.copy(f"COPY {table} ({noms}) FROM STDIN") as copie:
        for ligne in lignes:
            copie.write_row(ligne)
    curseur.execute(f"ANALYZE {table}")


def _charger_territoires(lignes: Iterable[tuple]) -> int:
    types = {"autres_noms": "text[]", "codes_postaux": "text[]", "population": "int", "population_annee": "smallint",
             "longitude": "float8", "latitude": "float8", "fin": "date", "millesime": "smallint"}  # fmt: skip
    noms = ", ".join(COLONNES)
    # Only communes come with a population: that of the others is a sum, made after.
    lues = {c: f"excluded.{c}" for c in COMPAREES} | {
        "population": "coalesce(excluded.population, t.population)",
        "population_annee": "coalesce(excluded.population_annee, t.population_annee)",
        "population_source": "coalesce(nullif(excluded.population_source, ''), t.population_source)",
    }
    affectations = ", ".join(f"{c} = {lue}" for c, lue in lues.items())
    anciennes, nouvelles = ", ".join(f"t.{c}" for c in lues), ", ".join(lues.values())
    with connection.cursor() as curseur:
        _copier(curseur, "lus", [f"{c} {types.get(c, 'text')}" for c in COLONNES], lignes)
        curseur.execute(
            f"INSERT INTO territoires_territoire AS t ({noms}, departements) SELECT {noms}, '{{}}' FROM lus "  # noqa: S608
            f"ON CONFLICT (nature, code) DO UPDATE SET {affectations} "
            # Of what is closed, the movements of the official code know better than a row without name or day.
            f"WHERE t.millesime <= excluded.millesime AND (t.fin IS NULL OR excluded.fin IS NULL "
            f"OR excluded.fin <= t.fin AND excluded.nom <> 'Ancienne commune ' || excluded.code) "
            f"AND ({anciennes}) IS DISTINCT FROM ({nouvelles})"
        )
        changes = curseur.rowcount
        # The planner must know what this transaction wrote, or what follows takes minutes.
        curseur.execute("ANALYZE territoires_territoire")
        return changes


def _charger_inclusions(referentiel: Referentiel) -> int:
    with connection.cursor() as curseur:
        _copier(curseur, "faits", ["de text", "c1 text", "vers text", "c2 text"], referentiel.inclusions())
        curseur.execute("DROP TABLE IF EXISTS faits_lus")
        curseur.execute(
            """
            CREATE TEMP TABLE faits_lus ON COMMIT DROP AS
            SELECT a.id AS contenu_id, b.id AS contenant_id FROM faits f
            JOIN territoires_territoire a ON (a.nature, a.code) = (f.de, f.c1)
            JOIN territoires_territoire b ON (b.nature, b.code) = (f.vers, f.c2)
            WHERE a.fin IS NULL AND NOT EXISTS (  -- more recent facts stand
              SELECT 1 FROM territoires_inclusion i JOIN territoires_territoire v ON v.id = i.contenant_id
              WHERE i.contenu_id = a.id AND i.directe AND i.millesime > %s AND v.nature = b.nature
            )
            """,
            [referentiel.millesime],
        )
        curseur.execute(
            "DELETE FROM territoires_inclusion i WHERE directe AND millesime <= %s AND NOT EXISTS ("
            "SELECT 1 FROM faits_lus f WHERE (f.contenu_id, f.contenant_id) = (i.contenu_id, i.contenant_id))",
            [referentiel.millesime],
        )
        changees = curseur.rowcount
        curseur.execute(
            "INSERT INTO territoires_inclusion AS i (contenu_id, contenant_id, partielle, directe, millesime) "
            "SELECT contenu_id, contenant_id, false, true, %s FROM faits_lus "
            "ON CONFLICT (contenu_id, contenant_id) DO UPDATE SET directe = true, millesime = excluded.millesime "
            "WHERE NOT i.directe OR i.millesime <> excluded.millesime",
            [referentiel.millesime],
        )
        return changees + curseur.rowcount


def _charger_successions(lignes: Iterable[tuple]) -> int:
    with connection.cursor() as curseur:
        _copier(curseur, "suites", ["ancien text", "nouveau text", "motif text"], lignes)
        curseur.execute(
            """
            INSERT INTO territoires_succession AS s (ancien_id, nouveau_id, motif)
            SELECT a.id, b.id, f.motif FROM suites f
            JOIN territoires_territoire a ON a.nature = 'commune' AND a.code = f.ancien
            JOIN territoires_territoire b ON b.nature = 'commune' AND b.code = f.nouveau
            ON CONFLICT (ancien_id, nouveau_id) DO UPDATE SET motif = excluded.motif WHERE s.motif <> excluded.motif
            """
        )
        return curseur.rowcount


def _additionner_populations() -> int:
    """Give each région, département, named perimeter and EPCI the sum of its communes: same year, same source."""
    with connection.cursor() as curseur:
        curseur.execute(
            """
            UPDATE territoires_territoire t
            SET population = s.population, population_annee = s.annee, population_source = s.source
            FROM (
              SELECT i.contenant_id, sum(c.population)::int AS population, max(c.population_annee) AS annee,
                     max(c.population_source) AS source
              FROM territoires_inclusion i
              JOIN territoires_territoire c ON c.id = i.contenu_id AND c.nature = 'commune' AND c.fin IS NULL
              WHERE c.population IS NOT NULL GROUP BY 1
            ) s
            WHERE s.contenant_id = t.id AND t.nature NOT IN ('commune', 'qpv')
              AND (t.population, t.population_annee, t.population_source)
                  IS DISTINCT FROM (s.population, s.annee, s.source)
            """
        )
        return curseur.rowcount


def _charger_indicateurs(fichier: Path) -> int:
    entrees = yaml.safe_load(fichier.read_text(encoding="utf-8")) if fichier.exists() else []
    territoires = {t.designation: t for t in Territoire.objects.designes_par({e["territoire"] for e in entrees})}
    changes = 0
    for entree in entrees:
        valeurs = {cle: valeur for cle, valeur in entree.items() if cle not in ("territoire", "libelle", "annee")}
        valeurs["valeur"] = Decimal(str(valeurs["valeur"]))
        cles = {"territoire": territoires[entree["territoire"]], "libelle": entree["libelle"], "annee": entree["annee"]}
        connu = Indicateur.objects.filter(**cles).first()
        if connu is None or any(getattr(connu, champ) != valeur for champ, valeur in valeurs.items()):
            Indicateur.objects.update_or_create(**cles, defaults=valeurs)
            changes += 1
    return changes
