from dispositifs.models.fiches import (
    CONSTAT_ANCIEN,
    HORS_VIGUEUR,
    Absence,
    Articulation,
    Dispositif,
    DispositifLocal,
    DispositifLocalQuerySet,
    EtatLocal,
    Mission,
    MissionAssuree,
)
from dispositifs.models.regles import POIDS_MAX, REPONSES, Question, Regle

__all__ = [
    "CONSTAT_ANCIEN",
    "HORS_VIGUEUR",
    "POIDS_MAX",
    "REPONSES",
    "Absence",
    "Articulation",
    "Dispositif",
    "DispositifLocal",
    "DispositifLocalQuerySet",
    "EtatLocal",
    "Mission",
    "MissionAssuree",
    "Question",
    "Regle",
]
