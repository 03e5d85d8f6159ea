"""Pages of contributions and of the public history, as config/urls.py names them."""

from contributions.views.attente import GESTES, contribuer, gabarits, geste
from contributions.views.historique import comparer_versions, historique, version

__all__ = ["GESTES", "comparer_versions", "contribuer", "gabarits", "geste", "historique", "version"]
