"""The life of a report: reports on one target make one case (Dossier), decided once, and everybody is answered."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from contributions.models import Dossier, Journal, Signalement
from contributions.models.examen import RESERVATION
from contributions.verbes import notifications
from contributions.verbes.empechements import DejaDecidee, Empechement
from contributions.verbes.permissions import a_signale, peut_moderer
from contributions.verbes.retraits import masquer as masquer_fiche
from fiches import edition
from fiches.models import Fiche, Version

S = Dossier.Statut
TRANSITIONS: dict[str, tuple[tuple[S, ...], tuple[S, ...]]] = {
    "prendre": (Dossier.A_TRAITER, (S.EN_EXAMEN,)),
    "rendre": ((S.EN_EXAMEN,), (S.RECU,)),
    "corriger": (Dossier.A_TRAITER, (S.CORRIGE,)),
    "masquer": (Dossier.A_TRAITER, (S.MASQUE,)),
    "classer": (Dossier.A_TRAITER, (S.SANS_SUITE,)),
    "rattacher": (Dossier.A_TRAITER, (S.DOUBLON,)),
    "rouvrir": (Dossier.CLOS, (S.RECU,)),
}


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
    _verrouiller_la_fiche(fiche.pk)  # two reports at once make one case
    if envoi and (deja := Signalement.objects.filter(envoi=envoi).first()):
        return deja
    # Locked: a report does not join a case that somebody is closing.
    ouverts = Dossier.objects.select_for_update(of=("self",)).filter(statut__in=Dossier.A_TRAITER)
    dossier, neuf = ouverts.get_or_create(
        fiche_id=fiche.pk, cible=cible, categorie=categorie, defaults={"statut": S.RECU}
    )
    signalement = Signalement.objects.create(
        dossier=dossier, version=version or fiche.versions.get(numero=fiche.numero), texte=texte, envoi=envoi, **champs
    )
    de = "" if neuf else dossier.statut
    Journal.noter("signaler", dossier, qui=signalement.auteur, de=de, signalement=signalement.pk)
    notifications.signalement_recu(signalement)
    return signalement


@transaction.atomic
def prendre(dossier: Dossier, *, par) -> Dossier:
    """Reserve for two hours; what somebody else holds cannot be taken."""
    dossier = _verrouiller(dossier, "prendre", par)
    dossier.prise_par, dossier.prise_jusqua = par, timezone.now() + RESERVATION
    _passer(dossier, "prendre", S.EN_EXAMEN, par)
    return dossier


@transaction.atomic
def rendre(dossier: Dossier, *, par) -> Dossier:
    dossier = _verrouiller(dossier, "rendre", par)
    dossier.prise_par = dossier.prise_jusqua = None
    _passer(dossier, "rendre", S.RECU, par)
    return dossier


@transaction.atomic
def corriger(dossier: Dossier, *, par, explication: str = "", version: Version | None = None) -> Dossier:
    """Close: the fiche says it right now, since `version` if a correction was published for this case (whoever had
    taken the case)."""
    numero = version.numero if version else None
    explication = explication or "La fiche a été corrigée."
    return _clore(dossier, "corriger", S.CORRIGE, par, "", explication, reserve=version is None, version=numero)


@transaction.atomic
def masquer(dossier: Dossier, *, par, motif: str, explication: str) -> Dossier:
    """Take the fiche out of sight while it is put right: the public page says since when, and why."""
    edition.verrouiller()
    fiche = _verrouiller_la_fiche(dossier.fiche_id)
    _verrouiller(dossier, "masquer", par)
    if fiche.etat != Fiche.Etat.MASQUEE:  # another case of the same fiche may have done it
        masquer_fiche(fiche, par=par, motif=motif, explication=explication)
    return _clore(dossier, "masquer", S.MASQUE, par, motif, explication)


@transaction.atomic
def classer(dossier: Dossier, *, par, motif: str, explication: str) -> Dossier:
    """Close without doing anything, and say why."""
    return _clore(dossier, "classer", S.SANS_SUITE, par, motif, explication)


@transaction.atomic
def rattacher(dossier: Dossier, *, par, double_de: Dossier, explication: str) -> Dossier:
    """Close as a double of another case of the same fiche, which is not itself a double: somebody must handle one."""
    les_deux = Dossier.objects.select_for_update(of=("self",)).filter(pk__in=(dossier.pk, double_de.pk)).order_by("pk")
    autre = next((d for d in les_deux if d.pk != dossier.pk), None)
    if autre is None or autre.fiche_id != dossier.fiche_id or autre.statut == S.DOUBLON:
        raise Empechement("Choisissez un autre dossier de la même fiche, qui ne soit pas lui-même un doublon.")
    dossier.double_de = autre
    return _clore(dossier, "rattacher", S.DOUBLON, par, "doublon", explication, double_de=double_de.pk)


@transaction.atomic
def rouvrir(dossier: Dossier, *, par) -> Dossier:
    """Put a closed case back in the queue, because an appeal was upheld."""
    _verrouiller_la_fiche(dossier.fiche_id)
    dossier = _verrouiller(dossier, "rouvrir", par)
    memes = Dossier.objects.a_traiter().filter(fiche=dossier.fiche_id, cible=dossier.cible, categorie=dossier.categorie)
    if ouvert := memes.first():
        raise Empechement(f"Le {str(ouvert).lower()} est déjà ouvert au même endroit : traitez-le d’abord.")
    dossier.decidee_par = dossier.decidee_le = dossier.double_de = dossier.prise_par = dossier.prise_jusqua = None
    dossier.motif = dossier.explication = ""
    _passer(dossier, "rouvrir", S.RECU, par)
    return dossier


def _verrouiller_la_fiche(pk: int) -> Fiche:
    """Lock the fiche, always before its cases. (Not its key: the journal of whoever holds a case refers to it.)"""
    return Fiche.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)


def _verrouiller(dossier: Dossier, verbe: str, par, *, reserve: bool = True) -> Dossier:
    if not peut_moderer(par):
        raise PermissionDenied("Il faut être modérateur.")
    actuel = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
    if actuel.statut not in TRANSITIONS[verbe][0]:
        if actuel.decidee_par and actuel.decidee_le:
            quand = timezone.localtime(actuel.decidee_le)
            raise DejaDecidee(
                f"Ce signalement a déjà été traité : {actuel.get_statut_display().lower()} "
                f"par {actuel.decidee_par} le {quand:%d/%m/%Y à %H:%M}."
            )
        raise Empechement(f"Ce signalement n’attend pas cela : {actuel.get_statut_display().lower()}.")
    if reserve and actuel.reservee_a_un_autre(par):
        jusqua = timezone.localtime(actuel.prise_jusqua)
        raise Empechement(f"{actuel.prise_par} l’a pris, jusqu’à {jusqua:%H h %M}.")
    return actuel


def _clore(
    dossier: Dossier, verbe: str, vers: S, par, motif: str, explication: str, *, reserve: bool = True, **detail
) -> Dossier:
    double_de = dossier.double_de
    dossier = _verrouiller(dossier, verbe, par, reserve=reserve)
    if reserve and a_signale(par, dossier):  # not when a proposition that somebody wrote is accepted
        raise PermissionDenied("On ne décide pas de son propre signalement.")
    if vers != S.CORRIGE and not (motif and explication.strip()):
        raise Empechement("Choisissez un motif et écrivez une phrase : elle est envoyée à qui a signalé.")
    dossier.double_de, dossier.motif, dossier.explication = double_de, motif, explication.strip()
    dossier.decidee_par, dossier.decidee_le = par, timezone.now()
    dossier.prise_par = dossier.prise_jusqua = None
    ligne = _passer(dossier, verbe, vers, par, **detail)
    for signalement in dossier.signalements.select_related("auteur"):
        notifications.signalement_traite(signalement, ligne)
    return dossier


def _passer(dossier: Dossier, verbe: str, vers: S, par, **detail) -> Journal:
    if vers not in TRANSITIONS[verbe][1]:
        raise ValueError(f"{verbe} ne mène pas à {vers}")
    de, dossier.statut = dossier.statut, vers
    dossier.save()
    return Journal.noter(verbe, dossier, qui=par, de=de, motif=dossier.motif, **detail)
