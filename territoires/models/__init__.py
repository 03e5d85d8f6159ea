from territoires.models.contacts import Contact
from territoires.models.graphe import (
    Composition,
    Inclusion,
    Succession,
    Territoire,
    TerritoireQuerySet,
    communes_du_quartier,
)
from territoires.models.importations import FichierImporte, Importation
from territoires.models.indicateurs import Indicateur, PrecisionAnnee
from territoires.models.millesimes import Millesime

__all__ = [
    "Composition",
    "Contact",
    "FichierImporte",
    "Importation",
    "Inclusion",
    "Indicateur",
    "Millesime",
    "PrecisionAnnee",
    "Succession",
    "Territoire",
    "TerritoireQuerySet",
    "communes_du_quartier",
]
