"""A dossier of fiches: chosen in its address, read on its page, taken away as PDF or DOCX."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comptes.limites import consommer
from panorama.dossier import AU_PLUS, Choix, imprimer, lire, nom, proposer
from panorama.impression import FORMATS
from panorama.models import Tirage
from panorama.tirages import FilePleine, contenu, demander, trouver
from panorama.views.fichiers import fichier, fichier_sur_le_champ

SUR_LE_CHAMP = 5  # fiches; a file of more is made aside
QUOTA = {"tirage": "20/h/ip"}  # files asked for, which nobody asked for before
ATTENDRE = "30"  # seconds


@require_safe
def dossier(request: HttpRequest) -> HttpResponse:
    """One to twenty fiches: `?f=dispositifs/clsm&f=actions/rouen-bus`, as a file with `&format=pdf` or `docx`.

    `&q=` looks for others to add.
    """
    choix = _lire(request)
    forme = request.GET.get("format", "")
    if forme in FORMATS and choix.statut == 200:
        return _fichier(request, choix, forme)
    imprime = imprimer(choix.fiches, timezone.localdate()) if choix.fiches else None
    contexte = {
        "choix": choix,
        "choisies": [(nom(fiche), fiche.get_absolute_url(), choix.sans(fiche)) for fiche in choix.fiches],
        "titre": imprime.titre if imprime else "Composer un dossier",
        "nom_de_la_page": f"Dossier\u00a0: {choix.noms}" if choix.fiches else "Composer un dossier",
        "de_quoi": choix.noms or "Jusqu’à vingt fiches",
        "imprime": imprime,
        "au_plus": AU_PLUS,
        "question": request.GET.get("q", "")[:100],
        "proposees": proposer(choix, request.GET.get("q", "")[:100]),
    }
    return render(request, "panorama/dossier.html", contexte, status=choix.statut)


@require_safe
@never_cache
def preparation(request: HttpRequest) -> HttpResponse:
    """Where the file of a long dossier is: in the queue, ready, or missing. Whoever GETs it first has it made."""
    choix = _lire(request)
    forme = request.GET.get("format", "")
    if forme not in FORMATS or choix.statut != 200:
        return dossier(request)
    tirage, refus, statut = trouver(choix.fiches, forme), "", 200
    if tirage is None and request.method == "HEAD":
        return HttpResponse(status=202)  # as to GET, without a body; whoever only looks has nothing made
    if tirage is None:
        tirage, refus, statut = _demander(request, choix, forme)
    elif tirage.etat == "attendu":
        statut = 202
    contexte = {
        "choix": choix,
        "forme": forme.upper(),
        "tirage": tirage,
        "etat": tirage.etat if tirage else "refus",
        "refus": refus,
        "telecharger": f"{choix.adresse}&format={forme}",
        "etapes": [("Dossier", choix.adresse)],
    }
    reponse = render(request, "panorama/preparation.html", contexte, status=statut)
    if refus:
        reponse["Retry-After"] = ATTENDRE
    return reponse


def _lire(request: HttpRequest) -> Choix:
    choix = lire(request.GET.getlist("f"), timezone.localdate())
    if request.GET.get("format") in FORMATS and not (choix.fiches or choix.erreurs or choix.retirees):
        choix.erreurs.append("Ce dossier est vide\u00a0: choisissez au moins une fiche.")
    return choix


def _fichier(request: HttpRequest, choix: Choix, forme: str) -> HttpResponse:
    titre = f"dossier-{choix.fiches[0].slug}" if len(choix.fiches) == 1 else f"dossier-{len(choix.fiches)}-fiches"
    if len(choix.fiches) <= SUR_LE_CHAMP:
        return fichier_sur_le_champ(request, imprimer(choix.fiches, timezone.localdate()), titre, forme)
    if fait := contenu(choix.fiches, forme):
        return fichier(fait, titre, forme)
    question = choix.adresse.partition("?")[2]
    return redirect(f"{reverse('dossier_en_preparation')}?{question}&format={forme}")


def _demander(request: HttpRequest, choix: Choix, forme: str) -> tuple[Tirage | None, str, int]:
    """Have the file made: return it, or why it is not, and the status that says so."""
    if not consommer(request, app="panorama", action="tirage", config=QUOTA, limit_get=True):
        return None, "Vous avez demandé beaucoup de dossiers en peu de temps. Réessayez dans une heure.", 429
    try:
        return demander(choix.fiches, forme), "", 202
    except FilePleine:
        return None, "Beaucoup de dossiers attendent déjà. Réessayez dans quelques minutes.", 503
