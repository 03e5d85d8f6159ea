"""The examination of a lot, on one page: accepted but for some rows, refused, asked about, taken back."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from comptes.acces import moderateur_requis
from contributions import delais
from contributions.models import Journal, Lot
from contributions.redaction.formulaire_expire import rend_le_texte
from contributions.verbes import decisions_de_lot, echanges
from contributions.verbes.decisions_de_lot import AUSSITOT
from contributions.verbes.empechements import Empechement
from moderation.bureau import lignes_du_journal
from moderation.forms.lots import FormulaireLot
from moderation.lots import PAR_PAGE, LotLu, a_comparer

FAITS = {"accepter": "Le lot est accepté.", "ecarter": "Le lot est écarté, et son auteur sait pourquoi."}
CONFIES = "C’est noté : les lignes passent l’une après l’autre, cette page dit où l’on en est."


@rend_le_texte
@never_cache
@moderateur_requis
def examiner(request: HttpRequest, pk: int) -> HttpResponse:
    """`?vue=` chooses the rows shown, `?sauf=` says those that are left aside already."""
    lot = get_object_or_404(Lot.objects.select_related("auteur"), pk=pk)
    page = partial(_page, request, lot)
    if request.method != "POST":
        return page()
    verbe = "retenir" if "retenir" in request.POST else request.POST.get("verbe", "")
    if verbe not in VERBES:
        return page(status=400)
    formulaire = FormulaireLot(request.POST, lot, verbe)
    if not formulaire.is_valid():
        return page(formulaire=formulaire, status=422)
    if "revenir" in request.POST:
        return page(formulaire=formulaire)
    try:
        return VERBES[verbe](request, lot, formulaire)
    except Empechement as empechement:
        return page(formulaire=formulaire, status=409, empechement=str(empechement))


def _decider(request: HttpRequest, lot: Lot, formulaire: FormulaireLot) -> HttpResponse:
    """Say the effect first, then do it."""
    if request.POST.get("confirme") != "oui":
        lu, laissees = LotLu(lot), formulaire.laissees.keys() - formulaire.remarques.keys()
        contexte = {
            "lot": lot,
            "formulaire": formulaire,
            "laissees": len(laissees),
            "publiees": max(0, lu.nombre - len(laissees) - len(formulaire.remarques)),
            "lu": lu,
            "etapes": [("Modération", reverse("moderation")), (str(lot), lot.adresse_au_poste)],
            "aussitot": AUSSITOT,
            "attente": delais.annulation_en_mots(),
        }
        return render(request, "moderation/confirmer_lot.html", contexte)
    lues = formulaire.cleaned_data
    if formulaire.verbe == "ecarter":
        traitement = decisions_de_lot.ecarter(
            lot, par=request.user, motif=lues["motif"], explication=lues["explication"]
        )
    else:
        traitement = decisions_de_lot.accepter(
            lot,
            par=request.user,
            sauf=formulaire.laissees.keys(),
            remarques=formulaire.remarques,
            explication=lues["explication"],
            lu_le=lues["lu_le"],
        )
    messages.success(request, FAITS[formulaire.verbe] if traitement.fini_le else CONFIES)
    return redirect(lot.adresse_au_poste)


def _annuler(request: HttpRequest, lot: Lot, formulaire: FormulaireLot) -> HttpResponse:  # noqa: ARG001
    traitement = decisions_de_lot.annuler(lot, par=request.user)
    fait = "La décision est annulée : le lot attend à nouveau, aucun courriel n’est parti."
    messages.success(request, fait if traitement.fini_le else CONFIES)
    return redirect(lot.adresse_au_poste)


def _ecrire(request: HttpRequest, lot: Lot, formulaire: FormulaireLot) -> HttpResponse:
    """Write to the author about the whole: the thread is that of the first row."""
    echanges.repondre(lot.porte_parole, par=request.user, texte=formulaire.cleaned_data["explication"])
    messages.success(request, "Votre message est envoyé à l’auteur.")
    return redirect(request.get_full_path())


def _retenir(request: HttpRequest, lot: Lot, formulaire: FormulaireLot) -> HttpResponse:
    """Go to another page of rows with what was left aside on this one; what was written has no place in an address."""
    sauf, numero = formulaire.sauf_ecrites, request.POST["retenir"]
    ecrits = {nom: formulaire.cleaned_data[nom] for nom in ("explication", "motif")}
    if formulaire.remarques or any(ecrits.values()):
        suivant = FormulaireLot(None, lot, sauf=sauf, ecrits=ecrits, remarques=formulaire.remarques)
        return _page(request, lot, formulaire=suivant, numero=numero)
    adresse = request.GET.copy()
    adresse["sauf"], adresse["page"] = sauf, numero
    return redirect(f"{lot.adresse_au_poste}?{adresse.urlencode()}")


VERBES = {"accepter": _decider, "ecarter": _decider, "annuler": _annuler, "ecrire": _ecrire, "retenir": _retenir}


def _page(
    request: HttpRequest,
    lot: Lot,
    *,
    formulaire: FormulaireLot | None = None,
    numero: str = "",
    status: int = 200,
    empechement: str = "",
) -> HttpResponse:
    lu = LotLu(lot, request.GET.get("vue", ""))
    page = Paginator(a_comparer(lu.lignes()), PAR_PAGE).get_page(numero or request.GET.get("page"))
    formulaire = formulaire or FormulaireLot(None, lot, sauf=request.GET.get("sauf", ""))
    lignes, remarques = lu.lire(page), formulaire.remarques
    annulable = decisions_de_lot.annulable(lot, request.user)
    fini_le = annulable.fini_le if annulable else None
    contexte: dict[str, Any] = {
        "lot": lot,
        "lu": lu,
        "page": page,
        "lignes": [
            (ligne, _gardee(ligne, formulaire), remarques.pop(ligne.cle, ""), formulaire.fautes(ligne.cle))
            for ligne in lignes
        ],
        # on rows of other pages
        "remarques_ailleurs": [(cle, remarque, formulaire.fautes(cle)) for cle, remarque in remarques.items()],
        "formulaire": formulaire,
        "empechement": empechement,
        "traitement": lot.traitement,
        "dernier": lot.traitements.select_related("par").exclude(fini_le=None).first(),
        "annulable_jusqua": timezone.localtime(fini_le + delais.annulation()) if fini_le else None,
        "decidable": bool(lu.nombre) and lot.auteur_id != request.user.pk,
        "fil_messages": list(lot.porte_parole.messages.select_related("auteur")),
        "journal": lignes_du_journal(Journal.objects.filter(lot=lot)),
        "etapes": [("Modération", reverse("moderation"))],
    }
    return render(request, "moderation/lot.html", contexte, status=status)


def _gardee(ligne: Any, formulaire: FormulaireLot) -> bool:
    if formulaire.is_bound:
        return ligne.cle not in formulaire.decochees
    return not (ligne.reservee or formulaire.laisse(ligne.proposition.ligne))
