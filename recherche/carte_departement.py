"""The map of one département, drawn by the server: its outline, its communes as points, and the fiches found in each.

The drawing is flat, longitudes shortened at the mean latitude of the département, at the scale that fills the frame.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians

from django.db.models import QuerySet

from dispositifs.age import COUVERT
from dispositifs.models import Absence
from fiches.models import Fiche
from recherche.carte import Point, chemin, contours
from recherche.comptes import Compte, attaches, compter
from territoires.models import Territoire

COTE, MARGE = 600, 24
NOMS = 12  # places named on the drawing, the table names them all
PAS, LETTRE, LIGNE = 10, 7.2, 15  # around a point, and of a written name, in pixels


@dataclass(kw_only=True)
class Lieu(Compte):
    """A territory, and what is attached to it (or, for a commune, to its quarters)."""

    territoire: Territoire
    x: int | None = None  # nothing when no source says where it is
    y: int | None = None
    nomme: bool = False

    @property
    def intitule(self) -> str:
        """Its name as it is told; the number one sees is in it (RGAA 6.1.5)."""
        nombre = str(self.total)
        return self.territoire.nom if nombre in self.en_mots else f"{self.territoire.nom} {nombre}"

    @property
    def rayon(self) -> int:
        return 8 + min(self.total, 5)

    @property
    def forme(self) -> str:
        """A shape for each sort of fiche, so that colour is not all."""
        if not self.actions:
            return "rond"
        return "losange" if not self.locaux else "carre"

    @property
    def creux(self) -> bool:
        """True when none of its schemes is surely in force, or none is said to be: the shape is drawn hollow."""
        return any(self.etats.values()) and not self.etats[COUVERT]


@dataclass(frozen=True)
class Plan:
    """The drawing of a département and what is found in it."""

    contour: str
    communes: str  # one path, a dot for each
    largeur: int
    hauteur: int
    lieux: list[Lieu]  # the communes where something is, the richest first
    etendus: list[Lieu]  # what covers more than a commune: the département, territoires de projet, intercommunalités


class Projection:
    def __init__(self, points: Iterable[Point]):
        longitudes, latitudes = zip(*points, strict=True)
        self.ouest, self.nord = min(longitudes), max(latitudes)
        self.raccourci = cos(radians((min(latitudes) + max(latitudes)) / 2))
        etendue = (max(longitudes) - self.ouest) * self.raccourci, self.nord - min(latitudes)
        self.echelle = (COTE - 2 * MARGE) / max(etendue)
        self.largeur, self.hauteur = (round(2 * MARGE + mesure * self.echelle) for mesure in etendue)

    def __call__(self, longitude: float, latitude: float) -> tuple[int, int]:
        x = MARGE + (longitude - self.ouest) * self.raccourci * self.echelle
        return round(x), round(MARGE + (self.nord - latitude) * self.echelle)


def dresser(departement: Territoire, fiches: QuerySet[Fiche], absences: QuerySet[Absence] | None = None) -> Plan:
    """Return the map of a département, with these fiches and absences. Four queries."""
    anneaux = contours()[departement.code]
    projeter = Projection(point for anneau in anneaux for point in anneau)
    communes = Territoire.objects.actifs().contenus_dans(departement).filter(nature=Territoire.Nature.COMMUNE)
    places = communes.filter(longitude__isnull=False).values_list("longitude", "latitude")
    lieux = _compter(departement, fiches, Absence.objects.none() if absences is None else absences)
    de_communes = [lieu for lieu in lieux if lieu.territoire.nature == Territoire.Nature.COMMUNE]
    for lieu in de_communes:
        if lieu.territoire.longitude is not None and lieu.territoire.latitude is not None:
            lieu.x, lieu.y = projeter(lieu.territoire.longitude, lieu.territoire.latitude)
    _nommer(de_communes, projeter.largeur)
    return Plan(
        contour="".join(chemin([projeter(*point) for point in anneau]) for anneau in anneaux),
        communes=_points(projeter(*place) for place in places.order_by("code")),
        largeur=projeter.largeur,
        hauteur=projeter.hauteur,
        lieux=de_communes,
        etendus=[lieu for lieu in lieux if lieu not in de_communes],
    )


def _compter(departement: Territoire, fiches: QuerySet[Fiche], absences: QuerySet[Absence]) -> list[Lieu]:
    """Return the communes of the département, and what is larger, that these fiches and absences are attached to."""
    nature, liens = Territoire.Nature, attaches(fiches)
    aux_communes = {
        "territoire__nature__in": [nature.COMMUNE, nature.QPV],
        "territoire__inclusions__contenant__nature": nature.COMMUNE,
        "territoire__inclusions__contenant__inclusions__contenant": departement,
    }
    au_dela = {
        "territoire__nature__in": [nature.EPCI, nature.PERIMETRE, nature.DEPARTEMENT],
        "territoire__inclusions__contenant": departement,
    }
    comptes: dict[int, Compte] = {}
    for dans, lieu in ((aux_communes, "territoire__inclusions__contenant"), (au_dela, "territoire")):
        comptes |= compter(liens.filter(**dans), lieu, absences.filter(**dans))
    territoires = Territoire.objects.in_bulk(comptes)
    lieux = [Lieu(**vars(compte), territoire=territoires[pk]) for pk, compte in comptes.items()]
    return sorted(lieux, key=lambda lieu: (-lieu.total, lieu.territoire.nom))


def _nommer(lieux: list[Lieu], largeur: int) -> None:
    """Name the richest places whose name hides neither another name nor another point."""
    occupes = [(lieu.x - PAS, lieu.y - PAS, lieu.x + PAS, lieu.y + PAS) for lieu in lieux if lieu.x and lieu.y]
    for lieu in lieux[:NOMS]:
        if not (lieu.x and lieu.y):
            continue
        demi = len(lieu.territoire.nom) * LETTRE / 2
        haut = lieu.y + lieu.rayon + 2
        nom = (round(lieu.x - demi), haut, round(lieu.x + demi), haut + LIGNE)
        lieu.nomme = nom[0] >= 0 and nom[2] <= largeur and not any(_se_touchent(nom, autre) for autre in occupes)
        if lieu.nomme:
            occupes.append(nom)


def _se_touchent(a: tuple[int, int, int, int], b: tuple[int, int, int, int]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _points(places: Iterable[tuple[int, int]]) -> str:
    """Return one path that draws a dot at each place, by relative moves (its line ends are round)."""
    suite = [(0, 0), *places]
    return "".join(f"m{x - a} {y - b}h0" for (a, b), (x, y) in pairwise(suite))
