"""« Apporter un tableau »: four steps, each a page, and what one takes away: the template, one's own table."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from contributions.models import Lot, Tableau
from contributions.tableau import annotation, etapes, gabarit, travail
from contributions.tableau.analyse import Effet
from contributions.tableau.forms import FormulaireColonnes, FormulaireEnvoi, FormulaireTableau
from contributions.tableau.questions import LAISSER
from contributions.verbes.empechements import Empechement
from contributions.verbes.lots import LignesRefusees, lignes_permises
from francais.balises import pluriel
from francais.nombres import entier

QUESTIONS_PAR_PAGE = 40
SORTS_PAR_PAGE = 100
REPONSE, LIBRE = "r-", "l-"  # before the key of a question: what was ticked, what was written


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apporter(request: HttpRequest) -> HttpResponse:
    """First step: the table itself. Those that one left are there to be gone on with."""
    if "effacer" in request.POST:
        _tableau(request, entier(request.POST["effacer"])).delete()
        messages.success(request, "Le tableau est effacé.")
        return redirect("tableau")
    poste = request.method == "POST"
    formulaire = FormulaireTableau(request.POST if poste else None, request.FILES if poste else None)
    if poste and formulaire.is_valid():
        tableau = etapes.commencer(request.user, formulaire.classeur, formulaire.annonce, formulaire.nom)  # type: ignore[arg-type]
        return redirect("tableau_colonnes", tableau.pk)
    contexte = {
        "formulaire": formulaire,
        "commences": list(Tableau.objects.de(request.user)),
        "permises": lignes_permises(request.user),  # type: ignore[arg-type]
    }
    return _page(request, "apporter", 1, contexte, status=422 if poste else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def colonnes(request: HttpRequest, pk: int) -> HttpResponse:
    """Second step: what each column says."""
    tableau = _tableau(request, pk)
    feuilles = travail.lire_les_feuilles(tableau)
    relire = "relire" in request.POST
    formulaire = FormulaireColonnes(request.POST if request.method == "POST" else None, feuilles, relire=relire)
    if request.method == "POST" and formulaire.is_valid():
        if relire:
            Tableau.objects.filter(pk=pk).update(colonnes=formulaire.colonnes, modifie_le=timezone.now())
            return redirect("tableau_colonnes", pk)
        etapes.nommer_les_colonnes(tableau, formulaire.colonnes, feuilles)
        return redirect("tableau_lignes", pk)
    statut = 422 if request.method == "POST" else 200
    return _page(request, "colonnes", 2, {"tableau": tableau, "formulaire": formulaire}, status=statut)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lignes(request: HttpRequest, pk: int) -> HttpResponse:
    """Third step: what is not sure, grouped by value; what is wrong; what was understood."""
    tableau = _tableau(request, pk)
    if not tableau.tour:
        return redirect("tableau_colonnes", pk)
    if tableau.analyse is None:
        total = sum(len(lue.lignes) for lue in travail.lire_les_feuilles(tableau))
        return _page(request, "en_lecture", 3, {"tableau": tableau, "total": total})
    if request.method == "POST":
        if "oublier" in request.POST:
            etapes.reprendre_les_reponses(tableau)
        elif neuves := _repondre(tableau, _reponses(request.POST)):
            messages.info(
                request, f"Vos réponses sont gardées. Il reste {neuves} {pluriel(neuves, 'question,questions')}."
            )
        elif "suite" in request.POST:
            return redirect("tableau_envoi", pk)
        return redirect("tableau_lignes", pk)
    questions = tableau.analyse["questions"]
    contexte = {
        "tableau": tableau,
        "comptes": tableau.analyse["comptes"],
        "prets": sum(tableau.analyse["comptes"][effet] for effet in (Effet.CREER, Effet.CHANGER, Effet.INCHANGEE)),
        "questions": questions[:QUESTIONS_PAR_PAGE],
        "de_plus": len(questions) - QUESTIONS_PAR_PAGE,
        "fautes": tableau.analyse["fautes"],
        "compris": tableau.analyse["compris"],
        "laisser": LAISSER,
    }
    return _page(request, "lignes", 3, contexte)


def _repondre(tableau: Tableau, reponses: dict[str, str]) -> int:
    """Keep answers; return how many questions come after them that this person did not leave as they were."""
    donnees = {cle for cle, dite in reponses.items() if dite}
    laissees = {question["cle"] for question in tableau.analyse["questions"][:QUESTIONS_PAR_PAGE]} - donnees  # type: ignore[index]
    etapes.repondre(tableau, reponses)
    restent = (tableau.analyse or {}).get("questions", []) if donnees else []
    return sum(question["cle"] not in laissees for question in restent)


def _reponses(poste: QueryDict) -> dict[str, str]:
    """Return what was answered, by question: what was written wins over what was ticked."""
    dites = {nom[2:]: "|".join(poste.getlist(nom)) for nom in poste if nom.startswith(REPONSE)}
    ecrites = {nom[2:]: str(poste[nom]).strip() for nom in poste if nom.startswith(LIBRE)}
    return dites | {cle: ecrite for cle, ecrite in ecrites.items() if ecrite}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def envoi(request: HttpRequest, pk: int) -> HttpResponse:
    """Fourth step: what the table would change, and its sending."""
    if request.method == "POST" and (deja := _deja_envoye(request)):
        return redirect(deja)
    tableau = _tableau(request, pk)
    if tableau.analyse is None:
        return redirect("tableau_lignes", pk)
    poste = request.POST if request.method == "POST" else None
    formulaire = FormulaireEnvoi(poste, initial={"titre": f"{tableau.nom}, {tableau.le.en_mots}"[:120]})
    statut = 200 if poste is None else 422
    if poste is not None and formulaire.is_valid():
        try:
            return redirect(etapes.envoyer(tableau, **formulaire.cleaned_data))
        except LignesRefusees as refus:  # fiches went away meanwhile: what becomes of their lines is read again
            etapes.relire(tableau)
            messages.warning(request, f"{refus} Le tableau vient d’être relu.")
            return redirect("tableau_lignes", pk)
        except Empechement as empechement:
            formulaire.add_error(None, str(empechement))
            statut = 409
    voulu = request.GET.get("effet", "")
    sorts = [sort for sort in tableau.analyse["sorts"] if voulu in ("", sort["effet"])]
    contexte = {
        "tableau": tableau,
        "formulaire": formulaire,
        "comptes": [(effet, tableau.analyse["comptes"][effet]) for effet in Effet],
        "reunies": tableau.analyse["reunies"],
        "remplacees": tableau.analyse.get("remplacees", []),
        "a_envoyer": len(tableau.contenus),
        "restent": len(tableau.analyse["questions"]),
        "restees": tableau.analyse["comptes"][Effet.REVOIR] + tableau.analyse["comptes"][Effet.LAISSEE],
        "permises": lignes_permises(tableau.auteur),
        "voulu": voulu,
        "page": Paginator(sorts, SORTS_PAR_PAGE).get_page(entier(request.GET.get("page", ""))),
        "effets": dict(Effet.choices),
    }
    return _page(request, "envoi", 4, contexte, status=statut)


def _deja_envoye(request: HttpRequest) -> Lot | None:
    """Return the lot that this very page handed in a moment before."""
    return Lot.objects.filter(
        jeton=request.POST.get("jeton", "").replace("\0", "")[:40], auteur=request.user.pk
    ).first()


@login_required
@never_cache
@require_safe
def annote(request: HttpRequest, pk: int) -> HttpResponse:
    """Their own table, as a workbook, with a column of what is to be looked at again."""
    tableau = _tableau(request, pk)
    if tableau.analyse is None:
        raise Http404
    return annotation.reponse(tableau)


@require_safe
def tableau_vide(request: HttpRequest, forme: str) -> HttpResponse:
    """The template to fill in, with an example and the codes of a département."""
    return gabarit.reponse(forme, request.GET.get("departement", ""))


def _tableau(request: HttpRequest, pk: int) -> Tableau:
    return get_object_or_404(Tableau.objects.select_related("auteur"), pk=pk, auteur=request.user.pk)


def _page(request: HttpRequest, nom: str, etape: int, contexte: dict[str, Any], status: int = 200) -> HttpResponse:
    pas = ["Le tableau", "Les colonnes", "Les lignes", "L’envoi"]
    routes = ["tableau", "tableau_colonnes", "tableau_lignes", "tableau_envoi"]
    faites = [
        (
            pas[rang],
            reverse(routes[rang], args=[contexte["tableau"].pk] if rang else []),
            contexte.get("restent", 0) if routes[rang] == "tableau_lignes" else 0,
        )
        for rang in range(etape - 1)
    ]
    commun = {
        "faites": faites,
        "etape": etape,
        "ici": pas[etape - 1],
        "a_venir": list(enumerate(pas, 1))[etape:],
        "etapes": [("Contribuer", reverse("contribuer"))],
    }
    return render(request, f"contributions/tableau/{nom}.html", {**commun, **contexte}, status=status)
