"""The site map. Addresses are public and stable: in French, with official codes."""

from typing import Any

from django.conf import settings
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path, register_converter
from django.views.generic import TemplateView

from actions import views as actions
from comparaison import views as comparaison
from config import accessibilite, application, divulgation, rapports, sante
from contributions.charte import CHARTE, LICENCE
from contributions.delais import promis_urgent
from dispositifs import views as dispositifs
from fiches import views as fiches
from fiches.gabarits import Nature
from moderation.administration import administration
from moderation.views import transparence
from panorama.views import comparer, dossier
from panorama.views import dispositifs as panorama
from panorama.views.a_faire import a_faire
from recherche import views as recherche
from recherche.plan_du_site import PLANS


class CheminDeNature:
    """First segment of the address of a fiche: views get its nature."""

    regex = "|".join(nature.chemin for nature in Nature)

    def to_python(self, chemin: str) -> Nature:
        return Nature.du_chemin(chemin)

    def to_url(self, nature: Nature | str) -> str:
        return nature.chemin if isinstance(nature, Nature) else nature


register_converter(CheminDeNature, "chemin")


def page(nom: str, **contexte: Any):
    vue = TemplateView.as_view(template_name=f"pages/{nom}.html", extra_context=contexte)
    return path(f"{nom.replace('_', '-')}/", vue, name=nom)


urlpatterns = [
    path("", recherche.accueil, name="accueil"),
    # Reading
    path("fiches/", recherche.catalogue, name="catalogue"),
    path("fiches/flux.atom", recherche.flux, name="flux"),
    path("fiches/suggestions/", recherche.suggestions, name="suggestions"),
    path("dispositifs/flux.atom", recherche.flux, {"nature": "dispositif"}, name="flux_dispositifs"),
    path("dispositifs-locaux/flux.atom", recherche.flux, {"nature": "local"}, name="flux_dispositifs_locaux"),
    path("actions/flux.atom", recherche.flux, {"nature": "action"}, name="flux_actions"),
    path("carte/", recherche.carte, name="carte"),
    path("dispositifs/", recherche.catalogue, {"nature": "dispositif"}, name="dispositifs"),
    path("dispositifs/echeancier/", panorama.echeancier, name="echeancier"),
    path("dispositifs/comparer/", comparer.dispositifs, name="comparer"),
    path("dispositifs/choisir/", panorama.choisir, name="choisir"),
    path("dispositifs/<slug:slug>/", dispositifs.dispositif, name="fiche_dispositif"),
    path("dispositifs-locaux/", recherche.catalogue, {"nature": "local"}, name="dispositifs_locaux"),
    path("dispositifs-locaux/comparer/", comparer.locaux, name="comparer_locaux"),
    path("dispositifs-locaux/<slug:slug>/", dispositifs.local, name="fiche_local"),
    path("actions/", recherche.catalogue, {"nature": "action"}, name="actions"),
    path("actions/<slug:slug>/", actions.action, name="fiche_action"),
    path("dossier/", dossier.dossier, name="dossier"),
    path("dossier/preparation/", dossier.preparation, name="dossier_en_preparation"),
    path("territoires/", include("panorama.urls")),
    path("sigles/", fiches.sigles, name="sigles"),
    path("organismes/", fiches.organismes, name="organismes"),
    path("<chemin:nature>/<slug:slug>/historique/", comparaison.historique, name="historique"),
    path("<chemin:nature>/<slug:slug>/versions/<int:numero>/", comparaison.version, name="version"),
    path("<chemin:nature>/<slug:slug>/comparer/", comparaison.comparer_versions, name="comparer_versions"),
    # Contributing
    path("contribuer/a-faire/", a_faire, name="a_faire"),
    path("", include("contributions.urls")),
    path("moderation/", include("moderation.urls")),
    path("admin/", administration.urls),
    # Accounts
    path("comptes/", include("comptes.urls")),
    # The site
    path("sitemap.xml", recherche.plan_du_site, name="plan_du_site"),
    path("sitemap-<slug:section>.xml", sitemap, {"sitemaps": PLANS}, name="section_du_plan"),
    path("robots.txt", recherche.robots, name="robots"),
    path("manifest.webmanifest", application.manifeste, name="manifeste"),
    path("opensearch.xml", application.recherche, name="opensearch"),
    path("service-worker.js", application.travailleur, name="service_worker"),
    path("favicon.ico", application.favicon, name="favicon"),
    path("statistiques/", recherche.statistiques, name="statistiques"),
    path("transparence/", transparence.publier, name="transparence"),
    page("aide"),
    page("a_propos"),
    page("mentions_legales"),
    path("accessibilite/", accessibilite.declarer, name="accessibilite"),
    page("confidentialite", delai=promis_urgent),
    page("hors_ligne"),
    page("charte", charte=CHARTE, licence=LICENCE),
    # For machines
    path("sante", sante.vivant, name="sante"),
    path("sante/pret", sante.pret, name="sante_pret"),
    path("csp-rapports/", rapports.csp, name="csp_rapports"),
    path(".well-known/security.txt", divulgation.security_txt, name="security_txt"),
]
handler400 = "config.erreurs.requete_refusee"
handler500 = "config.erreurs.panne"

if settings.DEMO:
    urlpatterns.append(path("demo/courriels/", include("demo.urls")))
