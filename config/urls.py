"""The site map. Addresses are public and stable: in French, with official codes (DESIGN, routes)."""

from django.conf import settings
from django.urls import include, path, register_converter
from django.views.generic import TemplateView

from actions import views as actions
from contributions import views as contributions
from contributions.admin import administration
from dispositifs import views as dispositifs
from fiches import views as fiches
from fiches.gabarits import Nature
from recherche import views as recherche


class CheminDeNature:
    """First segment of the address of a fiche."""

    regex = "|".join(nature.chemin for nature in Nature)

    def to_python(self, valeur: str) -> str:
        return valeur

    def to_url(self, valeur: str) -> str:
        return valeur


class Geste:
    """What one does to a fiche from its orange and red buttons."""

    regex = "|".join(contributions.GESTES)
    to_python = to_url = staticmethod(lambda valeur: valeur)


register_converter(CheminDeNature, "chemin")
register_converter(Geste, "geste")


def page(nom: str):
    return path(f"{nom.replace('_', '-')}/", TemplateView.as_view(template_name=f"pages/{nom}.html"), name=nom)


urlpatterns = [
    path("", recherche.accueil, name="accueil"),
    # Reading
    path("fiches/", recherche.catalogue, name="catalogue"),
    path("carte/", recherche.carte, name="carte"),
    path("dispositifs/", recherche.catalogue, {"nature": "dispositif"}, name="dispositifs"),
    path("dispositifs/echeancier/", dispositifs.echeancier, name="echeancier"),
    path("dispositifs/comparer/", dispositifs.comparer, name="comparer"),
    path("dispositifs/<slug:slug>/", dispositifs.dispositif, name="fiche_dispositif"),
    path("dispositifs-locaux/", recherche.catalogue, {"nature": "local"}, name="dispositifs_locaux"),
    path("dispositifs-locaux/<slug:slug>/", dispositifs.local, name="fiche_local"),
    path("actions/", recherche.catalogue, {"nature": "action"}, name="actions"),
    path("actions/<slug:slug>/", actions.action, name="fiche_action"),
    path("territoires/", include("territoires.urls")),
    path("sigles/", fiches.sigles, name="sigles"),
    path("organismes/", fiches.organismes, name="organismes"),
    path("<chemin:chemin>/<slug:slug>/historique/", contributions.historique, name="historique"),
    path("<chemin:chemin>/<slug:slug>/versions/<int:numero>/", contributions.version, name="version"),
    path("<chemin:chemin>/<slug:slug>/comparer/", contributions.comparer_versions, name="comparer_versions"),
    # Contributing
    path("<chemin:chemin>/<slug:slug>/<geste:geste>/", contributions.geste, name="geste"),
    path("suivi/<slug:jeton>/", contributions.suivi, name="suivi"),
    path("contribuer/", contributions.contribuer, name="contribuer"),
    path("contribuer/gabarits/", contributions.gabarits, name="gabarits"),
    path("moderation/", include("contributions.urls")),
    path("admin/", administration.urls),
    # Accounts
    path("comptes/", include("comptes.urls")),
    # The site
    path("transparence/", contributions.transparence, name="transparence"),
    page("aide"),
    page("a_propos"),
    page("mentions_legales"),
    page("accessibilite"),
    page("confidentialite"),
    page("charte"),
]

if settings.DEMO:
    urlpatterns.append(path("demo/courriels/", include("courriels.urls")))
