"""An appeal, examined by somebody else than the first decider."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from comptes.acces import moderateur_requis
from contributions.models import Journal, Recours
from contributions.redaction.formulaire_expire import rend_le_texte
from contributions.verbes.empechements import Empechement
from contributions.verbes.permissions import peut_decider_recours
from moderation.bureau import Choix, agir, lignes_du_journal
from moderation.forms.recours import ReponseRecours
from moderation.gestes import GESTES
from moderation.views.file import Poste


@rend_le_texte
@never_cache
@moderateur_requis
def reexaminer(request: HttpRequest, pk: int) -> HttpResponse:
    lies = ("proposition__fiche", "signalement__dossier__fiche", "mesure__fiche", "premier_decideur", "decide_par")
    recours = get_object_or_404(Recours.objects.select_related(*lies), pk=pk)
    verbe, gestes = request.POST.get("verbe", ""), GESTES[Recours]
    formulaire = ReponseRecours(request.POST or None, objet=recours, par=request.user)  # the same for both
    page = partial(_page, request, recours, formulaire)
    if request.method != "POST" or "revenir" in request.POST:
        return page()
    if verbe not in gestes:
        return page(status=400)
    suivant = Poste.de(request).suivant("reexaminer", recours)
    return agir(request, recours, Choix(verbe, gestes[verbe], formulaire), page, suivant=suivant)


def _contestee(recours: Recours) -> dict[str, str]:
    """Return what is contested, as the page tells it."""
    if recours.mesure and recours.mesure.fiche:
        fiche = recours.mesure.fiche
        return {
            "nom": fiche.titre,
            "adresse": reverse("moderer", args=[fiche.pk]),
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
    request: HttpRequest,
    recours: Recours,
    formulaire: ReponseRecours,
    *,
    status: int = 200,
    empechement: Empechement | None = None,
) -> HttpResponse:
    a_traiter = recours.statut == Recours.Statut.DEPOSE
    contexte = {
        **Poste.de(request).contexte("reexaminer", recours),
        "recours": recours,
        "contestee": _contestee(recours),
        "formulaire": formulaire,
        "a_traiter": a_traiter,
        "decidable": a_traiter and peut_decider_recours(request.user, recours),
        "journal": lignes_du_journal(Journal.objects.filter(recours=recours)),
        "empechement": empechement,
        "ecrits": [formulaire.cleaned_data["explication"]] if empechement and not a_traiter else [],
    }
    return render(request, "moderation/recours.html", contexte, status=status)
