from territoires.models.contacts import Contact
from territoires.models.graphe import (
    Composition,
    Inclusion,
    Succession,
    Territoire,
    TerritoireQuerySet,
    communes_du_quartier,
)
from territoires.models.indicateurs import Indicateur, PrecisionAnnee

__all__ = [
    "Composition",
    "Contact",
    "Inclusion",
    "Indicateur",
    "PrecisionAnnee",
    "Succession",
    "Territoire",
    "TerritoireQuerySet",
    "communes_du_quartier",
]
