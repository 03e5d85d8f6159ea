"""The follow-up page of a contribution: its secret address is the only key it needs.

GET shows and changes nothing (the machines that look into e-mails only GET); each button posts its verb here.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from comptes.liens_secrets import mener_a, secrete
from contributions import delais
from contributions.credit import FormulaireCredit
from contributions.models import Dossier, Proposition, Recours, Signalement
from contributions.models.recours import OUVERT_PENDANT
from contributions.redaction.formulaire_expire import rend_le_texte
from contributions.signaler.cibles import titre_de
from contributions.suivi import recit
from contributions.suivi.forms import (
    FormulaireContestation,
    FormulaireContestationMesure,
    FormulaireMessage,
    FormulaireNom,
)
from contributions.verbes import credits, echanges, propositions, recours
from contributions.verbes.empechements import Empechement
from courriels.models import Courriel
from fiches.gabarits import Nature
from francais.balises import jour

Contribution = Proposition | Signalement
Statut = Proposition.Statut
TEINTES = {
    Statut.CORRECTIONS_DEMANDEES: "attention",
    Statut.A_CONFIRMER: "attention",
    Statut.ACCEPTEE: "ok",
    Statut.PUBLIEE: "ok",
    Statut.ACCEPTEE_EN_PARTIE: "ok",
    Statut.ECARTEE: "non",
    Statut.RETIREE: "inconnu",
    Dossier.Statut.CORRIGE: "ok",
    Dossier.Statut.MASQUE: "ok",
    Dossier.Statut.SANS_SUITE: "inconnu",
    Dossier.Statut.DOUBLON: "inconnu",
}


@rend_le_texte
@secrete
@require_http_methods(["GET", "HEAD", "POST"])
def suivi_contribution(request: HttpRequest, jeton: str) -> HttpResponse:
    contribution = _trouver(jeton)
    if contribution is None:
        return render(request, "contributions/suivi_introuvable.html", status=404)
    if request.method != "POST":
        return _montrer(request, contribution)
    nom = request.POST.get("verbe", "")
    verbe = VERBES[type(contribution)].get(nom)
    if verbe is None:
        refus = SANS_OBJET.get(nom, "Ce bouton n’existe pas, ou plus.")
        return _montrer(request, contribution, status=400, refus=refus)
    return verbe(request, contribution)


def _trouver(jeton: str) -> Contribution | None:
    propositions = Proposition.objects.select_related("fiche", "version", "auteur", "lot")
    signalements = Signalement.objects.select_related("dossier__fiche", "version", "auteur")
    return propositions.filter(jeton=jeton).first() or signalements.filter(jeton=jeton).first()


# The verbs: each answers by the page it changed


def _confirmer(request: HttpRequest, proposition: Proposition) -> HttpResponse:
    attendue = proposition.statut == Statut.A_CONFIRMER  # otherwise it is done: a double click
    if attendue and not proposition.est_confirmee_par(request.POST.get("cle", "")):
        return _montrer(request, proposition, status=403, refus="Ouvrez le lien reçu par courriel pour confirmer.")
    propositions.confirmer(proposition)
    return _fait(request, proposition, "Adresse confirmée : votre proposition est déposée, la relecture commence.")


def _retirer(request: HttpRequest, proposition: Proposition) -> HttpResponse:
    if proposition.statut != Statut.RETIREE:  # a double click
        try:
            propositions.retirer(proposition, qui=proposition.auteur)
        except Empechement as empechement:
            return _montrer(request, proposition, status=409, refus=str(empechement))
    return _fait(
        request, proposition, "Votre proposition est retirée. Son texte reste lisible ici, pour vous seulement."
    )


def _ecrire(request: HttpRequest, contribution: Contribution) -> HttpResponse:
    def ecrire(texte: str) -> None:
        echanges.ecrire(contribution, texte=texte)

    avant = jour(timezone.localtime(timezone.now() + delais.reponse()))
    merci = f"Votre message est transmis à la modération : réponse attendue avant le {avant}."
    return _envoyer(request, contribution, "message", ecrire, merci)


def _contester(request: HttpRequest, contribution: Contribution) -> HttpResponse:
    return _deposer_recours(request, contribution, "contestation", recours.contester)


def _contester_mesure(request: HttpRequest, proposition: Proposition) -> HttpResponse:
    return _deposer_recours(request, proposition, "contestation_mesure", recours.contester_mesure)


def _deposer_recours(
    request: HttpRequest, contribution: Contribution, nom: str, deposer: Callable[..., Recours]
) -> HttpResponse:
    def contester(texte: str) -> None:  # once, though clicked twice
        if not contribution.recours.filter(statut=Recours.Statut.DEPOSE, texte=texte.strip()).exists():
            deposer(contribution, texte=texte)

    return _envoyer(request, contribution, nom, contester, "Votre recours est reçu : une autre personne va réexaminer.")


def _crediter(request: HttpRequest, contribution: Contribution) -> HttpResponse:
    formulaire = MENTIONS[type(contribution)](request.POST)
    if not formulaire.is_valid():
        return _montrer(request, contribution, status=422, formulaires={"credit": formulaire})
    credits.changer(contribution, qui=contribution.auteur, **formulaire.cleaned_data)
    return _fait(request, contribution, "La mention est changée partout où elle figurait.")


COMMUNS = {"ecrire": _ecrire, "contester": _contester, "crediter": _crediter}
PROPRES = {"confirmer": _confirmer, "retirer": _retirer, "contester_mesure": _contester_mesure}
VERBES: dict[type, dict[str, Callable[[HttpRequest, Any], HttpResponse]]] = {
    Proposition: {**COMMUNS, **PROPRES},
    Signalement: {**COMMUNS},
}
SANS_OBJET = {
    "confirmer": "Un signalement n’a pas besoin d’être confirmé.",
    "retirer": "Un signalement ne se retire pas.",
}
MENTIONS: dict[type, Any] = {Proposition: FormulaireCredit, Signalement: FormulaireNom}
TEXTES: dict[str, type[Form]] = {
    "message": FormulaireMessage,
    "contestation": FormulaireContestation,
    "contestation_mesure": FormulaireContestationMesure,
}


def _envoyer(
    request: HttpRequest, contribution: Contribution, nom: str, envoyer: Callable[[str], None], merci: str
) -> HttpResponse:
    formulaire = TEXTES[nom](request.POST)
    if not formulaire.is_valid():
        return _montrer(request, contribution, status=422, formulaires={nom: formulaire})
    texte = formulaire.cleaned_data[nom]
    try:
        envoyer(texte)
    except Empechement as empechement:
        formulaire.add_error(nom, str(empechement))
        return _montrer(
            request, contribution, status=409, formulaires={nom: formulaire}, refus=str(empechement), rendu=texte
        )
    return _fait(request, contribution, merci)


def _fait(request: HttpRequest, contribution: Contribution, merci: str) -> HttpResponse:
    messages.success(request, merci)
    return mener_a(contribution)


# The page


def _montrer(
    request: HttpRequest,
    contribution: Contribution,
    *,
    status: int = 200,
    refus: str = "",
    rendu: str = "",
    formulaires: dict[str, Form] | None = None,
) -> HttpResponse:
    rendus = {nom: genre() for nom, genre in TEXTES.items()} | (formulaires or {})
    contexte = {
        "contribution": contribution,
        "refus": refus,
        "rendu": rendu,  # what was typed, when the form it was typed in may be there no more
        "formulaires": rendus,
        "erreur": any(formulaire.errors for formulaire in rendus.values()) or bool(refus),
        "adresse_refusee": bool(contribution.adresse) and Courriel.objects.adresse_refusee(contribution.adresse),
        "peut_ecrire": echanges.ouvert(contribution),
        "etapes": [("Contribuer", reverse("contribuer"))],
        "nature": Nature(contribution.nature).label,
        "lien": request.build_absolute_uri(contribution.get_absolute_url()),
        "contestable": recours.contestable_jusqua(contribution),
    }
    mention = MENTIONS[type(contribution)]
    rendus.setdefault("credit", mention(initial=mention.depart(contribution)))
    page, propre = PAGES[type(contribution)]
    return render(request, page, contexte | propre(contribution, request.GET.get("confirmer", "")), status=status)


def _de_proposition(proposition: Proposition, recue: str) -> dict[str, Any]:
    depot = proposition.depots.select_related("base").order_by("-numero").first()
    differences = recit.differences(proposition, depot) if depot else []
    mesure = recours.mesure_contestable(proposition)
    return {
        "mesure": mesure,
        "mesure_jusqua": mesure.le + OUVERT_PENDANT if mesure else None,
        "proposition": proposition,
        "teinte": TEINTES.get(Statut(proposition.statut), "info"),
        "depot": depot,
        "differences": differences,
        "ensemble": list(proposition.ensemble.defer("saisie")),
        "echange": recit.fil(proposition, [remarque for _, remarques in differences for remarque in remarques]),
        "decision": recit.decision(proposition) if proposition.statut in Proposition.DECIDEES else None,
        "frise": recit.frise(proposition),
        "deplacement": recit.deplacement(proposition, depot),
        "rangement": proposition.rangee_le,
        "reprise": recit.adresse_reprise(proposition),
        "cle_recue": recue if proposition.est_confirmee_par(recue) else "",
        "ouverte": proposition.statut in Proposition.OUVERTES,
        "devant": delais.devant(proposition) if proposition.statut in Proposition.A_TRAITER else None,
        "delai": delais.observes()["proposition"],
    }


def _de_signalement(signalement: Signalement) -> dict[str, Any]:
    return {
        "signalement": signalement,
        "echange": recit.fil(signalement),
        "cible": titre_de(signalement.dossier.fiche.nature, signalement.dossier.cible),
        "dossier": signalement.dossier,
        "teinte": TEINTES.get(Dossier.Statut(signalement.dossier.statut), "info"),
        "frise": recit.frise_signalement(signalement),
        "clos": signalement.dossier.statut in Dossier.CLOS,
        "delai": delais.observes()["signalement"],
    }


PAGES: dict[type, tuple[str, Callable[[Any, str], dict[str, Any]]]] = {
    Proposition: ("contributions/suivi_proposition.html", _de_proposition),
    Signalement: ("contributions/suivi_signalement.html", lambda signalement, _: _de_signalement(signalement)),
}
