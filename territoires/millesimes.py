"""What official files are called, by nature, and which of them tables speak of: the one home of these words."""

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


def mention() -> str:
    """Return in a sentence the vintages in force, or nothing while none is known. One query."""
    annees = Millesime.objects.en_vigueur()
    par_annee: dict[int, list[str]] = {}
    for nature, nom in AU_PREMIER_JANVIER.items():
        if annee := annees.get(nature):
            par_annee.setdefault(annee, []).append(nom)
    dits = [f"{' et '.join(noms)} au 1er\u00a0janvier\u00a0{annee}" for annee, noms in par_annee.items()]
    if annee := annees.get(QPV):
        dits.append(f"quartiers prioritaires de\u00a0{annee}")
    return f"Découpage\u00a0: {', '.join(dits)}." if dits else ""
