"""A point inside an outline, whatever its shape."""

from math import cos, pi, sin

from hypothesis import given
from hypothesis import strategies as st

from territoires.imports.geometrie import point_interieur


def contient(anneau, x: float, y: float) -> bool:
    croisements = 0
    for (xa, ya), (xb, yb) in zip(anneau, anneau[1:] + anneau[:1], strict=True):
        if (ya > y) != (yb > y) and xa + (y - ya) * (xb - xa) / (yb - ya) > x:
            croisements += 1
    return croisements % 2 == 1


@given(st.lists(st.floats(0.05, 1), min_size=5, max_size=24), st.floats(-5, 55), st.floats(-20, 50))
def test_le_point_est_dans_l_etoile(rayons, x, y):
    angles = [2 * pi * n / len(rayons) for n in range(len(rayons))]
    anneau = [(x + r * cos(a), y + r * sin(a)) for r, a in zip(rayons, angles, strict=True)]
    assert contient(anneau, *point_interieur([[anneau]]))


def test_le_plus_grand_polygone_l_emporte():
    ilot = [(5, 5), (5, 5.1), (5.1, 5.1), (5.1, 5)]
    ile = [(0, 0), (0, 2), (2, 2), (2, 0)]
    assert point_interieur([[ilot], [ile]]) == (1, 1)


def test_le_point_evite_les_trous():
    ile, lac = [(0, 0), (0, 4), (4, 4), (4, 0)], [(1, 1), (1, 3), (3, 3), (3, 1)]
    x, y = point_interieur([[ile, lac]])
    assert contient(ile, x, y) and not contient(lac, x, y)


def test_un_contour_degenere_n_a_pas_de_point():
    assert point_interieur([]) is None
    assert point_interieur([[[(1, 1), (1, 1), (1, 1)]]]) is None
