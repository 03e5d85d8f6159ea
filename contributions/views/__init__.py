"""Pages of contributions and of the public history, one module a journey, as config/urls.py names them."""

from contributions.views.attente import GESTES, contribuer, gabarits, geste
from contributions.views.historique import comparer_versions, historique, version
from contributions.views.mes_contributions import mes_contributions
from contributions.views.nouvelle_fiche import choisir_nature, nouvelle_fiche
from contributions.views.proposer import modifier, proposer
from contributions.views.suivre import suivi

__all__ = [
    "GESTES",
    "choisir_nature",
    "comparer_versions",
    "contribuer",
    "gabarits",
    "geste",
    "historique",
    "mes_contributions",
    "modifier",
    "nouvelle_fiche",
    "proposer",
    "suivi",
    "version",
]
