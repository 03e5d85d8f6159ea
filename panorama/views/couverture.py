"""Who covers what in a territory: a page, and files to take away."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dispositifs.models import SUIVIS
from francais.tableur import reponse_csv, reponse_xlsx
from panorama.couverture import SAIS, je_sais
from panorama.couverture import couverture as dresser_couverture
from panorama.rangees import LISTE, VOIR, avec_code, en_tableau, montrer, reunir
from territoires.millesimes import en_colonne, mention
from territoires.models import Territoire

# What the rows of the coverage of a territory are: a région has too many communes for one table.
NIVEAUX = {
    "region": ["qpv"],
    "departement": ["qpv", "commune"],
    "perimetre": ["qpv", "commune"],
    "epci": ["qpv", "commune"],
    "commune": ["qpv", "commune"],
    "qpv": ["qpv"],
}
PETITS = ("commune", "qpv")  # what covers their neighbours is the coverage of the intercommunalité
RANGEES_PAR_PAGE = 20
NOMS_LIES = 150  # beyond, the addresses of the folded names would weigh more than the rest of the page


@require_safe
def couverture(request: HttpRequest, nature: str, code: str) -> HttpResponse:
    """Who covers what, commune by commune or QPV by QPV; the whole table as a file with `?format=csv` or `xlsx`."""
    if SAIS in request.GET:
        return _dire_ce_que_je_sais(request.GET[SAIS])
    territoire = get_object_or_404(
        Territoire.objects.actifs().situes().annotate(millesimes=en_colonne()), nature=nature, code=code
    )
    niveau = request.GET.get("niveau", "")
    if niveau not in NIVEAUX[nature]:
        a_des_quartiers = Territoire.objects.actifs().dans(territoire).filter(nature="qpv").exists()
        niveau = NIVEAUX[nature][0 if a_des_quartiers else -1]
    table = dresser_couverture(territoire, niveau, timezone.localdate())
    nom = f"couverture-{nature}-{code}-{niveau}"
    if request.GET.get("format") in ("csv", "xlsx"):
        tableau = en_tableau(table, mention(territoire.millesimes))
        en_xlsx = request.GET["format"] == "xlsx"
        return reponse_xlsx(nom, avec_code(tableau)) if en_xlsx else reponse_csv(nom, tableau)
    voir = request.GET.get("voir", "")
    liste = request.GET.get("vue") == LISTE
    montrees = montrer(table.rangees, voir)
    rangees = montrees if liste else reunir(montrees, territoire)
    contexte = {
        "territoire": territoire,
        "etapes": [("Territoires", reverse("territoires:accueil")), (territoire.nom, territoire.get_absolute_url())],
        "autour": Territoire.objects.actifs().contenant(territoire).filter(nature="epci") if nature in PETITS else [],
        "niveau": niveau,
        "niveaux": NIVEAUX[nature],
        "voir": voir if voir in VOIR else "tout",
        "liste": liste,
        "table": table,
        "montrees": len(montrees),
        "noms_lies": len(montrees) <= NOMS_LIES,
        "page": Paginator(rangees, RANGEES_PAR_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "panorama/couverture.html", contexte)


def _dire_ce_que_je_sais(case: str) -> HttpResponse:
    designation, _, slug = case.partition(",")
    territoire = Territoire.objects.actifs().designes_par([designation]).first()
    if territoire is None or slug not in SUIVIS:
        raise Http404
    return redirect(je_sais(territoire.designation, slug))
