"""The map of France, drawn by the server: the outline of each département, and the fiches found there.

Outlines are in degrees (fixtures/referentiel/contours.json). The Hexagon is projected flat, longitudes shortened at its
mean latitude; each overseas département has its own frame below, at its own scale.
"""

import json
from dataclasses import dataclass
from functools import cache
from math import cos, radians

from django.conf import settings
from django.db.models import QuerySet

from dispositifs.age import A_VERIFIER, ABSENT, COUVERT, FINI
from dispositifs.models import Absence
from fiches.models import Fiche
from recherche.comptes import Compte, attaches, compter
from territoires.models import Territoire

CONTOURS = settings.BASE_DIR / "fixtures" / "referentiel" / "contours.json"
LARGEUR, HAUTEUR = 600, 716
OUEST, NORD = -5.25, 51.15
ECHELLE = 58.0  # pixels for a degree of latitude
RACCOURCI = cos(radians(46.5))
CADRES = {"971": 0, "972": 120, "973": 240, "974": 360, "976": 480}  # left of each overseas frame
HAUT_DES_CADRES, COTE = 600, 108
SEUILS = (1, 4, 10)  # least number for each of the three shades
SIGNES = {FINI: "–", ABSENT: "×"}
Point = tuple[float, float]


@dataclass(frozen=True)
class Trace:
    """The drawing of a département: its outline, and where its number is written."""

    chemin: str
    x: int
    y: int


@dataclass(kw_only=True)
class Zone(Compte):
    territoire: Territoire
    trace: Trace
    dessine: int = 0  # the number that is written, and darkens: schemes in force, or actions where only these are asked

    @property
    def ecrit(self) -> str:
        """What is written on it: « 12 », « 3 ? » when all is to be checked, a sign when all is over, or said absent."""
        if self.dessine:
            return str(self.dessine)
        return f"{self.etats[A_VERIFIER]}\u00a0?" if self.etat == A_VERIFIER else SIGNES.get(self.etat, "")

    @property
    def cadre(self) -> int | None:
        """Left of its frame, overseas."""
        return CADRES.get(self.territoire.code)

    @property
    def teinte(self) -> int:
        return sum(self.dessine >= seuil for seuil in SEUILS)


def zones(fiches: QuerySet[Fiche], absences: QuerySet[Absence] | None = None) -> list[Zone]:
    """Return the départements with these fiches and absences, of their own or of what they contain. Two queries."""
    lieu = "territoire__inclusions__contenant"
    dans = {f"{lieu}__nature": Territoire.Nature.DEPARTEMENT}
    dites = (Absence.objects.none() if absences is None else absences).filter(**dans)
    comptes = compter(attaches(fiches).filter(**dans), lieu, dites)
    que_des_actions = not any(compte.locaux for compte in comptes.values())
    departements = Territoire.objects.actifs().filter(nature=Territoire.Nature.DEPARTEMENT, code__in=traces())
    dessinees = []
    for departement in departements.order_by("code"):
        compte = comptes.get(departement.pk, Compte())
        dessine = compte.actions if que_des_actions else compte.etats[COUVERT]
        trace = traces()[departement.code]
        dessinees.append(Zone(**vars(compte), territoire=departement, trace=trace, dessine=dessine))
    return dessinees


@cache
def contours() -> dict[str, list[list[Point]]]:
    """Return the outline of each département, by code: rings of longitudes and latitudes."""
    return json.loads(CONTOURS.read_text(encoding="utf-8"))["departements"]


@cache
def traces() -> dict[str, Trace]:
    """Return the drawing of each département, by code."""
    return {code: _tracer(code, anneaux) for code, anneaux in contours().items()}


def _tracer(code: str, anneaux: list[list[Point]]) -> Trace:
    projetes = [[_projeter(code, anneaux, point) for point in anneau] for anneau in anneaux]
    x, y = _centre(projetes[0])
    return Trace("".join(chemin(anneau) for anneau in projetes), round(x), round(y))


def _projeter(code: str, anneaux: list[list[Point]], point: Point) -> Point:
    longitude, latitude = point
    if code not in CADRES:
        return (longitude - OUEST) * RACCOURCI * ECHELLE, (NORD - latitude) * ECHELLE
    points = [p for anneau in anneaux for p in anneau]
    ouest, est = min(p[0] for p in points), max(p[0] for p in points)
    sud, nord = min(p[1] for p in points), max(p[1] for p in points)
    echelle = (COTE - 16) / max(est - ouest, nord - sud)
    return CADRES[code] + 8 + (longitude - ouest) * echelle, HAUT_DES_CADRES + 8 + (nord - latitude) * echelle


def chemin(anneau: list[Point]) -> str:
    """Return a closed path in whole pixels, by relative moves: half the bytes, and no eye sees the difference."""
    entiers = [(round(x), round(y)) for x, y in anneau]
    (x0, y0), *suite = entiers
    pas, (x, y) = [], (x0, y0)
    for a, b in suite:
        if (a, b) != (x, y):
            pas.append(f"{a - x} {b - y}")
            x, y = a, b
    return f"M{x0} {y0}l{' '.join(pas or ['0 0'])}z".replace(" -", "-")


def _centre(anneau: list[Point]) -> Point:
    """Return the centre of gravity of a ring (its corners' mean when it has no area)."""
    aire = cx = cy = 0.0
    for (x1, y1), (x2, y2) in zip(anneau, anneau[1:] + anneau[:1], strict=True):
        croix = x1 * y2 - x2 * y1
        aire, cx, cy = aire + croix, cx + (x1 + x2) * croix, cy + (y1 + y2) * croix
    if not aire:
        return sum(p[0] for p in anneau) / len(anneau), sum(p[1] for p in anneau) / len(anneau)
    return cx / (3 * aire), cy / (3 * aire)
