"""Fiches side by side, chosen in the address: two to four kinds of schemes, two to six local schemes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dispositifs.models import COMPARES_AU_PLUS, Dispositif, DispositifLocal, DispositifLocalQuerySet
from fiches.models import Fiche
from francais.balises import enumeration
from francais.tableur import reponse_csv, reponse_xlsx
from panorama.comparateur import AU_MOINS
from panorama.comparateur import comparer as comparer_dispositifs
from panorama.comparateur_local import AU_PLUS, en_lignes, voisins
from panorama.comparateur_local import comparer as comparer_locaux
from panorama.forms import FiltreLocaux

PROPOSES = 40
TABLEURS = {"csv": reponse_csv, "xlsx": reponse_xlsx}
Comparee = TypeVar("Comparee", Dispositif, DispositifLocal)


@dataclass(frozen=True)
class Demande(Generic[Comparee]):
    """What an address asks to compare: the fiches found, in its order, and what is wrong with it."""

    choisis: list[Comparee]
    erreurs: list[str]

    @property
    def compares(self) -> list[Comparee]:
        return self.choisis if len(self.choisis) >= AU_MOINS else []


def lire(demandes: Sequence[str], trouvees: Sequence[Comparee], au_plus: int, nom: str, noms: str) -> Demande[Comparee]:
    """Return what these slugs ask for; unknown ones are told, beyond `au_plus` the first are kept."""
    par_slug = {fiche.slug: fiche for fiche in trouvees}
    slugs = list(dict.fromkeys(slug for slug in demandes if slug))
    choisis = [par_slug[slug] for slug in slugs if slug in par_slug]
    erreurs = [f"{nom} inconnu : « {slug} »." for slug in slugs if slug not in par_slug]
    if len(choisis) > au_plus:
        erreurs.append(f"On compare au plus {au_plus} {noms} : les premiers sont gardés.")
    return Demande(choisis[:au_plus], erreurs)


@require_safe
def dispositifs(request: HttpRequest) -> HttpResponse:
    """Two to four kinds of schemes in one table: `?d=asv&d=rtps&d=cmt`; one column on a phone, `&voir=asv`."""
    tous = list(Dispositif.objects.visibles_pour().en_cartes())
    demande = lire(request.GET.getlist("d"), tous, COMPARES_AU_PLUS, "Dispositif", "dispositifs")
    contexte = {
        "etapes": [("Fiches", reverse("catalogue")), ("Dispositifs", reverse("dispositifs"))],
        "autres": [d for d in tous if d not in demande.choisis] if len(demande.choisis) < COMPARES_AU_PLUS else [],
        "erreurs": demande.erreurs,
        **_cote_a_cote(request.GET, "comparer", "d", demande, lambda d: d.nom_court),
        "groupes": comparer_dispositifs(demande.compares) if demande.compares else [],
    }
    return render(request, "panorama/comparer.html", contexte, status=400 if demande.erreurs else 200)


@require_safe
def locaux(request: HttpRequest) -> HttpResponse:
    """Two to six local schemes in one table: `?l=cls-hem&l=cls-roubaix`, or those of a territory and of a kind.

    The very table as a workbook or CSV with `?format=xlsx` or `csv`; one column on a phone, `&voir=cls-hem`.
    """
    suivis = Dispositif.objects.visibles_pour().filter(locaux__etat="publiee").distinct().order_by("titre")
    filtre = FiltreLocaux(request.GET, list(suivis.only("slug", "titre", "sigle", "categorie")))
    demandes = [slug for slug in request.GET.getlist("l") if slug]
    visibles = DispositifLocal.objects.visibles_pour().avec_etat(timezone.localdate()).select_related("dispositif")
    proposes = _proposes(filtre, visibles, demandes)
    if not demandes and AU_MOINS <= len(proposes) <= AU_PLUS:
        demandes = [local.slug for local in proposes]
    trouves: list[DispositifLocal] = list(visibles.filter(slug__in=demandes)) if demandes else []
    demande = lire(demandes, trouves, AU_PLUS, "Dispositif local", "dispositifs locaux")
    erreurs = demande.erreurs + [texte for textes in filtre.errors.values() for texte in textes]
    choisis, compares = demande.choisis, demande.compares
    groupes = comparer_locaux(compares) if compares else []
    if compares and not erreurs and (tableur := TABLEURS.get(request.GET.get("format", ""))):
        return tableur("comparaison", en_lignes(compares, groupes, settings.SITE_URL))
    contexte = {
        "etapes": [("Fiches", reverse("catalogue")), ("Dispositifs locaux", reverse("dispositifs_locaux"))],
        "filtre": filtre,
        "proposes": [local for local in proposes if local not in choisis],
        "complet": len(choisis) == AU_PLUS,
        "erreurs": erreurs,
        "emporter": adresse("comparer_locaux", "l", compares),
        **_cote_a_cote(request.GET, "comparer_locaux", "l", demande, lambda local: local.titre),
        "groupes": groupes,
    }
    return render(request, "panorama/comparer_locaux.html", contexte, status=400 if erreurs else 200)


def _proposes(filtre: FiltreLocaux, visibles: DispositifLocalQuerySet, demandes: list[str]) -> list[DispositifLocal]:
    """Return what one may add: what the filter asks for; else, to one alone, those of its kind around it."""
    if filtre.is_valid() and any(filtre.cleaned_data.values()):
        return list(filtre.retenir(visibles).en_cartes().order_by("titre")[:PROPOSES])
    seul = visibles.filter(slug=demandes[0]).first() if len(demandes) == 1 else None
    return list(voisins(seul).visibles_pour().en_cartes().order_by("titre")[:PROPOSES]) if seul else []


def _cote_a_cote(
    parametres: QueryDict, route: str, cle: str, demande: Demande[Comparee], nom: Callable[[Comparee], str]
) -> dict[str, Any]:
    """Return what the page of a comparison shows whatever is compared."""
    choisis, differences = demande.choisis, parametres.get("differences") == "1"
    sans = [(une, adresse(route, cle, [autre for autre in choisis if autre != une], differences)) for une in choisis]
    noms = [nom(fiche) for fiche in demande.compares]
    voulue = parametres.get("voir", "")
    return {
        "titre": f"{enumeration(noms)} comparés" if noms else "",
        "cle": cle,
        "choisis": sans,
        "compares": demande.compares,
        "colonnes": list(zip(demande.compares, noms, strict=True)),
        "vue": next((place for place, fiche in enumerate(demande.compares, 1) if fiche.slug == voulue), 1),
        "differences": differences,
    }


def adresse(route: str, cle: str, fiches: Sequence[Fiche], differences: bool = False) -> str:
    parametres = [(cle, fiche.slug) for fiche in fiches] + [("differences", "1")] * differences
    return f"{reverse(route)}{'?' if parametres else ''}{urlencode(parametres)}"
