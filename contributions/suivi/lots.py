"""The follow-up page of a lot: where each row of a table stands, all under one secret link.

As elsewhere, GET changes nothing; withdrawing the lot posts here.
"""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from comptes.acces import correspondant_requis
from comptes.liens_secrets import mener_a, secrete
from contributions import delais
from contributions.models import Lot, Proposition
from contributions.verbes import decisions_de_lot, habilitations, lots
from contributions.verbes.empechements import Empechement

PAR_PAGE = 100
Statut = Proposition.Statut


@secrete
@require_http_methods(["GET", "HEAD", "POST"])
def suivi_lot(request: HttpRequest, jeton: str) -> HttpResponse:
    """`?etat=` keeps the rows in this state."""
    lot = Lot.objects.select_related("auteur").filter(jeton=jeton).first()
    if lot is None:
        return render(request, "contributions/suivi_introuvable.html", status=404)
    if request.method != "POST":
        return _montrer(request, lot)
    if request.POST.get("verbe") != "retirer":
        return _montrer(request, lot, status=400, refus="Ce bouton n’existe pas, ou plus.")
    try:
        lots.retirer(lot, qui=lot.auteur)
    except Empechement as empechement:
        return _montrer(request, lot, status=409, refus=str(empechement))
    messages.success(request, "Le lot est retiré : personne ne relira plus ce qui n’était pas encore décidé.")
    return mener_a(lot)


@correspondant_requis
@secrete
@require_http_methods(["GET", "HEAD", "POST"])
def publier_lot(request: HttpRequest, jeton: str) -> HttpResponse:
    """For the correspondent who brought it: the effect, then publishing what she may."""
    lot = get_object_or_404(Lot, jeton=jeton, auteur=request.user.pk)
    contexte = {
        "lot": lot,
        "nombre": lot.propositions.filter(statut=Statut.SOUMISE).exclude(base=None).count(),
        "a_creer": lot.propositions.filter(statut=Statut.SOUMISE, base=None).count(),
        "departements": habilitations.departements_de(request.user),
        "etapes": [("Contribuer", reverse("contribuer")), (str(lot), lot.get_absolute_url())],
        "refus": "",
    }
    if request.method != "POST":
        return render(request, "contributions/publier_lot.html", contexte)
    try:
        traitement = decisions_de_lot.publier(lot, par=request.user)
    except Empechement as empechement:
        return render(request, "contributions/publier_lot.html", {**contexte, "refus": str(empechement)}, status=409)
    if traitement.fini_le:
        restent = f" {len(traitement.empechees)} attendent la modération." if traitement.empechees else ""
        messages.success(request, f"Lignes publiées : {traitement.faites}.{restent}")
    else:
        messages.success(request, "La publication a commencé : rouvrez cette page pour voir où l’on en est.")
    return mener_a(lot)


def _montrer(request: HttpRequest, lot: Lot, *, status: int = 200, refus: str = "") -> HttpResponse:
    lignes = lot.propositions.select_related("fiche", "version").defer("saisie").order_by("ligne", "pk")
    comptes = dict(lot.propositions.order_by().values_list("statut").annotate(Count("pk")))
    etat = request.GET.get("etat", "")
    if etat in comptes:
        lignes = lignes.filter(statut=etat)
    contexte = {
        "lot": lot,
        "refus": refus,
        "comptes": [(cle, nom, comptes[cle]) for cle, nom in Statut.choices if cle in comptes],
        "etat": etat,
        "page": Paginator(_legeres(lignes), PAR_PAGE).get_page(request.GET.get("page")),
        "attendent": sum(comptes.get(statut, 0) for statut in Proposition.A_TRAITER),
        "traitement": lot.traitement,
        "publiable": Statut.SOUMISE in comptes
        and request.user.is_authenticated
        and lot.auteur_id == request.user.pk
        and habilitations.peut_publier(request.user),
        "retirable": any(statut in comptes for statut in Proposition.OUVERTES),
        "delai": delais.promis(),
        "lien": request.build_absolute_uri(lot.get_absolute_url()),
        "etapes": [("Contribuer", reverse("contribuer"))],
    }
    return render(request, "contributions/suivi_lot.html", contexte, status=status)


def _legeres(lignes: QuerySet[Proposition]) -> QuerySet[Proposition]:
    """Without the texts of the fiches: only their name and address are shown."""
    fiche = ("fiche__nature", "fiche__slug", "fiche__etat", "fiche__titre")
    return lignes.only("jeton", "ligne", "titre", "statut", "motif", "base", "version__numero", "lot", *fiche)
