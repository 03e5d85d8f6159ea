"""The pages of contributions and of the public history, one module a journey, as config/urls.py names them."""

from contributions.views.attente import GESTES, contribuer, gabarits, geste
from contributions.views.historique import comparer_versions, historique, version
from contributions.views.suivre import suivi
from contributions.views.transparence import transparence

__all__ = [
    "GESTES",
    "comparer_versions",
    "contribuer",
    "gabarits",
    "geste",
    "historique",
    "suivi",
    "transparence",
    "version",
]
