"""What the database knows already and the files need: successors of former communes, EPCI of communes."""

from collections import defaultdict
from collections.abc import Iterable

from territoires.imports.releve import Fautes
from territoires.models import Inclusion, Succession, Territoire

COMMUNE, EPCI, QPV = Territoire.Nature.COMMUNE, Territoire.Nature.EPCI, Territoire.Nature.QPV
EPT = Territoire.SousNature.EPT


def communes_d_aujourd_hui(codes: Iterable[str]) -> dict[str, str]:
    """Return the commune of today for each code that has exactly one: files are often older than our communes."""
    actuelles = set(Territoire.objects.actifs().filter(nature=COMMUNE).values_list("code", flat=True))
    suites: dict[str, set[str]] = defaultdict(set)
    for ancien, nouveau in Succession.objects.filter(ancien__nature=COMMUNE).values_list(
        "ancien__code", "nouveau__code"
    ):
        suites[ancien].add(nouveau)
    trouvees = {code: _devenir({code}, suites, actuelles) for code in codes}
    return {code: trouvee.pop() for code, trouvee in trouvees.items() if len(trouvee) == 1}


def _devenir(codes: set[str], suites: dict[str, set[str]], actuelles: set[str]) -> set[str]:
    vus: set[str] = set()
    while anciens := codes - actuelles - vus:
        vus |= anciens
        codes = (codes - anciens).union(*(suites.get(ancien, set()) for ancien in anciens))
    return codes & actuelles


def communes_inconnues(codes: dict[str, str], actuelles: dict[str, str]) -> Fautes:
    """Say where the file names communes that have none of today: `codes` are given with where each one is."""
    inconnues = [f"{codes[c]} : la commune {c} est inconnue." for c in codes if c not in actuelles]
    tete = "Des communes n’existent pas dans la base : importez d’abord le code officiel géographique de la même année."
    return Fautes([tete, *inconnues] if inconnues else [])


def sirens_des_ept() -> set[str]:
    return set(Territoire.objects.filter(nature=EPCI, sous_nature=EPT).values_list("code", flat=True))


def epci_des_communes() -> dict[str, set[str]]:
    """Return the EPCI of each commune, from the official facts, EPT left aside."""
    faits = Inclusion.objects.filter(directe=True, contenu__nature=COMMUNE, contenant__nature=EPCI)
    return _grouper(faits.exclude(contenant__sous_nature=EPT))


def communes_des_qpv() -> dict[str, set[str]]:
    return _grouper(Inclusion.objects.filter(directe=True, contenu__nature=QPV, contenant__nature=COMMUNE))


def points_des_communes() -> dict[str, tuple[float, float]]:
    """Return the longitude and latitude of each commune that has a point."""
    situees = Territoire.objects.filter(nature=COMMUNE, longitude__isnull=False, latitude__isnull=False)
    return {code: point for code, *point in situees.values_list("code", "longitude", "latitude")}  # type: ignore[misc]


def _grouper(faits) -> dict[str, set[str]]:
    groupes: dict[str, set[str]] = defaultdict(set)
    for contenu, contenant in faits.values_list("contenu__code", "contenant__code"):
        groupes[contenu].add(contenant)
    return groupes
