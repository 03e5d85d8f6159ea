"""The examination of a proposition: what it changes, unit by unit, and what is decided of it."""

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache

from comptes.acces import moderateur_requis
from contributions.models import Journal, Proposition
from contributions.redaction.formulaire_expire import rend_le_texte
from contributions.verbes.annulation import annulable_jusqua
from contributions.verbes.empechements import Empechement
from contributions.verbes.permissions import est_de
from moderation.bureau import Choix, agir, lignes_du_journal, remplir
from moderation.examen import Examen
from moderation.forms.propositions import FormulaireDecision
from moderation.forms.rangees import ECRIRE
from moderation.gestes import GESTES, offerts
from moderation.lectures import lu_avant
from moderation.views.file import Poste

VUES = {
    "": "Différences",
    "auteur": "Auteur",
    "apercu": "Aperçu",
    "sources": "Sources",
    "proposee": "Ce que l’auteur a changé",
}
DECISIONS = ("accepter", "demander_corrections", "ecarter")
A_COTE = ("ecrire", "confier", "avis", "rouvrir")  # asked beside the decision, whatever it is


@rend_le_texte
@never_cache
@moderateur_requis
def examiner(request: HttpRequest, pk: int) -> HttpResponse:
    """`?vue=` chooses the tab; a POST takes, gives back, asks for advice, or decides."""
    propositions = Proposition.objects.visibles_pour(request.user).defer("saisie")
    lies = ("fiche", "base", "auteur", "decidee_par", "prise_par", "version", "dossier", "lot")
    proposition = get_object_or_404(propositions.select_related(*lies), pk=pk)
    verbe = request.POST.get("verbe", "")
    if request.method != "POST":
        return _page(request, proposition)
    if verbe in GESTES[Proposition] and verbe not in DECISIONS:
        choix = remplir(request, proposition, verbe)
        return agir(request, proposition, choix, partial(_page, request, proposition, autre=choix))
    return _decider(request, proposition, verbe)


def _decider(request: HttpRequest, proposition: Proposition, verbe: str) -> HttpResponse:
    """Read what is decided of each unit, or show the form again as it was filled in."""
    if proposition.statut not in Proposition.A_TRAITER:
        return _page(request, proposition, status=409, empechement=proposition.pourquoi_pas)
    examen = _examen(request, proposition)
    if verbe not in DECISIONS or "revenir" in request.POST:
        formulaire = FormulaireDecision(examen, request.POST)
        if verbe == "inserer":
            formulaire = _inserer_reponse(examen, request)
        return _page(request, proposition, formulaire=formulaire)
    formulaire = FormulaireDecision(examen, request.POST, verbe=verbe)
    choix = Choix(verbe, GESTES[Proposition][verbe], formulaire)
    page = partial(_page, request, proposition, formulaire=formulaire)
    return agir(request, proposition, choix, page, suivant=Poste.de(request).suivant("examiner", proposition))


def _inserer_reponse(examen: Examen, request: HttpRequest) -> FormulaireDecision:
    """Put a saved answer at the end of the message, and its reason if none is chosen."""
    saisie = request.POST.copy()
    champ = FormulaireDecision.base_fields["reponse"]
    try:
        reponse = champ.clean(saisie.get("reponse"))
    except ValidationError:
        reponse = None
    if reponse:
        saisie["message"] = "\n\n".join(filter(None, [saisie.get("message", "").strip(), reponse.texte]))
        saisie["motif"] = saisie.get("motif") or reponse.motif
        saisie["reponse"] = ""
    return FormulaireDecision(examen, saisie)


def _ecrits(request: HttpRequest) -> list[str]:
    """Return what one was writing, to be copied: somebody decided meanwhile."""
    ecrits = [str(v) for nom, v in request.POST.items() if nom.startswith(("texte-", "remarque-", "message"))]
    rangees = [nom for nom, choisi in request.POST.items() if nom.startswith("rangee-") and choisi == ECRIRE]
    ecrits += [" · ".join(str(v) for n, v in request.POST.items() if n.startswith(f"{nom}-") and v) for nom in rangees]
    return [ecrit for ecrit in ecrits if ecrit.strip()]


def _examen(request: HttpRequest, proposition: Proposition) -> Examen:
    depot = proposition.depots.select_related("base").order_by("-numero")[0]
    return Examen(proposition, depot, lu_avant(request, proposition, depot))


def _page(
    request: HttpRequest,
    proposition: Proposition,
    *,
    formulaire: FormulaireDecision | None = None,
    autre: Choix | None = None,
    status: int = 200,
    empechement: Empechement | str = "",
) -> HttpResponse:
    vue = request.GET.get("vue", "") if request.method == "GET" else ""
    a_traiter, la_sienne = proposition.statut in Proposition.A_TRAITER, est_de(request.user, proposition)
    # When something stopped the verb, the texts may have moved: they are read again, what was typed stays.
    examen = formulaire.examen if formulaire and not empechement else _examen(request, proposition)
    if not formulaire or empechement:
        formulaire = FormulaireDecision(examen, request.POST if empechement else None)
    contexte: dict[str, Any] = {
        **Poste.de(request).contexte("examiner", proposition),
        "proposition": proposition,
        "examen": examen,
        "vue": vue if vue in VUES else "",
        "vues": [(cle, nom) for cle, nom in VUES.items() if cle != "proposee" or examen.a_bouge],
        "formulaire": formulaire if a_traiter else None,
        **{nom: autre if autre and autre.verbe == nom else remplir(request, proposition, nom) for nom in A_COTE},
        "annulable_jusqua": annulable_jusqua(proposition, request.user),
        "rouvrable": "rouvrir" in offerts(proposition) and not la_sienne,
        "la_sienne": la_sienne,
        "a_traiter": a_traiter,
        "decidable": a_traiter and not la_sienne,
        "reserve_a_un_autre": proposition.reservee_a_un_autre(request.user),
        "reserve_a_moi": proposition.reservee_a(request.user),
        "journal": lignes_du_journal(Journal.objects.filter(proposition=proposition)),
        "empechement": empechement,
        "a_revoir": getattr(empechement, "conflits", []),
        "ecrits": _ecrits(request) if empechement and not a_traiter else [],
        "fil_messages": list(proposition.messages.select_related("auteur")),
    }
    if vue == "apercu":
        contexte["apercu"] = examen.apercu
    elif vue == "auteur":
        contexte["passe"] = _passe(proposition)
    return render(request, "moderation/proposition.html", contexte, status=status)


def _passe(proposition: Proposition) -> dict[str, Any]:
    """Return what the same author handed in before."""
    if proposition.auteur_id:
        siennes = Proposition.objects.filter(auteur=proposition.auteur_id)
    elif proposition.courriel:
        siennes = Proposition.objects.filter(courriel__iexact=proposition.courriel)
    else:
        siennes = Proposition.objects.none()
    siennes = siennes.filter(deposee_le__isnull=False).exclude(pk=proposition.pk)
    comptes = dict(siennes.order_by().values_list("statut").annotate(Count("pk")))
    noms = dict(Proposition.Statut.choices)
    return {
        "comptes": [(noms[statut], comptes[statut]) for statut in noms if statut in comptes],
        "siennes": siennes.select_related("fiche").defer("saisie")[:20],
        "premiere": not comptes,
    }
