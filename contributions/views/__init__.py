"""The pages of contributions, one module a journey."""

from contributions.views.attente import GESTES, contribuer, gabarits, geste
from contributions.views.mes_contributions import mes_contributions
from contributions.views.nouvelle_fiche import choisir_nature, nouvelle_fiche
from contributions.views.proposer import modifier, proposer
from contributions.views.suivre import suivi

__all__ = [
    "GESTES",
    "choisir_nature",
    "contribuer",
    "gabarits",
    "geste",
    "mes_contributions",
    "modifier",
    "nouvelle_fiche",
    "proposer",
    "suivi",
]
