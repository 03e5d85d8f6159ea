"""An appeal, examined by somebody else than the first decider."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from comptes.acces import moderateur_requis
from contributions.models import Journal, Recours
from contributions.redaction.formulaire_expire import rend_le_texte
from contributions.verbes import recours as verbes
from contributions.verbes.empechements import Empechement
from contributions.verbes.permissions import peut_decider_recours
from moderation.forms.motiver import ReponseRecours
from moderation.repetition import repeter
from moderation.views.file import Poste
from moderation.views.propositions import lignes_du_journal, saisie

EFFETS = {
    "confirmer": "La décision sera maintenue. La personne qui conteste et celle qui avait décidé sont prévenues.",
    "infirmer": "La décision tombera : ce qui était contesté revient dans la file. Les deux personnes sont prévenues.",
}
LEVER = "La mesure tombera : la fiche redevient publique, à l’instant. Les deux personnes sont prévenues."


@rend_le_texte
@never_cache
@moderateur_requis
def reexaminer(request: HttpRequest, pk: int) -> HttpResponse:
    lies = ("proposition__fiche", "signalement__dossier__fiche", "mesure__fiche", "premier_decideur", "decide_par")
    recours = get_object_or_404(Recours.objects.select_related(*lies), pk=pk)
    formulaire = ReponseRecours(request.POST or None)
    verbe = request.POST.get("verbe", "")
    if request.method != "POST" or "revenir" in request.POST:
        return _page(request, recours, formulaire)
    if verbe not in EFFETS or not formulaire.is_valid():
        return _page(request, recours, formulaire, statut=400)

    def decider() -> Recours:
        return getattr(verbes, verbe)(recours, par=request.user, explication=formulaire.cleaned_data["explication"])

    try:
        if request.POST.get("confirme") != "oui":
            contexte = {
                "objet": recours,
                "sujet": recours.objet,
                "verbe": verbe,
                "phrase": LEVER if recours.mesure and verbe == "infirmer" else EFFETS[verbe],
                "courriels": repeter(decider)[1],
                "saisie": saisie(request),
            }
            return render(request, "moderation/confirmer.html", contexte)
        decider()
    except Empechement as empechement:
        actuel = Recours.objects.select_related(*lies).get(pk=pk)
        return _page(request, actuel, formulaire, statut=409, empechement=str(empechement))
    messages.success(request, "Le recours est décidé, les deux personnes sont prévenues.")
    return redirect(request.get_full_path())


def _contestee(recours: Recours) -> dict[str, str]:
    """Return what is contested, as the page tells it."""
    if recours.mesure and recours.mesure.fiche:
        fiche = recours.mesure.fiche
        return {
            "nom": fiche.titre,
            "adresse": reverse("retirer", args=[fiche.pk]),
            "etat": fiche.get_etat_display(),
            "motif": recours.mesure.get_motif_display(),
            "explication": recours.mesure.detail.get("explication", ""),
        }
    decision: Any = recours.proposition or recours.signalement.dossier  # type: ignore[union-attr]  # one of the two
    return {
        "nom": str(decision),
        "adresse": decision.adresse_au_poste,
        "etat": decision.get_statut_display(),
        "motif": decision.get_motif_display() if decision.motif else "",
        "explication": decision.explication,
    }


def _page(
    request: HttpRequest, recours: Recours, formulaire: forms.Form, *, statut: int = 200, empechement: str = ""
) -> HttpResponse:
    poste = Poste.de(request)
    precedente, suivante = poste.file.voisines("reexaminer", recours.pk)
    a_traiter = recours.statut == Recours.Statut.DEPOSE
    contexte = {
        "recours": recours,
        "contestee": _contestee(recours),
        "formulaire": formulaire,
        "a_traiter": a_traiter,
        "decidable": a_traiter and peut_decider_recours(request.user, recours),
        "entree": next((e for e in poste.file.entrees if e.route == "reexaminer" and e.pk == recours.pk), None),
        "poste": poste,
        "precedente": precedente,
        "suivante": suivante,
        "journal": lignes_du_journal(Journal.objects.filter(recours=recours)),
        "empechement": empechement,
    }
    return render(request, "moderation/reexaminer.html", contexte, status=statut)
