"""A content as its page would show it, without publishing anything."""

from typing import Any

from fiches import edition
from fiches.forms import FORMULAIRES
from fiches.models import Fiche


def apercu(nature: str, contenu: dict[str, Any]) -> Fiche:
    """Return a fiche that is not in the database and shows this valid content."""
    modele = FORMULAIRES[nature].modele
    fiche = modele(nature=nature, slug="", titre=contenu["titre"], resume=contenu["resume"], contenu=contenu)
    fiche.projeter_particularites(contenu)
    fiche.rendu = edition.rendre(fiche, contenu)
    return fiche
