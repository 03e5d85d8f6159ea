"""« Est-ce toujours vrai ? »: the page of the link an institution received, and the one that stops such questions.

GET shows and changes nothing: the machines that look into e-mails follow links.
"""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from comptes.liens_secrets import secrete
from contributions.confirmer.forms import FormulaireReponse
from contributions.models import Demande
from contributions.redaction.formulaire_expire import rend_le_texte
from contributions.verbes import confirmations
from contributions.verbes.empechements import Empechement
from dispositifs.models import DispositifLocal

PUBLIEE = DispositifLocal.Etat.PUBLIEE


def _par_lien(vue: Callable[[HttpRequest, Demande], HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view the request that the link was made for, or say that it opens nothing."""

    @wraps(vue)
    def ouvrir(request: HttpRequest, jeton: str) -> HttpResponse:
        demande = Demande.designee(jeton)
        if demande is None:
            return render(request, "contributions/confirmer_ferme.html", {"raison": "inconnu"}, status=404)
        return vue(request, demande)

    return ouvrir


@rend_le_texte
@secrete
@require_http_methods(["GET", "HEAD", "POST"])
@_par_lien
def confirmer(request: HttpRequest, demande: Demande) -> HttpResponse:
    """Ask, take the answer, show what becomes of it; the same link changes it until it ends."""
    raison = _fermee(demande)
    if raison:
        contexte = {"raison": raison, "demande": demande}
        return render(request, "contributions/confirmer_ferme.html", contexte, status=410)
    poste = request.POST if request.method == "POST" else None
    formulaire = FormulaireReponse(poste, demande=demande, jour=timezone.localdate())
    if poste is None:
        return _page(request, demande, formulaire)
    if not formulaire.is_valid():
        return _page(request, demande, formulaire, status=422)
    try:
        confirmations.repondre(demande, **formulaire.dite)
    except ValidationError as refus:
        formulaire.refuser(refus)
        return _page(request, demande, formulaire, status=422)
    except Empechement as empechement:
        formulaire.add_error(None, str(empechement))
        return _page(request, demande, formulaire, status=409)
    return HttpResponseRedirect(request.path, status=303)  # reloading sends nothing again


def _fermee(demande: Demande) -> str:
    """Return why the link asks nothing any more: « expire », « retiree »; empty while it does."""
    if demande.expiree:
        return "expire"
    return "" if demande.fiche.etat == PUBLIEE else "retiree"


def _page(request: HttpRequest, demande: Demande, formulaire: FormulaireReponse, *, status: int = 200) -> HttpResponse:
    contexte = {
        "demande": demande,
        "fiche": demande.fiche,
        "etat": demande.fiche.situation.etat(timezone.localdate()),
        "formulaire": formulaire,
        "reponses": list(demande.reponses.select_related("proposition").order_by("-pk")),
        "erreurs": list(_fautes(formulaire)),
        "arretee": demande.arretee,
    }
    return render(request, "contributions/confirmer.html", contexte, status=status)


def _fautes(formulaire: FormulaireReponse):
    """Yield all that is wrong, each with the id of what to put right."""
    for nom, fautes in formulaire.errors.items():
        for faute in fautes:
            yield "" if nom == "__all__" else formulaire[nom].auto_id, str(faute)


@csrf_exempt  # mail readers post without having read the page (RFC 8058 §3.1): the signed link is the proof
@secrete
@require_http_methods(["GET", "HEAD", "POST"])
@_par_lien
def ne_plus_demander(request: HttpRequest, demande: Demande) -> HttpResponse:
    """Stop by POST alone, even once the link has ended."""
    if not demande.empreinte:  # a year and more after: nobody knows which address it was
        return render(request, "contributions/confirmer_ferme.html", {"raison": "oublie"}, status=410)
    if request.method == "POST":
        confirmations.arreter(demande)
    contexte = {"demande": demande, "arretee": demande.arretee}
    return render(request, "contributions/ne_plus_demander.html", contexte)
