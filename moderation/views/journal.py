"""The journal: all that happened, filtered, exported."""

from collections.abc import Iterator

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comptes.acces import moderateur_requis
from contributions.models import Journal
from fiches.models import LOURDES
from francais.tableur import reponse_csv
from moderation.forms.journal import FiltresJournal

PAR_PAGE = 50
EXPORTEES = 20_000
LONGS = ("proposition__saisie", "importation__rapport", "importation__fautes")


@never_cache
@require_safe
@moderateur_requis
def lire(request: HttpRequest) -> HttpResponse:
    """Newest first; `?format=csv` gives what the filters keep, up to twenty thousand lines."""
    filtres = FiltresJournal(request.GET)
    ecrits = ("regle__dispositif", "synonyme", "regle_de_file", "demande", "importation")
    lies = ("proposition", "lot", "dossier", "recours", "fiche", *ecrits)
    textes = [f"{fiche}__{colonne}" for fiche in ("fiche", "regle__dispositif") for colonne in (*LOURDES, "rendu")]
    lignes = Journal.objects.select_related("qui", *lies).defer(*LONGS, *textes)
    lignes = filtres.filtrer(lignes) if filtres.is_valid() else lignes.none()
    if request.GET.get("format") == "csv" and filtres.is_valid():
        return reponse_csv("journal-de-moderation", _tableau(lignes[:EXPORTEES]))
    contexte = {
        "filtres": filtres,
        "page": Paginator(lignes, PAR_PAGE).get_page(request.GET.get("page")),
        "etapes": [("Modération", reverse("moderation"))],
    }
    return render(request, "moderation/journal.html", contexte, status=400 if filtres.errors else 200)


def _tableau(lignes: QuerySet[Journal]) -> Iterator[list[object]]:
    yield ["date", "verbe", "en_mots", "qui", "objet", "fiche", "de", "vers", "motif"]
    for ligne in lignes.iterator(chunk_size=2000):
        quand = timezone.localtime(ligne.le)
        qui = str(ligne.qui) if ligne.qui else ""
        fiche = ligne.fiche.titre if ligne.fiche else ""
        motif = ligne.get_motif_display() if ligne.motif else ""
        yield [
            f"{quand:%Y-%m-%d %H:%M:%S}",
            ligne.verbe,
            ligne.en_mots,
            qui,
            ligne.objet,
            fiche,
            ligne.de,
            ligne.vers,
            motif,
        ]
