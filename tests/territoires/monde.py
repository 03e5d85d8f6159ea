"""A small country of our own, to play what the real one does: two départements, three EPCI, a few communes, two QPV.

Its codes are of no real département: it stands beside the official reference as well as alone.
"""

from collections.abc import Iterable

from territoires import hierarchie
from territoires.models import Inclusion, Territoire

MILLESIME = 2026
VALLEE, PLATEAU, COTE = "299000018", "299000026", "299000034"
GRAND_TOUT, UN_EPT = "299000042", "299000059"


def territoire(designation: str, nom: str = "", dans: Iterable[str] = (), **champs) -> Territoire:
    """Create a territory, and the official facts of where it lies."""
    nature, code = designation.split(":")
    cree = Territoire.objects.create(nature=nature, code=code, nom=nom or code, **{"millesime": MILLESIME, **champs})
    for contenant in Territoire.objects.designes_par(dans):
        Inclusion.objects.create(contenu=cree, contenant=contenant, directe=True, millesime=MILLESIME)
    return cree


def construire() -> None:
    territoire("region:99", "Grand Bocage")
    territoire("departement:99", "Haut-Bocage", ["region:99"])
    territoire("departement:96", "Bas-Bocage", ["region:99"])
    territoire(f"epci:{VALLEE}", "CC de la Vallée", sous_nature="CC")
    territoire(f"epci:{PLATEAU}", "CC du Plateau", sous_nature="CC")
    territoire(f"epci:{COTE}", "CA de la Côte", sous_nature="CA")
    for code, nom, epci in (
        ("99001", "Le Bourg", VALLEE),
        ("99002", "Petit-Val", VALLEE),
        ("99003", "Saint-Mont", PLATEAU),
        ("99004", "Haute-Rive", PLATEAU),
        ("99005", "Port-la-Côte", COTE),
    ):
        territoire(f"commune:{code}", nom, ["departement:99", f"epci:{epci}"])
    territoire("commune:96001", "Basse-Rive", ["departement:96", f"epci:{PLATEAU}"])
    territoire("qpv:QN09901M", "Les Tilleuls", ["commune:99002", f"epci:{VALLEE}"])
    territoire("qpv:QN09902N", "Rives", ["commune:99003", "commune:99004", f"epci:{PLATEAU}"])
    hierarchie.deriver(MILLESIME)


def lire(designation: str) -> Territoire:
    nature, code = designation.split(":")
    return Territoire.objects.get(nature=nature, code=code)


def dans(designation: str, nature: str) -> set[str]:
    """Return the codes of the territories of that kind in which this one lies."""
    return {t.code for t in Territoire.objects.contenant(lire(designation)).filter(nature=nature)}


def devenus(designation: str) -> set[str]:
    return {succession.nouveau.code for succession in lire(designation).successeurs.select_related("nouveau")}
