"""Where in a fiche a report aims: `""` (all of it), `section-cout`, `titre`, `exemple-1`, `source-3`, `chiffre-2`."""

import re

from fiches.unites import unites

LIGNES = {"source": "sources", "chiffre": "chiffres", "exemple": "section-exemples"}
LIGNE = re.compile(r"(source|chiffre|exemple)-(\d+)")


def nommer_cible(nature: str, cible: str) -> str:
    """Return the words for a target: « Coût », « Source 3 »; nothing for the whole fiche."""
    if ligne := LIGNE.fullmatch(cible):
        return f"{ligne[1].title()} {ligne[2]}"
    return next((unite.titre for unite in unites(nature) if unite.cle == cible), "")


def unite_visee(cible: str) -> str:
    """Return the key of the unit that a target belongs to; nothing for the whole fiche."""
    ligne = LIGNE.fullmatch(cible)
    return LIGNES[ligne[1]] if ligne else cible


def dire(contenu: dict, cible: str) -> str:
    """Return what a content says at this place, as text; nothing for the whole fiche."""
    ligne = LIGNE.fullmatch(cible)
    if ligne and ligne[1] != "exemple":
        lignes, rang = contenu.get(LIGNES[ligne[1]], []), int(ligne[2]) - 1
        return ", ".join(str(v) for v in lignes[rang].values() if v) if rang < len(lignes) else ""
    cle = unite_visee(cible)
    if cle.startswith("section-"):
        return contenu.get("sections", {}).get(cle.removeprefix("section-"), "")
    return str(contenu.get(cle) or "") if cle else ""
