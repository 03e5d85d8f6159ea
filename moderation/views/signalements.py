"""The case of the reports on one target: what the fiche said, what it says now, who waits for an answer."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from comparaison.contenus import comparer
from comptes.acces import moderateur_requis
from contributions.models import Dossier, Journal, Message
from contributions.redaction.formulaire_expire import rend_le_texte
from contributions.signaler.cibles import dire, nommer_cible, unite_visee
from contributions.verbes import messages as echanges
from contributions.verbes import signalements
from contributions.verbes.empechements import Empechement
from contributions.verbes.permissions import a_signale
from moderation.forms.decider import DemandeAvis
from moderation.forms.motiver import DireCorrige, EcrireAuxSignalants, MasquerSignale, Rattacher, Repondre
from moderation.repetition import repeter
from moderation.views.file import Poste
from moderation.views.propositions import GESTES, demander_avis, lignes_du_journal, prendre_ou_rendre, saisie

EFFETS = {
    "corriger": "Le dossier sera clos : la fiche dit juste.",
    "masquer": "La fiche quittera la vue du public, à l’instant. Son adresse dira depuis quand et pourquoi.",
    "classer": "Le dossier sera clos sans rien changer.",
    "rattacher": "Le dossier sera rattaché à l’autre.",
}


@rend_le_texte
@never_cache
@moderateur_requis
def traiter(request: HttpRequest, pk: int) -> HttpResponse:
    """A POST takes, gives back, asks for advice, writes to who reported, or decides."""
    lies = ("fiche", "prise_par", "decidee_par", "double_de")
    dossier = get_object_or_404(Dossier.objects.select_related(*lies), pk=pk)
    verbe = request.POST.get("verbe", "")
    formulaires = _formulaires(dossier, request, verbe)
    if request.method != "POST" or "revenir" in request.POST:
        return _page(request, dossier, formulaires)
    if verbe in GESTES:
        return prendre_ou_rendre(request, dossier, getattr(signalements, verbe))
    formulaire = formulaires.get(verbe)
    if formulaire is None or not formulaire.is_valid():
        return _page(request, dossier, formulaires, statut=400)
    if verbe == "avis":
        return demander_avis(request, dossier, formulaire)
    try:
        if verbe == "ecrire":
            _ecrire(request, dossier, formulaire.cleaned_data["texte"])
        elif request.POST.get("confirme") != "oui":
            return _confirmer(request, dossier, verbe, formulaire)
        else:
            _appliquer(request, dossier, verbe, formulaire)
            messages.success(request, "Le dossier est clos, chaque personne est prévenue.")
    except Empechement as empechement:
        actuel = Dossier.objects.select_related(*lies).get(pk=pk)
        return _page(request, actuel, formulaires, statut=409, empechement=str(empechement))
    return redirect(request.get_full_path())


def _formulaires(dossier: Dossier, request: HttpRequest, verbe: str) -> dict[str, Any]:
    """Return every form of the page, that of the verb with what was posted."""

    def donnees(sien: str):
        return request.POST if verbe == sien else None

    return {
        "corriger": DireCorrige(donnees("corriger"), prefix="corriger"),
        "masquer": MasquerSignale(donnees("masquer"), prefix="masquer"),
        "classer": Repondre(donnees("classer"), prefix="classer"),
        "rattacher": Rattacher(donnees("rattacher"), dossier=dossier, prefix="rattacher"),
        "ecrire": EcrireAuxSignalants(donnees("ecrire"), prefix="ecrire"),
        "avis": DemandeAvis(donnees("avis"), de=request.user),
    }


def _appliquer(request: HttpRequest, dossier: Dossier, verbe: str, formulaire: Any) -> Dossier:
    lues, par = formulaire.cleaned_data, request.user
    if verbe == "corriger":
        return signalements.corriger(dossier, par=par, explication=lues["explication"].strip())
    if verbe == "masquer":
        return signalements.masquer(dossier, par=par, motif=lues["motif"], explication=formulaire.explication)
    if verbe == "classer":
        return signalements.classer(dossier, par=par, motif=lues["motif"], explication=lues["explication"])
    return signalements.rattacher(dossier, par=par, double_de=lues["double_de"], explication=lues["explication"])


def _confirmer(request: HttpRequest, dossier: Dossier, verbe: str, formulaire: Any) -> HttpResponse:
    _, courriels = repeter(lambda: _appliquer(request, dossier, verbe, formulaire))
    contexte = {
        "objet": dossier,
        "sujet": dossier.fiche.titre,
        "verbe": verbe,
        "phrase": EFFETS[verbe],
        "courriels": courriels,
        "saisie": saisie(request),
    }
    return render(request, "moderation/confirmer.html", contexte)


def _ecrire(request: HttpRequest, dossier: Dossier, texte: str) -> None:
    for signalement in dossier.signalements.select_related("auteur"):
        echanges.repondre(signalement, par=request.user, texte=texte)
    messages.success(request, "Votre message est envoyé à chaque personne qui a signalé.")


def _page(
    request: HttpRequest, dossier: Dossier, formulaires: dict[str, Any], *, statut: int = 200, empechement: str = ""
) -> HttpResponse:
    poste = Poste.de(request)
    precedente, suivante = poste.file.voisines("traiter", dossier.pk)
    recus = list(dossier.signalements.select_related("version", "auteur"))
    fiche = dossier.fiche
    lue = recus[0].version
    differences = comparer(fiche.nature, lue.contenu, fiche.contenu).differences
    unite = unite_visee(dossier.cible)
    contexte = {
        "dossier": dossier,
        "recus": recus,
        "endroit": nommer_cible(fiche.nature, dossier.cible),
        "alors": dire(lue.contenu, dossier.cible),
        "maintenant": dire(fiche.contenu, dossier.cible),
        "lue": lue,
        "difference": next((d for d in differences if d.unite.cle == unite), None),
        "formulaires": formulaires,
        "a_traiter": dossier.statut in Dossier.A_TRAITER,
        "le_sien": a_signale(request.user, dossier),
        "tenu_par_un_autre": dossier.reservee_a_un_autre(request.user),
        "a_moi": dossier.reservee and dossier.prise_par_id == request.user.pk,
        "propositions": list(dossier.propositions.visibles_pour(request.user).defer("saisie")),
        "voisins": list(Dossier.objects.a_traiter().filter(fiche=fiche).exclude(pk=dossier.pk)),
        "fil_messages": list(Message.objects.filter(signalement__dossier=dossier).select_related("auteur")),
        "entree": next((e for e in poste.file.entrees if e.route == "traiter" and e.pk == dossier.pk), None),
        "poste": poste,
        "precedente": precedente,
        "suivante": suivante,
        "journal": lignes_du_journal(Journal.objects.filter(dossier=dossier)),
        "empechement": empechement,
    }
    return render(request, "moderation/traiter.html", contexte, status=statut)
