"""The public history of a fiche: its versions, one of them, and what changed between two."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page

from comparaison.contenus import comparer
from dispositifs.models import Articulation, Dispositif
from fiches.edition import composer
from fiches.forms import FORMULAIRES
from fiches.gabarits import Nature
from fiches.models import Fiche
from fiches.views import ou_suivre

PAR_PAGE = 20
NUMERO_MAX = 1_000_000
# A version is shown by the page of its nature, so that it looks as it did.
PAGES = {
    Nature.DISPOSITIF: "dispositifs/dispositif.html",
    Nature.LOCAL: "dispositifs/local.html",
    Nature.ACTION: "actions/action.html",
}


class FormulaireComparer(forms.Form):
    """Two versions to compare, by their numbers: `?de=3&a=5`."""

    de = forms.IntegerField(label="De la version", min_value=1, max_value=NUMERO_MAX)
    a = forms.IntegerField(label="À la version", min_value=1, max_value=NUMERO_MAX)


@ou_suivre
def historique(request: HttpRequest, nature: Nature, slug: str) -> HttpResponse:
    """The versions of a fiche, the last first; any two can be compared."""
    fiche = _fiche(nature, slug)
    pages = Paginator(fiche.versions.defer("contenu").order_by("-numero"), PAR_PAGE)
    try:
        page = pages.page(request.GET.get("page", 1))
    except (EmptyPage, PageNotAnInteger) as erreur:
        raise Http404("Cette page de l’historique n’existe pas.") from erreur
    contexte = {"fiche": fiche, "page": page, "etapes": _etapes(fiche)}
    return render(request, "comparaison/historique.html", contexte)


@ou_suivre
@cache_control(public=True, no_cache=True)
@conditional_page
def version(request: HttpRequest, nature: Nature, slug: str, numero: int) -> HttpResponse:
    """One version, as the page of the fiche showed it, saying what became of it.

    What it says never changes; what surrounds it does (a next version, a fiche masked): caches ask before serving it.
    """
    fiche = _fiche(nature, slug)
    derniere = fiche.numero
    if not 1 <= numero <= derniere:
        raise Http404("Cette version n’existe pas.")
    versions = {v.numero: v for v in fiche.versions.filter(numero__in=(numero, numero + 1))}
    lue, etapes = versions[numero], [*_etapes(fiche), ("Historique", _adresse("historique", fiche))]
    composer(fiche, lue.contenu)
    fiche.numero, fiche.credits, fiche.modifiee_le, fiche.relue_le = numero, lue.credits, lue.publiee_le, None
    articulations = _articulations(lue.contenu)
    contexte = {
        "page": PAGES[Nature(fiche.nature)],
        "fiche": fiche,
        "version": lue,
        "derniere": derniere,
        "suivante": versions.get(numero + 1),
        "precedente": numero - 1,
        "canonique": settings.SITE_URL + fiche.get_absolute_url(),
        "etapes": etapes,
        "articulations": articulations,
        "sommaire_suite": [
            *([("missions", "Missions")] if fiche.rendu.get("missions") else []),
            *([("articulations", "Articulations")] if articulations else []),
        ],
    }
    return render(request, "comparaison/version.html", contexte)


@ou_suivre
def comparer_versions(request: HttpRequest, nature: Nature, slug: str) -> HttpResponse:
    """What changed from one version to another."""
    fiche = _fiche(nature, slug)
    formulaire = FormulaireComparer(request.GET)
    contexte: dict[str, Any] = {
        "fiche": fiche,
        "formulaire": formulaire,
        "etapes": [*_etapes(fiche), ("Historique", _adresse("historique", fiche))],
        "cote_a_cote": request.GET.get("vue") == "cote-a-cote",
    }
    if not formulaire.is_valid():
        return render(request, "comparaison/comparer.html", contexte, status=400)
    numeros = dict(formulaire.cleaned_data)  # an error added takes its field away
    versions = {v.numero: v for v in fiche.versions.filter(numero__in=numeros.values())}
    for champ, numero in numeros.items():
        if numero not in versions:
            formulaire.add_error(
                champ, f"La version {numero} n’existe pas : la dernière est la version {fiche.numero}."
            )
    if not formulaire.is_valid():
        return render(request, "comparaison/comparer.html", contexte, status=404)
    de, a = versions[numeros["de"]], versions[numeros["a"]]
    contexte |= {
        "de": de,
        "a": a,
        "titres": [f"Version {numero}" for numero in (de.numero, a.numero)],
        "comparaison": comparer(fiche.nature, de.contenu, a.contenu),
    }
    return render(request, "comparaison/comparer.html", contexte)


def _fiche(nature: Nature, slug: str) -> Fiche:
    """Return the fiche that the public may read at this address, as the model of its nature; 404 otherwise."""
    visibles = FORMULAIRES[nature].modele.objects.visibles_pour()
    return get_object_or_404(visibles.defer("recherche", "mots"), slug=slug)


def _etapes(fiche: Fiche) -> list[tuple[str, str]]:
    return [("Fiches", reverse("catalogue")), (fiche.titre, fiche.get_absolute_url())]


def _adresse(nom: str, fiche: Fiche) -> str:
    return reverse(nom, args=[Nature(fiche.nature), fiche.slug])


def _articulations(contenu: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the links that a version gives to other dispositifs, those that the public may read."""
    liens = contenu.get("articulations") or []
    autres = Dispositif.objects.visibles_pour().filter(slug__in=[lien["vers"] for lien in liens]) if liens else []
    par_slug = {autre.slug: autre for autre in autres}
    return [
        {"mots": Articulation.Type(lien["type"]).label, "autre": par_slug[lien["vers"]], "precision": lien["precision"]}
        for lien in liens
        if lien["vers"] in par_slug
    ]
