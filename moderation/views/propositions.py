"""The examination of a proposition, and the decision: rehearsed first, so that its effect and its e-mail are shown."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from comptes.acces import moderateur_requis
from contributions.models import Journal, Proposition
from contributions.redaction.formulaire_expire import rend_le_texte
from contributions.redaction.saisie import entier
from contributions.verbes import avis, workflow
from contributions.verbes.empechements import ConflitATrancher, DejaDecidee, Empechement
from contributions.verbes.permissions import peut_decider
from fiches import edition
from moderation.examen import Examen
from moderation.forms.decider import DemandeAvis, FormulaireDecision
from moderation.forms.rangees import ECRIRE
from moderation.repetition import repeter
from moderation.views.file import Poste

VUES = {
    "": "Différences",
    "auteur": "Auteur",
    "apercu": "Aperçu",
    "sources": "Sources",
    "proposee": "Ce que l’auteur a changé",
}
VERBES = ("accepter", "demander_corrections", "ecarter")
GESTES = ("prendre", "rendre")


@rend_le_texte
@never_cache
@moderateur_requis
def examiner(request: HttpRequest, pk: int) -> HttpResponse:
    """`?vue=` chooses the tab; a POST takes, gives back, asks for advice, or decides."""
    propositions = Proposition.objects.visibles_pour(request.user).defer("saisie")
    lies = ("fiche", "base", "auteur", "decidee_par", "prise_par", "version", "dossier")
    proposition = get_object_or_404(propositions.select_related(*lies), pk=pk)
    verbe = request.POST.get("verbe", "")
    if request.method != "POST":
        return _page(request, proposition)
    if verbe in GESTES:
        return prendre_ou_rendre(request, proposition, getattr(workflow, verbe))
    if verbe == "avis":
        demande = DemandeAvis(request.POST, de=request.user)
        if demande.is_valid():
            return demander_avis(request, proposition, demande)
        return _page(request, proposition, demande=demande, statut=400)
    return _decider(request, proposition, verbe)


def prendre_ou_rendre(request: HttpRequest, objet, geste: Callable[..., Any]) -> HttpResponse:
    try:
        geste(objet, par=request.user)
    except Empechement as empechement:
        messages.error(request, str(empechement))
    return redirect(request.get_full_path())


def demander_avis(request: HttpRequest, objet, demande: DemandeAvis) -> HttpResponse:
    avis.demander(objet, par=request.user, a=demande.cleaned_data["a"], texte=demande.cleaned_data["texte"])
    messages.success(request, f"Votre question est envoyée à {demande.cleaned_data['a']}.")
    return redirect(request.get_full_path())


def _decider(request: HttpRequest, proposition: Proposition, verbe: str) -> HttpResponse:
    """Check, show what it would do, do it once confirmed. What was typed comes back whatever happens."""
    if proposition.statut not in Proposition.A_TRAITER:
        return _trop_tard(request, proposition)
    examen = _examen(proposition)
    if verbe not in VERBES or "revenir" in request.POST:
        formulaire = FormulaireDecision(examen, request.POST)
        if verbe == "inserer":
            formulaire = _inserer_reponse(examen, request)
        return _page(request, proposition, examen=examen, formulaire=formulaire)
    formulaire = FormulaireDecision(examen, request.POST, verbe=verbe)
    if not formulaire.is_valid():
        return _page(request, proposition, examen=examen, formulaire=formulaire, statut=400)
    try:
        if request.POST.get("confirme") != "oui":
            return _confirmer(request, proposition, formulaire)
        decidee = _appliquer(request, proposition, formulaire)
    except DejaDecidee:
        return _trop_tard(request, Proposition.objects.get(pk=proposition.pk))
    except Empechement as empechement:
        # The texts may have moved: they are read again, what was typed stays.
        relu = _examen(proposition)
        neuf = FormulaireDecision(relu, request.POST)
        cles = empechement.conflits if isinstance(empechement, ConflitATrancher) else []
        return _page(
            request, proposition, examen=relu, formulaire=neuf, statut=409, empechement=str(empechement), a_revoir=cles
        )
    messages.success(request, decidee)
    return redirect(request.get_full_path())


def _confirmer(request: HttpRequest, proposition: Proposition, formulaire: FormulaireDecision) -> HttpResponse:
    """Show the effect and the e-mail, found out by deciding and undoing it."""
    ajustee = bool(formulaire.verbe == "accepter" and (formulaire.ajustements or formulaire.choix))
    decidees = Proposition.objects.select_related("version")
    phrase, courriels = repeter(
        lambda: _appliquer(request, proposition, formulaire),
        lambda _: _phrase(decidees.get(pk=proposition.pk), ajustee=ajustee),
    )
    contexte = {
        "objet": proposition,
        "sujet": proposition.titre,
        "verbe": formulaire.verbe,
        "phrase": phrase,
        "courriels": courriels,
        "saisie": saisie(request),
    }
    return render(request, "moderation/confirmer.html", contexte)


def _appliquer(request: HttpRequest, proposition: Proposition, formulaire: FormulaireDecision) -> str:
    """Decide, and return in words what was done."""
    lues, depot = formulaire.cleaned_data, entier(request.POST.get("depot"))
    commun: dict[str, Any] = {"par": request.user, "depot": depot}
    if formulaire.verbe == "demander_corrections":
        workflow.demander_corrections(
            proposition, explication=lues["message"], remarques=formulaire.remarques, **commun
        )
        return "Les corrections sont demandées : le texte est rendu à son auteur."
    if formulaire.verbe == "ecarter":
        workflow.ecarter(proposition, motif=lues["motif"], explication=lues["message"], **commun)
        return "La proposition est écartée, et l’auteur sait pourquoi."
    version = workflow.accepter(
        proposition,
        sur=entier(request.POST.get("sur")),
        retenues=formulaire.retenues,
        ajustements=formulaire.ajustements,
        choix=formulaire.choix,
        motif=lues["motif"],
        explication=lues["message"],
        **commun,
    )
    return f"La version {version.numero} est publiée."


def _phrase(decidee: Proposition, *, ajustee: bool) -> str:
    if decidee.version:
        suite = ", ajustée par vous" if ajustee else ""
        partie = " Une partie n’est pas retenue." if decidee.statut == Proposition.Statut.ACCEPTEE_EN_PARTIE else ""
        return f"La version {decidee.version.numero} sera publiée, créditée « {decidee.nom_credite} »{suite}.{partie}"
    if decidee.statut == Proposition.Statut.ECARTEE:
        return "La proposition sera écartée. Rien ne sera publié ; l’auteur pourra contester pendant six mois."
    return "Le texte sera rendu à son auteur avec vos remarques. Rien ne sera publié."


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


def _trop_tard(request: HttpRequest, proposition: Proposition) -> HttpResponse:
    """Somebody decided meanwhile: who, when, what; and what one was writing, to be copied."""
    ecrits = [str(v) for nom, v in request.POST.items() if nom.startswith(("texte-", "remarque-", "message"))]
    rangees = [nom for nom, choisi in request.POST.items() if nom.startswith("rangee-") and choisi == ECRIRE]
    ecrits += [" · ".join(str(v) for n, v in request.POST.items() if n.startswith(f"{nom}-") and v) for nom in rangees]
    empechement = proposition.pourquoi_pas
    return _page(request, proposition, statut=409, empechement=empechement, ecrits=[e for e in ecrits if e.strip()])


def _examen(proposition: Proposition) -> Examen:
    depot = proposition.depots.select_related("base").order_by("-numero")[0]
    return Examen(proposition, depot)


def saisie(request: HttpRequest) -> list[tuple[str, str]]:
    """Return all that was posted, to be posted again once confirmed."""
    laissees = ("csrfmiddlewaretoken", "confirme", "verbe", "revenir")
    return [(nom, v) for nom, valeurs in request.POST.lists() if nom not in laissees for v in valeurs]


def _page(
    request: HttpRequest,
    proposition: Proposition,
    *,
    examen: Examen | None = None,
    formulaire: FormulaireDecision | None = None,
    demande: DemandeAvis | None = None,
    statut: int = 200,
    empechement: str = "",
    a_revoir: list[str] | None = None,
    ecrits: list[str] | None = None,
) -> HttpResponse:
    vue = request.GET.get("vue", "") if request.method == "GET" else ""
    examen = examen or _examen(proposition)
    a_traiter = proposition.statut in Proposition.A_TRAITER
    poste = Poste.de(request)
    precedente, suivante = poste.file.voisines("examiner", proposition.pk)
    contexte: dict[str, Any] = {
        "proposition": proposition,
        "examen": examen,
        "vue": vue if vue in VUES else "",
        "vues": [(cle, nom) for cle, nom in VUES.items() if cle != "proposee" or examen.a_bouge],
        "formulaire": (formulaire or FormulaireDecision(examen)) if a_traiter else None,
        "demande": demande or DemandeAvis(de=request.user),
        "a_traiter": a_traiter,
        "decidable": a_traiter and peut_decider(request.user, proposition),
        "tenue_par_un_autre": proposition.reservee_a_un_autre(request.user),
        "a_moi": proposition.reservee and proposition.prise_par_id == request.user.pk,
        "entree": next((e for e in poste.file.entrees if e.route == "examiner" and e.pk == proposition.pk), None),
        "poste": poste,
        "precedente": precedente,
        "suivante": suivante,
        "journal": lignes_du_journal(Journal.objects.filter(proposition=proposition)),
        "empechement": empechement,
        "a_revoir": a_revoir or [],
        "ecrits": ecrits or [],
        "fil_messages": list(proposition.messages.select_related("auteur")),
    }
    if vue == "apercu":
        # as the whole merge would make it; nothing if it could not be published
        contexte["apercu"] = None if examen.erreurs else edition.composer(examen.fiche, examen.entiere)
    elif vue == "auteur":
        contexte["passe"] = _passe(proposition)
    return render(request, "moderation/examiner.html", contexte, status=statut)


def lignes_du_journal(lignes) -> list[Journal]:
    return list(lignes.select_related("qui").order_by("-pk")[:50])


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
