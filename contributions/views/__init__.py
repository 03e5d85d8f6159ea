"""Pages of contributions and of the public history, as config/urls.py names them, one module a journey."""

from contributions.views.attente import GESTES, contribuer, gabarits, geste
from contributions.views.historique import comparer_versions, historique, version
from contributions.views.signaler import signaler
from contributions.views.suivre import suivi_contribution

__all__ = [
    "GESTES",
    "comparer_versions",
    "contribuer",
    "gabarits",
    "geste",
    "historique",
    "signaler",
    "suivi_contribution",
    "version",
]
