from dispositifs.models.fiches import (
    COMPARES_AU_PLUS,
    CONSTAT_ANCIEN,
    HORS_VIGUEUR,
    VUE_LE,
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
    "COMPARES_AU_PLUS",
    "CONSTAT_ANCIEN",
    "HORS_VIGUEUR",
    "POIDS_MAX",
    "REPONSES",
    "VUE_LE",
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
