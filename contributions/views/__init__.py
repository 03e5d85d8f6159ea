"""Pages of contributions and of the public history, one module a journey, as config/urls.py names them."""

from contributions.views.contribuer import a_faire, contribuer, gabarits
from contributions.views.historique import comparer_versions, historique, version
from contributions.views.mes_contributions import mes_contributions
from contributions.views.mes_notifications import mes_notifications
from contributions.views.nouvelle_fiche import choisir_nature, nouvelle_fiche
from contributions.views.proposer import modifier, proposer
from contributions.views.signaler import signaler
from contributions.views.suivre import suivi_contribution
from contributions.views.transparence import transparence

__all__ = [
    "a_faire",
    "choisir_nature",
    "comparer_versions",
    "contribuer",
    "gabarits",
    "historique",
    "mes_contributions",
    "mes_notifications",
    "modifier",
    "nouvelle_fiche",
    "proposer",
    "signaler",
    "suivi_contribution",
    "transparence",
    "version",
]
