"""What the pages of a rule and of a synonym share: what withdraws it or puts it back, a second reading, its history."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict

from contributions.models import Journal
from contributions.models.transitions import champ_du_journal
from contributions.verbes.empechements import Empechement
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
