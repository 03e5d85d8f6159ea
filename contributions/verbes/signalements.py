"""The life of a report: reports on one target make one case (Dossier), decided once, and everybody is answered."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from contributions.models import Dossier, Journal, Signalement
from contributions.verbes import alertes, examen, notifications, suites
from contributions.verbes.empechements import Empechement
from contributions.verbes.examen import verrouiller, verrouiller_pour
from contributions.verbes.permissions import a_signale
from contributions.verbes.retraits import masquer as masquer_fiche
from fiches import edition
from fiches.models import Fiche, Version

Statut = Dossier.Statut


@transaction.atomic
def signaler(
    fiche: Fiche,
    *,
    categorie: str,
    texte: str,
    cible: str = "",
    version: Version | None = None,
    envoi: str | None = None,
    **champs: Any,
) -> Signalement:
    """Receive a report: it joins the open case on the same target, or opens one. `champs`: see Signalement.

    The same `envoi` twice (a double click) is received once.
    """
    lue = _verrouiller_la_fiche(fiche.pk)  # two reports at once make one case
    version = version or lue.versions.get(numero=lue.numero)
    if suivante := lue.suivante_visible():  # merged while one was reading it: what is said of it is said of the other
        fiche, cible = _verrouiller_la_fiche(suivante.pk), suites.lieu_du_report(cible)
    if envoi and (deja := Signalement.objects.filter(envoi=envoi).first()):
        return deja
    # Locked: a report does not join a case that somebody is closing.
    ouverts = Dossier.objects.select_for_update(of=("self",)).filter(statut__in=Dossier.A_TRAITER)
    dossier, neuf = ouverts.get_or_create(
        fiche_id=fiche.pk, cible=cible, categorie=categorie, defaults={"statut": Statut.RECU}
    )
    signalement = Signalement.objects.create(dossier=dossier, version=version, texte=texte, envoi=envoi, **champs)
    de = "" if neuf else dossier.statut
    Journal.noter("signaler", dossier, qui=signalement.auteur, de=de, signalement=signalement.pk)
    notifications.signalement_recu(signalement)
    if neuf and dossier.urgent:
        alertes.urgence(dossier)
    return signalement


@transaction.atomic
def prendre(dossier: Dossier, *, par) -> Dossier:
    return examen.prendre(dossier, par)


@transaction.atomic
def rendre(dossier: Dossier, *, par) -> Dossier:
    return examen.rendre(dossier, par)


@transaction.atomic
def corriger(dossier: Dossier, *, par, explication: str = "", version: Version | None = None) -> Dossier:
    """Close: the fiche says it right now.

    Since `version`, if a correction was published for this case: whoever had taken it, or reported it.
    """
    dossier = verrouiller(dossier, "corriger") if version else _pour_decider(dossier, "corriger", par)
    explication = explication.strip() or "La fiche a été corrigée."
    return _clore(dossier, "corriger", par, "", explication, version=version.numero if version else None)


@transaction.atomic
def masquer(dossier: Dossier, *, par, motif: str, explication: str) -> Dossier:
    """Take the fiche out of sight while it is put right: the public page says since when, and why."""
    suites.verrouiller(dossier.fiche)
    edition.verrouiller()
    fiche = _verrouiller_la_fiche(dossier.fiche_id)
    dossier = _pour_decider(dossier, "masquer", par)
    if fiche.etat != Fiche.Etat.MASQUEE:  # another case of the same fiche may have done it
        masquer_fiche(fiche, par=par, motif=motif, explication=explication)
    return _clore_motive(dossier, "masquer", par, motif, explication)


@transaction.atomic
def classer(dossier: Dossier, *, par, motif: str, explication: str) -> Dossier:
    """Close without doing anything, and say why."""
    return _clore_motive(_pour_decider(dossier, "classer", par), "classer", par, motif, explication)


@transaction.atomic
def rattacher(dossier: Dossier, *, par, double_de: Dossier, explication: str) -> Dossier:
    """Close as a double of another case of the same fiche, which is not itself a double: somebody must handle one."""
    les_deux = Dossier.objects.select_for_update(of=("self",)).filter(pk__in=(dossier.pk, double_de.pk)).order_by("pk")
    autre = next((d for d in les_deux if d.pk != dossier.pk), None)
    if autre is None or autre.fiche_id != dossier.fiche_id or autre.statut == Statut.DOUBLON:
        raise Empechement("Choisissez un autre dossier de la même fiche, qui ne soit pas lui-même un doublon.")
    dossier = _pour_decider(dossier, "rattacher", par)
    dossier.double_de = autre
    return _clore_motive(dossier, "rattacher", par, "doublon", explication, double_de=autre.pk)


@transaction.atomic
def rouvrir(dossier: Dossier, *, par, **detail: Any) -> Dossier:
    """Put a closed case back in the queue: an appeal was upheld, or a message of who reported heard."""
    return _rouvrir(dossier, "rouvrir", par, **detail)


@transaction.atomic
def annuler(dossier: Dossier, *, par, **detail: Any) -> Dossier:
    """Put back in the queue a case that a publication had closed: it was taken back."""
    return _rouvrir(dossier, "annuler", par, **detail)


def _rouvrir(dossier: Dossier, verbe: str, par, **detail: Any) -> Dossier:
    _verrouiller_la_fiche(dossier.fiche_id)
    dossier = verrouiller_pour(dossier, verbe, par)
    memes = Dossier.objects.a_traiter().filter(fiche=dossier.fiche_id, cible=dossier.cible, categorie=dossier.categorie)
    if ouvert := memes.first():
        raise Empechement(f"Le {str(ouvert).lower()} est déjà ouvert au même endroit : traitez-le d’abord.")
    dossier.double_de = None
    examen.rouvrir(dossier, par, verbe, **detail)
    return dossier


def _verrouiller_la_fiche(pk: int) -> Fiche:
    """Lock the fiche, always before its cases. (Not its key: the journal of whoever holds a case refers to it.)"""
    return Fiche.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)


def _pour_decider(dossier: Dossier, verbe: str, par) -> Dossier:
    dossier = verrouiller_pour(dossier, verbe, par)
    if a_signale(par, dossier):
        raise PermissionDenied("On ne décide pas de son propre signalement.")
    return dossier


def _clore_motive(dossier: Dossier, verbe: str, par, motif: str, explication: str, **detail) -> Dossier:
    if not (motif and explication.strip()):
        raise Empechement("Choisissez un motif et écrivez une phrase : elle est envoyée à qui a signalé.")
    return _clore(dossier, verbe, par, motif, explication, **detail)


def _clore(dossier: Dossier, verbe: str, par, motif: str, explication: str, **detail) -> Dossier:
    """Write the decision, and answer to everybody."""
    dossier.motif, dossier.explication = motif, explication.strip()
    ligne = examen.clore(dossier, verbe, par, **detail)
    for signalement in dossier.signalements.select_related("auteur"):
        notifications.signalement_traite(signalement, ligne)
    return dossier
