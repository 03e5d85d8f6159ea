"""Personal data in contributions: what an account takes away or erases (comptes/donnees.py), what is forgotten.

Addresses, names the law asked for and marks of networks go; texts and decisions stay.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from contributions.models import (
    ColonneApprise,
    Demande,
    Lot,
    Message,
    Notification,
    Proposition,
    Reponse,
    Signalement,
    Tableau,
)
from contributions.verbes import credits, propositions
from fiches import edition

Statut = Proposition.Statut
OUBLIE = "Ces mots ont été effacés."  # in the place of a message
# What was typed is kept whole with a draft (`Proposition.saisie`): the address is there too.
SAISIES = ("courriel",)
SAISIES_NOM = ("credit", "credit_nom", "credit_lien", "credit_role")
ANONYME = {"credit": Proposition.Credit.ANONYME.value, "credit_nom": ""}
SANS_LIEN = {"credit_lien": "", "credit_role": ""}


def exporter(utilisateur) -> dict[str, Any]:
    """Return what this person wrote, and what was answered, ready for JSON."""
    propositions = Proposition.objects.filter(auteur=utilisateur).select_related("lot").order_by("pk")
    signalements = Signalement.objects.filter(auteur=utilisateur).order_by("pk").select_related("dossier__fiche")
    return {
        "propositions": [_proposition(une) for une in propositions.prefetch_related("depots", "messages", "recours")],
        "notifications": [
            {
                "objet": notification.objet,
                "le": notification.le.isoformat(),
                "lue le": notification.lue_le and notification.lue_le.isoformat(),
            }
            for notification in Notification.objects.pour(utilisateur)
        ],
        "signalements": [_signalement(un) for un in signalements.prefetch_related("messages", "recours")],
        "lots": [
            {"titre": lot.titre, "déposé le": lot.depose_le.isoformat(), "mot": lot.mot}
            for lot in Lot.objects.filter(auteur=utilisateur).order_by("pk")
        ],
        "tableaux": [
            {"nom": un.nom, "apporté le": un.cree_le.isoformat(), "cellules": un.feuilles}
            for un in Tableau.objects.filter(auteur=utilisateur).order_by("pk")
        ],
        "colonnes apprises": dict(utilisateur.colonnes_apprises.order_by("nom").values_list("nom", "role")),
    }


def _proposition(proposition: Proposition) -> dict[str, Any]:
    return {
        "numéro": proposition.pk,
        "fiche": proposition.titre,
        "tableau": f"{proposition.lot.titre}, ligne {proposition.ligne}" if proposition.lot else "",
        "état": proposition.get_statut_display(),
        "commencée le": proposition.creee_le.isoformat(),
        "créditée": proposition.nom_credite,
        "dernière saisie": proposition.saisie,
        "dépôts": [
            {"le": depot.depose_le.isoformat(), "pourquoi": depot.pourquoi, "changements": depot.changements}
            for depot in proposition.depots.all()
        ],
        "motif": proposition.get_motif_display(),
        "explication": proposition.explication,
        "messages": _messages(proposition),
        "recours": [recours.texte for recours in proposition.recours.all()],
    }


def _signalement(signalement: Signalement) -> dict[str, Any]:
    return {
        "numéro": signalement.pk,
        "fiche": signalement.dossier.fiche.titre,
        "catégorie": signalement.dossier.get_categorie_display(),
        "reçu le": signalement.recu_le.isoformat(),
        "texte": signalement.texte,
        "précisions": dict(signalement.reponses),
        "nom à créditer": signalement.nom,
        "état": signalement.dossier.get_statut_display(),
        "explication": signalement.dossier.explication,
        "messages": _messages(signalement),
        "recours": [recours.texte for recours in signalement.recours.all()],
    }


def _messages(contribution: Proposition | Signalement) -> list[dict[str, str]]:
    return [
        {"le": m.le.isoformat(), "de": "la modération" if m.de_la_moderation else "vous", "texte": m.texte}
        for m in sorted(contribution.messages.all(), key=lambda m: m.pk)
    ]


@transaction.atomic
def effacer(utilisateur, *, garder_nom: bool) -> None:
    """Let go of a person: drafts are withdrawn, what was handed in goes on without them, nothing leads to them.

    Without `garder_nom`, no version nor fiche names them; with it, the name stays, without link nor role. Called
    again, it finds nothing more to do.
    """
    siennes = Proposition.objects.filter(auteur=utilisateur)
    for proposition in siennes.filter(statut__in=[Statut.BROUILLON, Statut.A_CONFIRMER]):
        propositions.retirer(proposition, qui=utilisateur)
    une_par_lot = (
        siennes.exclude(lot=None).order_by("lot_id", "pk").distinct("lot_id")
    )  # it speaks for all those of the lot
    for proposition in [*siennes.filter(lot=None), *une_par_lot]:
        credits.changer(proposition, **(SANS_LIEN if garder_nom else ANONYME | SANS_LIEN))
    signalements = Signalement.objects.filter(auteur=utilisateur)
    if not garder_nom:
        for signalement in signalements:
            credits.changer(signalement, nom="")
        edition.changer_credit(f"personne-{utilisateur.pk}", "Modération")
    oublier_propositions(siennes, (*SAISIES, *SAISIES_NOM))
    oublier_signalements(signalements)
    Message.objects.filter(auteur=utilisateur, de_la_moderation=False).update(auteur=None)
    siennes.update(auteur=None)
    Lot.objects.filter(auteur=utilisateur).update(auteur=None)
    signalements.update(auteur=None)
    Notification.objects.pour(utilisateur).delete()
    Tableau.objects.filter(auteur=utilisateur).delete()
    ColonneApprise.objects.filter(auteur=utilisateur).delete()


@transaction.atomic
def oublier_propositions(propositions: QuerySet[Proposition], saisies: Iterable[str] = SAISIES) -> int:
    """Erase from these propositions what leads to who wrote them, and return how many had something of it."""
    connues = propositions.filter(~Q(courriel="", reseau="") | Q(saisie__has_any_keys=[*saisies]))
    restantes = list(connues.select_for_update(of=("self",)))
    for proposition in restantes:
        proposition.courriel = proposition.reseau = proposition.voisins = ""
        proposition.saisie = {cle: valeur for cle, valeur in proposition.saisie.items() if cle not in saisies}
        proposition.save(update_fields=["courriel", "reseau", "voisins", "saisie"])
    return len(restantes)


@transaction.atomic
def oublier_signalements(signalements: QuerySet[Signalement]) -> int:
    """The same for reports."""
    connus = signalements.filter(~Q(courriel="", reseau="") | Q(precisions__has_any_keys=[*Signalement.PERSONNELLES]))
    restants = list(connus.select_for_update(of=("self",)))
    for signalement in restants:
        signalement.courriel = signalement.reseau = signalement.voisins = ""
        signalement.precisions = {
            cle: valeur for cle, valeur in signalement.precisions.items() if cle not in Signalement.PERSONNELLES
        }
        signalement.save(update_fields=["courriel", "reseau", "voisins", "precisions"])
    return len(restants)


@transaction.atomic
def oublier_demandes() -> int:
    """Erase from the requests whose link ended what leads to who was asked, and return how many had something of it.

    The digest of the address goes last, when the year in which it is not asked again is over; that of an address that
    wants no more questions is kept elsewhere.
    """
    finies = list(Demande.objects.a_oublier().values_list("pk", flat=True))
    reponses = Reponse.objects.filter(demande__in=finies)
    ecrits = Message.objects.filter(de_la_moderation=False, proposition__in=reponses.values("proposition"))
    ecrits.update(texte=OUBLIE)  # what was written beside was said to moderators
    reponses.update(precision="")
    Demande.objects.filter(pk__in=finies).update(destinataire="")
    Demande.objects.a_effacer().update(empreinte="")
    return len(finies)
