"""The pages of contributions, one module a journey."""

from contributions.views.attente import GESTES, contribuer, gabarits, geste
from contributions.views.signaler import signaler
from contributions.views.suivre import suivi

__all__ = ["GESTES", "contribuer", "gabarits", "geste", "signaler", "suivi"]
