"""What a report aims at within a fiche: `""` (all of it), `section-cout`, `titre`, `source-3`, `chiffre-2`."""

import re

from fiches.unites import unites

LIGNES = {"source": "sources", "chiffre": "chiffres"}
LIGNE = re.compile(r"(source|chiffre)-(\d+)")


def nommer_cible(nature: str, cible: str) -> str:
    """Return the words for a target: « Coût », « Source 3 »; nothing for the whole fiche."""
    if ligne := LIGNE.fullmatch(cible):
        return f"{ligne[1].title()} {ligne[2]}"
    return next((unite.titre for unite in unites(nature) if unite.cle == cible), "")


def unite_visee(cible: str) -> str:
    """Return the key of the unit that a target belongs to; nothing for the whole fiche."""
    ligne = LIGNE.fullmatch(cible)
    return LIGNES[ligne[1]] if ligne else cible


def ancre_de(cible: str) -> str:
    """Return where the page of the fiche shows a target."""
    if cible.startswith("section-"):
        return cible.removeprefix("section-").replace("_", "-")
    return cible if LIGNE.fullmatch(cible) else ""
