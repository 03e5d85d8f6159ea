"""The units of a content: what is edited, reported, compared and merged one by one.

A unit is a section, a field, or a set of repeated lines (sources, figures…). Its key is the name the forms use:
`titre`, `territoires`, `section-description`, `sources`. A proposition keeps only the units it changes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fiches.forms import FORMULAIRES, TITRES_LIGNES
from fiches.gabarits import GABARITS, PREFIXE
from fiches.sources import par_cle

RIEN: tuple[Any, ...] = (None, "", [])  # a list that a former format had not says as much as an empty one


@dataclass(frozen=True)
class Unite:
    cle: str
    titre: str
    genre: str  # "section" (Markdown), "champ" (one value or a list of values), "lignes" (a list of dicts)

    @property
    def ancre(self) -> str:
        return self.cle.replace("_", "-")


def unites(nature: str) -> list[Unite]:
    """Return the units of a nature in reading order: names, fields, sections, lines."""
    formulaire = FORMULAIRES[nature]
    champs = [Unite(nom, str(champ.label), "champ") for nom, champ in formulaire.base_fields.items()]
    sections = [Unite(section.unite, section.titre, "section") for section in GABARITS[nature]]
    lignes = [Unite(nom, TITRES_LIGNES[nom], "lignes") for nom in formulaire.lignes]
    return [*champs, *sections, *lignes]


def valeur(contenu: dict[str, Any], cle: str) -> Any:
    """Return what a content says of a unit; of a section it does not fill, an empty text."""
    if cle.startswith(PREFIXE):
        return contenu.get("sections", {}).get(cle.removeprefix(PREFIXE), "")
    return contenu.get(cle)


def avec(contenu: dict[str, Any], changements: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of a content where these units have these values; a section emptied disappears."""
    neuf = {**contenu, "sections": dict(contenu.get("sections", {}))}
    for cle, nouvelle in changements.items():
        if not cle.startswith(PREFIXE):
            neuf[cle] = nouvelle
        elif nouvelle:
            neuf["sections"][cle.removeprefix(PREFIXE)] = nouvelle
        else:
            neuf["sections"].pop(cle.removeprefix(PREFIXE), None)
    return neuf


def egales(cle: str, une: Any, autre: Any) -> bool:
    """Return whether two values of a unit say the same: sources are known by their key, wherever they stand."""
    if une in RIEN and autre in RIEN:
        return True
    return une == autre or (cle == "sources" and par_cle(une or []) == par_cle(autre or []))


def changements(nature: str, avant: dict[str, Any], apres: dict[str, Any]) -> dict[str, Any]:
    """Return the units whose value differs, with their value in `apres`: `avec(avant, …)` gives `apres`."""
    paires = {unite.cle: (valeur(avant, unite.cle), valeur(apres, unite.cle)) for unite in unites(nature)}
    return {cle: neuve for cle, (ancienne, neuve) in paires.items() if not egales(cle, ancienne, neuve)}


def textes(donnee: Any) -> Iterator[str]:
    """Yield every text of a content, however deep."""
    if isinstance(donnee, str):
        yield donnee
    elif isinstance(donnee, dict):
        for partie in donnee.values():
            yield from textes(partie)
    elif isinstance(donnee, list):
        for partie in donnee:
            yield from textes(partie)
