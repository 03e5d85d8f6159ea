"""What official files are called, by nature, and which of them tables speak of: the one home of these words."""

from collections.abc import Iterable

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models.functions import JSONObject

from territoires.models import Millesime, Territoire

COMMUNE, EPCI, QPV = Territoire.Nature.COMMUNE, Territoire.Nature.EPCI, Territoire.Nature.QPV
FICHIERS = {
    COMMUNE: "Insee, code officiel géographique",
    EPCI: "DGCL et Insee, intercommunalités",
    QPV: "ANCT, quartiers prioritaires",
}
AU_PREMIER_JANVIER = {COMMUNE: "communes", EPCI: "intercommunalités"}


def titre(nature: str, annee: int) -> str:
    """Return the name of an official file: « Insee, code officiel géographique 2026 »."""
    return f"{FICHIERS[Territoire.Nature(nature)]} {annee}"


def en_colonne() -> ArraySubquery:
    """Return the vintages in force as a column of a query that is made anyway, to be given to `mention`."""
    return ArraySubquery(Millesime.objects.order_by("nature").values(dit=JSONObject(nature="nature", annee="annee")))


def mention(colonne: Iterable[dict] | None = None) -> str:
    """Return in a sentence the vintages in force, or nothing while none is known. One query, none with a column."""
    annees = Millesime.objects.en_vigueur() if colonne is None else {m["nature"]: m["annee"] for m in colonne}
    par_annee: dict[int, list[str]] = {}
    for nature, nom in AU_PREMIER_JANVIER.items():
        if annee := annees.get(nature):
            par_annee.setdefault(annee, []).append(nom)
    dits = [f"{' et '.join(noms)} au 1er\u00a0janvier\u00a0{annee}" for annee, noms in par_annee.items()]
    if annee := annees.get(QPV):
        dits.append(f"quartiers prioritaires de\u00a0{annee}")
    return f"Découpage\u00a0: {', '.join(dits)}." if dits else ""
