"""« Demandes de confirmation »: institutions asked whether what is displayed still holds; prepared, read, then sent."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from comptes.acces import moderateur_requis
from contributions.models import Demande
from contributions.redaction.formulaire_expire import rend_le_texte
from contributions.verbes import confirmations
from contributions.verbes.empechements import Empechement
from dispositifs.models import DispositifLocal
from francais.balises import pluriel
from francais.nombres import entier
from moderation.confirmations import ETAPES, a_demander, a_ecrire, comptes, dans_la_file, faire, lignes
from moderation.forms.confirmations import AQuiDemander
from panorama.forms import FiltreTerritoire
from territoires.models import Contact, Territoire

PAR_PAGE = 20
FAITES = {
    "preparer": "préparée,préparées",
    "relire": "relue,relues",
    "retirer": "retirée,retirées",
    "envoyer": "envoyée,envoyées",
    "classer": "classée,classées",
}


@rend_le_texte
@never_cache
@moderateur_requis
def demander(request: HttpRequest) -> HttpResponse:
    """`?etape=`: the requests of one step; without it, those to prepare in the territory `?territoire=`."""
    nom = request.GET.get("etape", "")
    nom = nom if nom in ETAPES else ""
    filtre = FiltreTerritoire(request.GET)
    valide = filtre.is_valid()
    territoire = filtre.cleaned_data.get("territoire")
    if request.method == "POST" and request.POST.get("verbe") not in ETAPES[nom].gestes:
        return _page(request, nom, filtre, territoire, status=400)
    if nom:
        return _faire(request, nom) if request.method == "POST" else _page(request, nom, filtre, territoire)
    if request.method == "POST" and territoire:
        return _preparer(request, filtre, territoire)
    return _page(request, nom, filtre, territoire, status=200 if valide else 400)


def _faire(request: HttpRequest, nom: str) -> HttpResponse:
    verbe = request.POST["verbe"]
    cochees = Demande.objects.filter(pk__in=_cochees(request, "demande"), statut__in=ETAPES[nom].statuts)
    faites, refus = faire(verbe, cochees.select_related("fiche").order_by("pk"), par=request.user)
    _dire(request, verbe, faites, refus)
    return redirect(request.get_full_path())


def _preparer(request: HttpRequest, filtre: FiltreTerritoire, territoire: Territoire) -> HttpResponse:
    """Prepare what is ticked and right; what is not stays on the page, as it was typed."""
    fiches = a_demander(territoire, timezone.localdate()).filter(pk__in=_cochees(request, "fiche"))
    cochees = [AQuiDemander(request.POST, fiche=fiche, initial={}) for fiche in fiches]
    completes = [ligne for ligne in cochees if ligne.is_valid()]
    for ligne in completes:
        _preparer_une(ligne, par=request.user)
    refusees = [ligne for ligne in cochees if ligne.errors]
    if not refusees:
        _dire(request, "preparer", len(cochees), [])
        return redirect(request.get_full_path())
    if faites := len(cochees) - len(refusees):
        _dire(request, "preparer", faites, [])
    return _page(request, "", filtre, territoire, refusees, status=422 if len(completes) < len(cochees) else 409)


def _preparer_une(ligne: AQuiDemander, *, par: Any) -> None:
    try:
        confirmations.preparer(ligne.fiche, par=par, **ligne.cleaned_data)
    except Empechement as empechement:
        ligne.add_error("destinataire", str(empechement))


def _cochees(request: HttpRequest, nom: str) -> list[int]:
    return [lu for lu in map(entier, request.POST.getlist(nom)[:PAR_PAGE]) if lu]


def _dire(request: HttpRequest, verbe: str, faites: int, refus: list[str]) -> None:
    if faites:
        mots = f"{pluriel(faites, 'demande,demandes')} {pluriel(faites, FAITES[verbe])}"
        messages.success(request, f"{faites} {mots}.")
    elif not refus:
        messages.error(request, "Cochez au moins une demande.")
    for un in refus:
        messages.error(request, un)


def _page(
    request: HttpRequest,
    nom: str,
    filtre: FiltreTerritoire,
    territoire: Territoire | None,
    cochees: list[AQuiDemander] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    compte, etape = comptes(), ETAPES[nom]
    contexte: dict[str, Any] = {
        "onglets": [(cle, une.titre, compte.get(cle)) for cle, une in ETAPES.items()],
        "nom": nom,
        "etape": etape,
        "filtre": filtre,
        "territoire": territoire,
        "etapes": [("Modération", reverse("moderation"))],
    }
    if nom:
        demandes = Demande.objects.filter(statut__in=etape.statuts).select_related("fiche")
        ordre = "pk" if etape.gestes else "-pk"
        page = Paginator(demandes.prefetch_related("reponses__proposition").order_by(ordre), PAR_PAGE).get_page(
            request.GET.get("page")
        )
        contexte |= {"page": page, "lignes": lignes(page)}
        if nom == "reponses":
            contexte["dans_la_file"] = dans_la_file(request.user)
    elif territoire:
        contexte |= _a_preparer(request, territoire, cochees or [])
    return render(request, "moderation/confirmations.html", contexte, status=status)


def _a_preparer(request: HttpRequest, territoire: Territoire, cochees: list[AQuiDemander]) -> dict[str, Any]:
    contacts = Contact.objects.pour(territoire)
    fiches = a_demander(territoire, timezone.localdate())
    page: Any = Paginator(fiches, PAR_PAGE).get_page(request.GET.get("page"))
    deja = {ligne.fiche.pk for ligne in cochees}
    autres: list[DispositifLocal] = [fiche for fiche in page if fiche.pk not in deja]
    neuves = [AQuiDemander(fiche=fiche, initial=a_ecrire(fiche, contacts)) for fiche in autres]
    return {
        "page": page,
        "a_preparer": [*cochees, *neuves],
        "refusees": cochees,
        "contacts": [contact for contact in contacts if contact.courriel],
    }
