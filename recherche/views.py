"""Pages of the search: home, catalogue, suggestions, feeds, map, figures; what search engines are told."""

from time import perf_counter
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from actions.models import CONSTATEE_LE
from dispositifs.models import SUIVIS, Absence, Dispositif
from fiches.gabarits import Nature
from fiches.models import Fiche
from francais.tableur import reponse_csv
from recherche.carte import HAUTEUR, LARGEUR, SEUILS, traces, zones
from recherche.carte_departement import dresser as dresser_le_plan
from recherche.catalogue import Catalogue
from recherche.comptes import absences_demandees
from recherche.exports import tableau
from recherche.filtres import Filtres
from recherche.flux import Flux
from recherche.flux import flux as ecrire_le_flux
from recherche.plan_du_site import index
from recherche.plan_du_site import robots as ecrire_robots
from recherche.secours import secourir
from recherche.statistiques import LARGEUR as LARGEUR_DES_BARRES
from recherche.statistiques import dresser
from recherche.suggestions import GENRES, proposer
from territoires import recherche
from territoires.millesimes import en_colonne

ACTIONS_MONTREES = 4
DE_LIEUX = 5  # territories suggested, beside the rest
CHOIX_DE_LA_CARTE = [("nature", "Montrer"), ("dispositif", "Dispositif"), ("theme", "Thème")]


@require_safe
def accueil(request: HttpRequest) -> HttpResponse:
    """The home page: three queries."""
    visibles = Fiche.objects.visibles_pour()
    par_nature = dict(visibles.order_by().values_list("nature").annotate(Count("pk")))
    suivis = Dispositif.objects.visibles_pour().filter(slug__in=SUIVIS).nommees()
    # Those that a source saw last; of one day, the newest texts, then the fullest.
    ordre = (CONSTATEE_LE.desc(nulls_last=True), TruncDate("modifiee_le").desc(), "-completude", "titre")
    contexte = {
        "nb_dispositifs": par_nature.get(Nature.DISPOSITIF, 0),
        "nb_actions": par_nature.get(Nature.ACTION, 0),
        "suivis": sorted(suivis, key=lambda dispositif: SUIVIS.index(dispositif.slug)),
        "actions": visibles.filter(nature=Nature.ACTION).order_by(*ordre).en_cartes()[:ACTIONS_MONTREES],
    }
    return render(request, "recherche/accueil.html", contexte)


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """What the search field of the home page proposes as one types, a part of the page: two queries, often."""
    q = request.GET.get("q", "").replace("\0", "")[: recherche.LONGUEUR]
    groupes = proposer(q)
    territoires = recherche.chercher(q, DE_LIEUX, de_loin=not groupes)  # « santé men » is no Mézières-en-Santerre
    autre_chose = any(genre != GENRES["fiche"] for genre, _ in groupes)
    lieux_d_abord = not autre_chose or any(territoire.exact for territoire in territoires)
    contexte = {"territoires": territoires, "groupes": groupes, "lieux_d_abord": lieux_d_abord}
    return render(request, "recherche/_suggestions.html", contexte)


@require_safe
def catalogue(request: HttpRequest, nature: str | None = None) -> HttpResponse:
    """The list of fiches that the address asks for: eight queries. 400 for a wrong filter, 404 for no such page."""
    debut = perf_counter()
    catalogue = Catalogue(request.GET, chemin=request.path, nature=nature)
    if request.GET.get("format") == "csv" and not catalogue.refus:
        return _en_csv(catalogue)
    secours = None if catalogue.resultats or catalogue.refus or catalogue.est_hors_limites else secourir(catalogue)
    lieux = catalogue.territoires_nommes
    cherche = perf_counter()
    statut = 400 if catalogue.refus else 404 if catalogue.est_hors_limites else 200
    contexte = {"catalogue": catalogue, "lieux": lieux, "secours": secours}
    reponse = render(request, "recherche/catalogue.html", contexte, status=statut)
    durees = {"recherche": cherche - debut, "rendu": perf_counter() - cherche}
    reponse["Server-Timing"] = ", ".join(f"{nom};dur={duree * 1000:.1f}" for nom, duree in durees.items())
    return reponse


def _en_csv(catalogue: Catalogue) -> HttpResponse:
    """All the fiches of the list, whatever the page: seven queries."""
    fiches = list(catalogue.toutes.en_cartes().annotate(millesimes=en_colonne()))
    reponse = reponse_csv(f"sante-en-territoires-{catalogue.chemin.strip('/')}", tableau(fiches))
    if dates := [fiche.modifiee_le.timestamp() for fiche in fiches if fiche.modifiee_le]:
        reponse["Last-Modified"] = http_date(max(dates))
    return reponse


@require_safe
def flux(request: HttpRequest, nature: str | None = None) -> HttpResponse:
    """The Atom feed of any list: four queries at most. 400, in words, for a wrong filter."""
    chemin = request.path.removesuffix("flux.atom")
    catalogue = Catalogue(request.GET, chemin=chemin, nature=nature)
    if catalogue.refus:
        fautes = [f"{champ.label} : {erreur}" for champ in catalogue.filtres.form for erreur in champ.errors]
        texte = "\n".join(["Ce flux n’existe pas : un filtre est à corriger dans son adresse.", *fautes, ""])
        return HttpResponse(texte, status=400, content_type="text/plain; charset=utf-8")
    corps, change_le = ecrire_le_flux(catalogue)
    return HttpResponse(
        corps, content_type=Flux.content_type, headers={"Last-Modified": http_date(change_le.timestamp())}
    )


@require_safe
def carte(request: HttpRequest) -> HttpResponse:
    """The map of what the filters of the catalogue keep, by state today, and the same as a table: seven queries.

    `?departement=76` shows this département alone, with its communes as points: eleven.
    """
    filtres = Filtres(request.GET)
    code = request.GET.get("departement", "")
    refus = [message for messages in filtres.form.errors.values() for message in messages]
    if code and code not in traces():
        refus.append(f"Aucun département de la carte n’a le numéro «\u00a0{code[:10]}\u00a0».")
    fiches = Fiche.objects.none() if refus else filtres.sans("")
    absences = Absence.objects.none() if refus else absences_demandees(filtres)
    dessinees = zones(fiches, absences)
    zone = next((zone for zone in dessinees if zone.territoire.code == code), None)
    contexte: dict[str, Any] = {
        "zone": zone,
        "choix": [(nom, titre, filtres.noms[nom], filtres.form[nom].value() or []) for nom, titre in CHOIX_DE_LA_CARTE],
        "refus": refus,
    }
    if zone:
        plan = dresser_le_plan(zone.territoire, fiches, absences)
        contexte |= {"plan": plan, "etapes": [("Carte", reverse("carte"))]}
        return render(request, "recherche/carte_departement.html", contexte)
    contexte |= {
        "zones": dessinees,
        "remplies": sorted((zone for zone in dessinees if zone.connu), key=lambda zone: (-zone.dessine, -zone.total)),
        "largeur": LARGEUR,
        "hauteur": HAUTEUR,
        "seuils": SEUILS,
    }
    return render(request, "recherche/carte.html", contexte, status=400 if refus else 200)


@require_safe
def statistiques(request: HttpRequest) -> HttpResponse:
    """The public figures of the base: seven queries."""
    contexte = {"statistiques": dresser(), "largeur": LARGEUR_DES_BARRES}
    return render(request, "recherche/statistiques.html", contexte)


@require_safe
def plan_du_site(request: HttpRequest) -> HttpResponse:
    """The index of the plans of the site, by section and page: three queries."""
    return render(request, "sitemap_index.xml", {"sitemaps": list(index())}, content_type="application/xml")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  (the same for everybody)
    return HttpResponse(ecrire_robots(), content_type="text/plain; charset=utf-8")
