"""Appeals: whoever was told no may contest for six months; somebody else decides, and both sides are told."""

from contextlib import suppress
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from contributions.models import Dossier, Journal, Proposition, Recours, Signalement
from contributions.models.recours import OUVERT_PENDANT
from contributions.models.transitions import FICHE, RECOURS
from contributions.verbes import alertes, notifications, propositions, retraits, signalements
from contributions.verbes.empechements import DejaDecidee, Empechement
from contributions.verbes.permissions import peut_decider_recours
from fiches.models import Fiche

Statut = Recours.Statut
MESURES = ("masquer_fiche", "retirer_fiche")  # what can be contested, of what is done to a fiche


def contestable_jusqua(contribution: Proposition | Signalement):
    """Return until when a decision may be contested; None when there is nothing to contest."""
    decision = contribution.decision
    if not contribution.contestable or decision.decidee_le is None:
        return None
    fin = decision.decidee_le + OUVERT_PENDANT
    ouvert = contribution.recours.filter(statut=Statut.DEPOSE, mesure=None).exists()
    return None if ouvert or fin < timezone.now() else fin


def mesure_contestable(proposition: Proposition) -> Journal | None:
    """Return what put out of sight the fiche that holds this proposition, if its author may contest it now."""
    fiche = proposition.fiche
    if proposition.version_id is None or fiche is None or fiche.etat == Fiche.Etat.PUBLIEE:
        return None
    derniere = Journal.objects.filter(fiche=fiche, verbe__in=FICHE).order_by("-pk").first()
    if derniere is None or derniere.verbe not in MESURES or derniere.le + OUVERT_PENDANT < timezone.now():
        return None
    return None if proposition.recours.filter(statut=Statut.DEPOSE, mesure=derniere).exists() else derniere


@transaction.atomic
def contester(contribution: Proposition | Signalement, *, texte: str) -> Recours:
    """File an appeal; refused when the decision is not adverse, too old, or contested already."""
    if contestable_jusqua(contribution) is None:
        raise Empechement("Cette décision ne se conteste pas, ou plus.")
    return _deposer(texte, contribution, premier_decideur=contribution.decision.decidee_par)


@transaction.atomic
def contester_mesure(proposition: Proposition, *, texte: str) -> Recours:
    """File an appeal against what put out of sight a fiche that one has contributed to."""
    mesure = mesure_contestable(proposition)
    if mesure is None:
        raise Empechement("Cette mesure ne se conteste pas, ou plus.")
    return _deposer(texte, proposition, premier_decideur=mesure.qui, mesure=mesure)


def _deposer(texte: str, contribution: Proposition | Signalement, **champs: Any) -> Recours:
    if not texte.strip():
        raise Empechement("Dites ce que vous contestez, et pourquoi.")
    try:
        with transaction.atomic():
            recours = contribution.recours.create(texte=texte.strip(), **champs)
    except IntegrityError:  # a double click
        raise DejaDecidee("Cette décision est déjà contestée : votre recours attend une réponse.") from None
    Journal.noter("contester", recours, qui=contribution.auteur)
    notifications.recours_recu(recours)
    alertes.recours_recu(recours)
    return recours


@transaction.atomic
def confirmer(recours: Recours, *, par, explication: str) -> Recours:
    """The decision stands."""
    return _decider(recours, "confirmer", par, explication)


@transaction.atomic
def infirmer(recours: Recours, *, par, explication: str) -> Recours:
    """The decision falls: what was contested is examined again; a fiche that was put out of sight is shown again."""
    recours = _decider(recours, "infirmer", par, explication)
    if recours.mesure:
        _lever(recours, par)
    elif recours.proposition:
        propositions.rouvrir(recours.proposition, par=par)
    elif recours.signalement:
        signalements.rouvrir(recours.signalement.dossier, par=par)
    return recours


def _lever(recours: Recours, par) -> None:
    """Show the fiche again, unless somebody did, or put it out of sight for something else meanwhile.

    The cases that the masking closed are examined again: what was reported there is still to be answered.
    """
    fiche = recours.mesure.fiche if recours.mesure else None
    derniere = Journal.objects.filter(fiche=fiche, verbe__in=FICHE).order_by("-pk").first()
    if fiche and derniere and derniere == recours.mesure:
        retraits.retablir(fiche, par=par, explication=f"Recours n° {recours.pk}\u00a0: {recours.explication}")
        masques = fiche.dossiers.filter(statut=Dossier.Statut.MASQUE, decidee_le__gte=derniere.le)
        for dossier in masques:
            with suppress(Empechement):  # another case is open at this very place
                signalements.rouvrir(dossier, par=par)


def _decider(recours: Recours, verbe: str, par, explication: str) -> Recours:
    recours = Recours.objects.select_for_update(of=("self",)).get(pk=recours.pk)
    if recours.statut != Statut.DEPOSE:
        quand = timezone.localtime(recours.decide_le)
        raise DejaDecidee(f"Ce recours a déjà été décidé par {recours.decide_par} le {quand:%d/%m/%Y à %H:%M}.")
    if not peut_decider_recours(par, recours):
        raise PermissionDenied("Un recours est décidé par une autre personne que la première décision.")
    if not explication.strip():
        raise Empechement("Expliquez votre décision : elle est envoyée à la personne qui conteste.")
    (recours.statut,), recours.explication = RECOURS[verbe].vers, explication.strip()
    recours.decide_par, recours.decide_le = par, timezone.now()
    recours.save()
    Journal.noter(verbe, recours, qui=par, de=Statut.DEPOSE)
    notifications.recours_decide(recours)
    return recours
