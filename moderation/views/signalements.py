"""The case of the reports on one target: what the fiche said, what it says now, who waits for an answer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache

from comparaison.contenus import comparer
from comptes.acces import moderateur_requis
from contributions.models import Dossier, Journal, Message
from contributions.redaction.formulaire_expire import rend_le_texte
from contributions.signaler.cibles import dire, nommer_cible, unite_visee
from contributions.verbes.empechements import Empechement
from contributions.verbes.permissions import a_signale
from moderation.bureau import Choix, lignes_du_journal, recevoir
from moderation.views.file import Poste


@rend_le_texte
@never_cache
@moderateur_requis
def traiter(request: HttpRequest, pk: int) -> HttpResponse:
    """A POST takes, gives back, asks for advice, writes to who reported, or decides."""
    lies = ("fiche", "prise_par", "decidee_par", "double_de")
    dossier = get_object_or_404(Dossier.objects.select_related(*lies), pk=pk)
    suivant = Poste.de(request).suivant("traiter", dossier) if request.method == "POST" else ""
    return recevoir(request, dossier, _page, suivant=suivant)


def _page(
    request: HttpRequest,
    dossier: Dossier,
    choix: dict[str, Choix],
    *,
    status: int = 200,
    empechement: Empechement | None = None,
) -> HttpResponse:
    a_traiter = dossier.statut in Dossier.A_TRAITER
    le_sien, reserve_a_un_autre = a_signale(request.user, dossier), dossier.reservee_a_un_autre(request.user)
    decidable = a_traiter and not le_sien and not reserve_a_un_autre
    recus = list(dossier.signalements.select_related("version", "auteur"))
    fiche = dossier.fiche
    lue = recus[0].version
    differences = comparer(fiche.nature, lue.contenu, fiche.contenu).differences
    unite = unite_visee(dossier.cible)
    contexte = {
        **Poste.de(request).contexte("traiter", dossier),
        "dossier": dossier,
        "recus": recus,
        "endroit": nommer_cible(fiche.nature, dossier.cible),
        "alors": dire(lue.contenu, dossier.cible),
        "maintenant": dire(fiche.contenu, dossier.cible),
        "lue": lue,
        "difference": next((d for d in differences if d.unite.cle == unite), None),
        "choix": choix,
        "a_traiter": a_traiter,
        "le_sien": le_sien,
        "reserve_a_un_autre": reserve_a_un_autre,
        "reserve_a_moi": dossier.reservee_a(request.user),
        "propositions": list(dossier.propositions.visibles_pour(request.user).defer("saisie")),
        "voisins": list(Dossier.objects.a_traiter().filter(fiche=fiche).exclude(pk=dossier.pk)),
        "fil_messages": list(Message.objects.filter(signalement__dossier=dossier).select_related("auteur")),
        "journal": lignes_du_journal(Journal.objects.filter(dossier=dossier)),
        "empechement": empechement,
        "ecrits": choix[request.POST["verbe"]].ecrits if empechement and not decidable else [],
    }
    return render(request, "moderation/signalement.html", contexte, status=status)
