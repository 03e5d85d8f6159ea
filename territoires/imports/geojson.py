"""Reading a GeoJSON object by object: a whole collection, once read, takes twenty times its size in memory."""

import json
import re
from typing import Any

SIGNE = re.compile(r'"features"\s*:\s*\[|"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)
PROFONDEUR = 30
OBJETS_AU_PLUS = 100_000
LONGUEUR_AU_PLUS = 3_000_000  # characters of one object, or of all that is around them


def lire(texte: str) -> tuple[dict[str, Any], list[slice]]:
    """Return what is around the objects, read, and where each object is; raise ValueError when it is not complete."""
    objets: list[slice] = []
    profondeur, debut, ouverture, autour = 0, 0, 0, ""
    for signe in SIGNE.finditer(texte):
        marque = signe[0]
        if marque in "[{" or marque.endswith("["):
            profondeur += 1
            if marque.startswith('"') and profondeur == 2 and not autour:
                ouverture = signe.end()
            elif ouverture and profondeur == 3:
                debut = signe.start()
        elif marque in "]}":
            profondeur -= 1
            if ouverture and profondeur == 2:
                objets.append(slice(debut, signe.end()))
            elif ouverture and profondeur == 1:
                autour, ouverture = texte[:ouverture] + texte[signe.start() :], 0
        if profondeur > PROFONDEUR or len(objets) > OBJETS_AU_PLUS:
            raise ValueError
    return lire_objet(autour), objets


def lire_objet(texte: str) -> dict[str, Any]:
    """Return an object; raise ValueError when this is no object, or too long a one."""
    if len(texte) > LONGUEUR_AU_PLUS or not isinstance(lu := json.loads(texte), dict):
        raise ValueError
    return lu
