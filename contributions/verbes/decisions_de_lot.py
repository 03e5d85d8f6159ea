"""Decisions on a whole lot: accepted but for some rows, put aside, taken back. Each row by the verb of any proposition.

A decision is written first (`Traitement`), then applied some rows at once, each lot of rows in its transaction: killed
in the middle, it goes on. What cannot be done is left in the queue with its reason; the author is told once.
"""

import logging
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from contributions import delais
from contributions.models import Journal, Lot, Proposition, Traitement
from contributions.verbes import annulation, habilitations, lots, notifications, propositions
from contributions.verbes.empechements import Empechement, TexteModifie
from contributions.verbes.permissions import peut_moderer
from fiches.models import Fiche

logger = logging.getLogger(__name__)
Statut, Verbe = Proposition.Statut, Traitement.Verbe
DECISIONS = (Verbe.ACCEPTER, Verbe.ECARTER)  # of moderators: their author is told, they may be taken back
TACHE = "contributions.traiter_lot"
AUSSITOT = 20  # rows decided while one waits; more are left to the worker
ENSEMBLE = 50  # rows in one transaction: what the public reads moves once for all of them
PANNE = "Une panne de notre côté : cette ligne s’examine à part."


@transaction.atomic
def accepter(
    lot: Lot,
    *,
    par,
    sauf: Collection[int] = (),
    remarques: Mapping[int, str] | None = None,
    explication: str = "",
    lu_le: datetime | None = None,
) -> Traitement:
    """Publish what waits in the lot, but the propositions `sauf` (primary keys), which stay in the queue.

    Those of `remarques` are given back to their author, each with its remark. A row that its author changed after
    `lu_le` is left aside: nobody read what it says now.
    """
    lot, attendent = _pour_decider(lot, par)
    rendues = {str(pk): texte.strip() for pk, texte in (remarques or {}).items() if pk in attendent and texte.strip()}
    laissees = sorted(pk for pk in attendent if pk in sauf and str(pk) not in rendues)
    if len(laissees) == len(attendent):
        raise Empechement("Gardez au moins une ligne, ou écartez le lot.")
    traitement = Traitement(
        verbe=Verbe.ACCEPTER,
        sauf=laissees,
        remarques=rendues,
        nombre=len(attendent) - len(laissees),
        lu_le=lu_le or timezone.now(),
    )
    return _commencer(traitement, lot, par, explication=explication.strip())


@transaction.atomic
def ecarter(lot: Lot, *, par, motif: str, explication: str) -> Traitement:
    """Refuse all that waits in the lot, with one reason for all."""
    lot, attendent = _pour_decider(lot, par)
    if not (motif and explication.strip()):
        raise Empechement("Choisissez un motif et écrivez une phrase : elle est envoyée à l’auteur.")
    traitement = Traitement(verbe=Verbe.ECARTER, nombre=len(attendent), motif=motif)
    return _commencer(traitement, lot, par, explication=explication.strip())


@transaction.atomic
def publier(lot: Lot, *, par) -> Traitement:
    """Publish, for its author, the rows that a correspondent may publish; the others wait for moderators."""
    if not habilitations.peut_publier(par) or lot.auteur_id != par.pk:
        raise PermissionDenied("Il faut être correspondant, et avoir apporté ce tableau.")
    lot = lots.verrouiller(lot)
    nombre = lot.propositions.filter(statut=Statut.SOUMISE).count()
    if not nombre:
        raise Empechement("Plus rien n’attend dans ce lot.")
    return _commencer(Traitement(verbe=Verbe.PUBLIER, nombre=nombre), lot, par)


@transaction.atomic
def annuler(lot: Lot, *, par) -> Traitement:
    """Take back the last decision on the lot, whole, as long as its author was not told."""
    lot = _verrouiller(lot, par)
    decision = annulable(lot, par)
    if decision is None:
        raise Empechement(f"Seule la personne qui a décidé peut annuler, pendant {delais.annulation_en_mots()}.")
    notifications.taire_le_lot(decision)
    nombre = _decidees_par(decision).count()
    return _commencer(Traitement(verbe=Verbe.ANNULER, defait=decision, nombre=nombre), lot, par)


def annulable(lot: Lot, par) -> Traitement | None:
    """Return the decision on this lot that this person may still take back."""
    dernier = lot.traitements.first()
    if dernier is None or dernier.verbe not in DECISIONS or dernier.par_id != par.pk or not dernier.fini_le:
        return None
    return dernier if dernier.fini_le + delais.annulation() > timezone.now() else None


def confier(traitement: int) -> None:
    """Leave it to the worker."""
    app.configure_task(TACHE, queue="contributions").defer(pk=traitement)


@transaction.atomic
def avancer(pk: int) -> bool:
    """Apply a decision to the next rows, in one transaction; return whether some remain, or may."""
    ouverts = Traitement.objects.filter(fini_le=None).select_related("lot__auteur", "par", "defait")
    traitement = ouverts.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
    if traitement is None:  # done, or in the hands of another worker
        return False
    suivantes = list(_suivantes(traitement))
    for proposition in suivantes:
        _traiter(traitement, proposition)
        traitement.curseur = proposition.pk
    if not suivantes:
        traitement.fini_le = timezone.now()
        if traitement.verbe != Verbe.PUBLIER:  # she who published knows
            notifications.lot_traite(traitement)
    traitement.save(update_fields=["curseur", "passees", "empechees", "fini_le"])
    return bool(suivantes)


def _verrouiller(lot: Lot, par) -> Lot:
    if not peut_moderer(par) or lot.auteur_id == par.pk:
        raise PermissionDenied("On ne décide pas de son propre tableau.")
    return lots.verrouiller(lot)


def _pour_decider(lot: Lot, par) -> tuple[Lot, set[int]]:
    """Return the lot, locked, and its propositions that wait."""
    lot = _verrouiller(lot, par)
    attendent = set(lot.propositions.a_traiter().values_list("pk", flat=True))
    if not attendent:
        dernier = lot.traitements.select_related("par").first()
        qui = f" : {dernier.get_verbe_display().lower()} par {dernier.par}" if dernier else ""
        raise Empechement(f"Plus rien n’attend dans ce lot{qui}.")
    return lot, attendent


def _commencer(traitement: Traitement, lot: Lot, par, *, explication: str = "") -> Traitement:
    traitement.lot, traitement.par, traitement.explication = lot, par, explication
    traitement.save(force_insert=True)
    detail: dict[str, Any] = {"decision": traitement.verbe, "lignes": traitement.nombre, "texte": explication}
    Journal.noter("decider_lot", lot, qui=par, motif=traitement.motif, **detail)
    if traitement.nombre > AUSSITOT:
        confier(traitement.pk)
    else:
        while avancer(traitement.pk):
            pass
    return traitement


def _suivantes(traitement: Traitement):
    """Return the next propositions to decide on, all locked before the edition is (suites.py locks in this order)."""
    if traitement.verbe == Verbe.ANNULER:  # the last version of a fiche first
        restent = _decidees_par(traitement.defait).order_by("-pk")
        if traitement.curseur:
            restent = restent.filter(pk__lt=traitement.curseur)
    else:
        restent = traitement.lot.propositions.a_traiter().exclude(pk__in=traitement.sauf)
        restent = restent.filter(pk__gt=traitement.curseur or 0).order_by("pk")
    return restent.select_for_update(of=("self",))[:ENSEMBLE]


def _decidees_par(decision: Traitement | None):
    """Return the propositions that stand decided as this decision on their lot wanted."""
    if decision is None:
        return Proposition.objects.none()
    decidees = decision.lot.propositions.filter(statut__in=Proposition.DECIDEES, decidee_par=decision.par)
    return decidees.filter(decidee_le__gte=decision.demande_le, decidee_le__lte=decision.fini_le)


def _traiter(traitement: Traitement, proposition: Proposition) -> None:
    try:
        with transaction.atomic():
            VERBES[traitement.verbe](traitement, proposition)
    except (Empechement, PermissionDenied) as refus:
        traitement.empechees[str(proposition.pk)] = str(refus)
    except Exception:  # whatever is wrong with one row, the others are decided and it is told
        logger.exception("%s n’a pas pu être appliquée à %s.", traitement, proposition)
        traitement.empechees[str(proposition.pk)] = PANNE
    traitement.passees += 1


def _accepter(traitement: Traitement, proposition: Proposition) -> None:
    depot, fiche = proposition.depots.defer("recus").latest("numero"), proposition.fiche
    if depot.depose_le > traitement.lu_le:
        raise TexteModifie("L’auteur a changé cette ligne depuis votre lecture : relisez-la.")
    if remarque := traitement.remarques.get(str(proposition.pk)):
        propositions.demander_corrections(
            proposition, par=traitement.par, depot=depot.numero, explication=remarque, traitement=traitement.pk
        )
        return
    if fiche and fiche.etat == Fiche.Etat.MASQUEE:
        raise Empechement("La fiche est masquée : cette ligne s’examine à part.")
    propositions.accepter(proposition, par=traitement.par, depot=depot.numero, traitement=traitement.pk)


def _ecarter(traitement: Traitement, proposition: Proposition) -> None:
    propositions.ecarter(
        proposition,
        par=traitement.par,
        depot=proposition.depots.latest("numero").numero,
        motif=traitement.motif,
        explication=traitement.explication,
        traitement=traitement.pk,
    )


def _annuler(traitement: Traitement, proposition: Proposition) -> None:
    annulation.annuler(proposition, par=traitement.par, traitement=traitement.pk)


def _publier(traitement: Traitement, proposition: Proposition) -> None:
    habilitations.publier(proposition, par=traitement.par)


VERBES: dict[str, Callable[[Traitement, Proposition], None]] = {
    Verbe.ACCEPTER: _accepter,
    Verbe.ECARTER: _ecarter,
    Verbe.ANNULER: _annuler,
    Verbe.PUBLIER: _publier,
}
