from dispositifs.models.fiches import (
    COMPARES_AU_PLUS,
    SUIVIS,
    Absence,
    Articulation,
    Dispositif,
    DispositifLocal,
    DispositifLocalQuerySet,
    Mission,
    MissionAssuree,
)
from dispositifs.models.regles import POIDS_MAX, REPONSES, Question, Regle

__all__ = [
    "COMPARES_AU_PLUS",
    "POIDS_MAX",
    "REPONSES",
    "SUIVIS",
    "Absence",
    "Articulation",
    "Dispositif",
    "DispositifLocal",
    "DispositifLocalQuerySet",
    "Mission",
    "MissionAssuree",
    "Question",
    "Regle",
]
