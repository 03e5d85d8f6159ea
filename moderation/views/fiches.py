"""« Modération » of a whole fiche: mask, withdraw, merge into another, show again, go back to a version."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from comptes.acces import moderateur_requis
from contributions.models import Dossier, Journal, Proposition
from contributions.redaction.formulaire_expire import rend_le_texte
from contributions.verbes.empechements import Empechement
from fiches.models import Fiche
from francais.nombres import entier
from moderation.bureau import Choix, lignes_du_journal, recevoir
from moderation.liens import liens_vers, sigles_de


@rend_le_texte
@never_cache
@moderateur_requis
def moderer(request: HttpRequest, pk: int) -> HttpResponse:
    """Each verb has its form, offered when the state of the fiche allows it, and is confirmed after its effect."""
    return recevoir(request, get_object_or_404(Fiche, pk=pk), _page)


def _page(
    request: HttpRequest,
    fiche: Fiche,
    choix: dict[str, Choix],
    *,
    status: int = 200,
    empechement: Empechement | None = None,
) -> HttpResponse:
    if "restaurer" in choix:
        choix["restaurer"].formulaire.proposer(entier(request.GET.get("version")))
    contexte = {
        "fiche": fiche,
        "choix": [c for nom, c in choix.items() if nom != "restaurer" or fiche.numero > 1],
        "liens": liens_vers(fiche),
        "sigles": sigles_de(fiche),
        "dossiers": Dossier.objects.a_traiter().filter(fiche=fiche),
        "propositions": Proposition.objects.a_traiter().filter(fiche=fiche).defer("saisie"),
        "journal": lignes_du_journal(Journal.objects.filter(fiche=fiche)),
        "empechement": empechement,
        "etapes": [("Modération", reverse("moderation"))],
    }
    return render(request, "moderation/fiche.html", contexte, status=status)
