from fiches.models.fiches import LOURDES, Chiffre, Edition, Fiche, FicheQuerySet, Source, Version, concerne
from fiches.models.reperes import Organisme, Repere, Sigle
from fiches.models.vocabulaires import Mot, Public, Theme, Vocabulaire

__all__ = [
    "LOURDES",
    "Chiffre",
    "Edition",
    "Fiche",
    "FicheQuerySet",
    "Mot",
    "Organisme",
    "Public",
    "Repere",
    "Sigle",
    "Source",
    "Theme",
    "Version",
    "Vocabulaire",
    "concerne",
]
