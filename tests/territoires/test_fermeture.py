"""The closure, compared with the simplest way of computing it, on many small countries."""

from collections import defaultdict

from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from territoires import hierarchie
from territoires.models import Inclusion
from tests.essais import essais
from tests.territoires.monde import COTE, MILLESIME, PLATEAU, VALLEE, territoire

DEPARTEMENTS, GROUPES = ["96", "99"], [VALLEE, PLATEAU, COTE]
COMMUNE = st.tuples(st.sampled_from(DEPARTEMENTS), st.sampled_from([*GROUPES, None]))
PAYS = st.lists(COMMUNE, min_size=1, max_size=6)
QUARTIERS = st.lists(st.sets(st.integers(0, 5), min_size=1, max_size=3), max_size=3)


def construire(communes, quartiers) -> dict[str, tuple]:
    territoire("region:99")
    for departement in DEPARTEMENTS:
        territoire(f"departement:{departement}", dans=["region:99"])
    for groupe in GROUPES:
        territoire(f"epci:{groupe}", sous_nature="CC")
    codes = {}
    for n, (departement, groupe) in enumerate(communes):
        code = f"{departement}{n:03}"
        territoire(f"commune:{code}", dans=[f"departement:{departement}", *([f"epci:{groupe}"] if groupe else [])])
        codes[code] = (departement, groupe)
    for n, places in enumerate(quartiers):
        siennes = sorted({list(codes)[place % len(codes)] for place in places})
        siens = {codes[code][1] for code in siennes} - {None}
        territoire(f"qpv:QN0990{n}M", dans=[*(f"commune:{c}" for c in siennes), *(f"epci:{e}" for e in siens)])
    return codes


def attendus(communes: dict[str, tuple]) -> dict[tuple[str, str], bool]:
    """Return where each EPCI lies: in part when it has communes elsewhere."""
    presents = defaultdict(list)
    for departement, groupe in communes.values():
        if groupe:
            presents[groupe].append(departement)
    return {(groupe, d): len(set(ou)) > 1 for groupe, ou in presents.items() for d in set(ou)}


def couples() -> dict[tuple[str, str], bool]:
    """Return the closure of the small country: (contained, container) → in part?"""
    ici = Inclusion.objects.filter(contenu__code__regex=r"^(99|96|96\d{3}|99\d{3}|29900\d{4}|QN099\d\dM)$")
    return {
        (i.contenu.designation, i.contenant.designation): i.partielle
        for i in ici.select_related("contenu", "contenant")
    }


@essais(25)
@given(PAYS, QUARTIERS)
def test_la_fermeture_suit_les_faits(db, communes, quartiers):
    with transaction.atomic():
        pays = construire(communes, quartiers)
        hierarchie.deriver(MILLESIME)
        fermeture = couples()
        assert all((contenu, contenu) in fermeture for contenu, _ in fermeture)
        for code, (departement, groupe) in pays.items():
            contenants = {b for a, b in fermeture if a == f"commune:{code}"} - {f"commune:{code}"}
            assert contenants == {f"departement:{departement}", "region:99"} | ({f"epci:{groupe}"} if groupe else set())
        trouves = {
            (a.removeprefix("epci:"), b.removeprefix("departement:")): partielle
            for (a, b), partielle in fermeture.items()
            if a.startswith("epci:") and b.startswith("departement:")
        }
        assert trouves == attendus(pays)
        assert hierarchie.deriver(MILLESIME) == 0
        transaction.set_rollback(True)
