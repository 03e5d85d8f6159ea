"""What the pages of a rule and of a synonym share: what writes it, withdraws it or puts it back, its history."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from contributions.models import Journal
from contributions.models.transitions import champ_du_journal
from contributions.verbes.empechements import Empechement
from moderation import ecrits
from moderation.bureau import Choix, Page, agir, lignes_du_journal
from moderation.ecrits import Ecrit
from moderation.forms.gestes import RaisonDuChangement
from moderation.gestes import GESTES


def changer_l_etat(request: HttpRequest, ecrit: Ecrit, verbe: str, page: Page) -> HttpResponse:
    """Withdraw the row, or put it back. `page` shows it: takes the request, the row, `raison`, and what `agir` says."""
    raison = RaisonDuChangement(request.POST, prefix="etat")

    def montrer(*, status: int, empechement: Empechement | str = "") -> HttpResponse:
        dite = RaisonDuChangement(relire(request, ecrit, "etat-lue"), prefix="etat") if empechement else raison
        return page(request, ecrit, raison=dite, status=status, empechement=str(empechement))

    return agir(request, ecrit, Choix(verbe, GESTES[type(ecrit)][verbe], raison), montrer)


def enregistrer(
    request: HttpRequest, ecrit: Ecrit | None, saisir: Callable[..., ModelForm], page: Page, *, route: str, fait: str
) -> HttpResponse:
    """Write what was typed of a row, a new one when there is none, and go to its page at `route`.

    `saisir` makes its form, from what is typed and the row; `page` shows it, with the form and what `agir` says.
    """
    saisie = saisir(request.POST, ecrit=ecrit)
    if not saisie.is_valid():
        return page(request, ecrit, saisie, status=422)
    try:
        if ecrit is None:
            ecrite = ecrits.ajouter(saisie.instance, par=request.user, raison=saisie.instance.raison)
        else:
            dits = {"raison": saisie.instance.raison, "lue": saisie.cleaned_data["lue"]}
            ecrite = ecrits.modifier(saisie.instance, par=request.user, **dits)
    except Empechement as empechement:
        if ecrit:
            ecrit.refresh_from_db()
        relue = saisir(relire(request, ecrit), ecrit=ecrit)
        return page(request, ecrit, relue, status=409, empechement=str(empechement))
    messages.success(request, fait)
    return redirect(route, pk=ecrite.pk)


def relire(request: HttpRequest, actuel: Ecrit | None, champ: str = "lue") -> QueryDict:
    """Return what was posted, as if typed on the row that the page now shows: sent again, it is written."""
    donnees = request.POST.copy()
    if actuel:
        donnees[champ] = actuel.marque
    return donnees


def etat_et_histoire(ecrit: Ecrit | None, raison: RaisonDuChangement | None) -> dict[str, Any]:
    """Return what the page shows of a row that is written: what withdraws it or puts it back, and its journal."""
    if ecrit is None:
        return {}
    geste = GESTES[type(ecrit)]["retirer" if ecrit.actif else "remettre"]
    return {
        "geste": geste,
        "effet_du_geste": geste.annoncer(ecrit, raison),
        "raison": raison or RaisonDuChangement(prefix="etat", initial={"lue": ecrit.marque}),
        "raison_saisie": raison is not None,
        "journal": lignes_du_journal(Journal.objects.filter(**{champ_du_journal(ecrit): ecrit})),
    }
