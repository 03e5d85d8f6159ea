"""Contents of a dispositif, to be compared and merged in memory."""

from typing import Any

from fiches.gabarits import GABARITS, Nature

SECTIONS = [section.cle for section in GABARITS[Nature.DISPOSITIF]]


def source(titre: str, **champs: Any) -> dict[str, Any]:
    return {"titre": titre, "organisation": "", "date": "", "apres": None, "repere": "", "url": "", **champs}


def contenu(*sources: dict[str, Any], **ecrit: Any) -> dict[str, Any]:
    """Return what is written of a dispositif whose sources are these; sections are given by their key."""
    sections = {cle: ecrit.pop(cle) for cle in list(ecrit) if cle in SECTIONS}
    return {
        "titre": "ASV", "resume": "R", "themes": [], "publics": [], "territoires": [], "chiffres": [], "missions": [],
        "articulations": [], "sources": list(sources), **ecrit, "sections": sections,
    }  # fmt: skip
