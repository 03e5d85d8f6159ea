"""A point inside an outline, and how far it is, without any geographic library."""

from math import asin, cos, radians, sin, sqrt

Point = tuple[float, float]  # longitude and latitude, in degrees
Anneau = list[Point]
RAYON = 6_371  # of the Earth, km


def distance(a: Point, b: Point) -> float:
    """Return the great-circle distance, in km."""
    (xa, ya), (xb, yb) = (map(radians, point) for point in (a, b))
    corde = sin((yb - ya) / 2) ** 2 + cos(ya) * cos(yb) * sin((xb - xa) / 2) ** 2
    return 2 * RAYON * asin(sqrt(min(corde, 1)))


def point_interieur(polygones: list[list[Anneau]]) -> Point | None:
    """Return a point inside the largest polygon: its centroid, or the middle of its widest chord at that latitude."""
    anneaux = max(polygones, key=lambda polygone: abs(_aire(polygone[0])) if polygone else 0, default=[])
    if not anneaux or not _aire(anneaux[0]):
        return None
    x, y = _centre(anneaux[0])
    bornes = sorted(_coupes(anneaux, y))
    cordes = list(zip(bornes[::2], bornes[1::2], strict=False))
    if cordes and not any(debut <= x <= fin for debut, fin in cordes):
        debut, fin = max(cordes, key=lambda corde: corde[1] - corde[0])
        x = (debut + fin) / 2
    return round(x, 5), round(y, 5)


def _cotes(anneau: Anneau) -> list[tuple[float, float, float, float]]:
    return [(*a[:2], *b[:2]) for a, b in zip(anneau, anneau[1:] + anneau[:1], strict=True)]


def _aire(anneau: Anneau) -> float:
    x0, y0 = anneau[0][:2]  # near the origin: these outlines are tiny, and far from (0, 0)
    return sum((xa - x0) * (yb - y0) - (xb - x0) * (ya - y0) for xa, ya, xb, yb in _cotes(anneau)) / 2


def _centre(anneau: Anneau) -> Point:
    x0, y0 = anneau[0][:2]
    sx = sy = 0.0
    for xa, ya, xb, yb in _cotes(anneau):
        produit = (xa - x0) * (yb - y0) - (xb - x0) * (ya - y0)
        sx += (xa + xb - 2 * x0) * produit
        sy += (ya + yb - 2 * y0) * produit
    aire = _aire(anneau)
    return x0 + sx / (6 * aire), y0 + sy / (6 * aire)


def _coupes(anneaux: list[Anneau], y: float) -> list[float]:
    """Return where the outline and its holes cross this latitude."""
    return [
        xa + (y - ya) * (xb - xa) / (yb - ya)
        for anneau in anneaux
        for xa, ya, xb, yb in _cotes(anneau)
        if (ya > y) != (yb > y)
    ]
