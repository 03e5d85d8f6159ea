"""Official files at the desk: brought, compared by the worker, confirmed once read, applied; all in the journal."""

import tempfile
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DataError, transaction
from django.db.models import F
from django.utils import timezone
from procrastinate.contrib.django import app

from contenu import officiels
from contributions.models import Journal
from contributions.verbes.empechements import Empechement
from fiches.models import Fiche
from territoires.imports import rapport
from territoires.imports.ecarts import Ecarts
from territoires.imports.releve import HORS_BASE, FichierRefuse, Releve
from territoires.models import FichierImporte, Importation, Territoire

TRAITER = "moderation.traiter_importation"
ESSAIS_AU_PLUS = 3  # of the worker: beyond, the file is what kills it
SILENCE = timedelta(minutes=5)  # of a worker that reads or writes: beyond, it was killed
FAUTES_AU_PLUS = 1_000  # kept and shown
FICHES_AU_PLUS = 100  # named in the report
PANNE = "La lecture s’est interrompue plusieurs fois : la panne est de notre côté, et elle est enregistrée."
A_CHANGE = "La base a changé depuis ce rapport : rien n’est écrit, en voici un nouveau."
Etat = Importation.Etat


@transaction.atomic
def apporter(importation: Importation, pieces: Iterable[tuple[str, bytes]], *, par) -> Importation:
    """Keep an importation that its form has found valid, with its files, and have the worker compare it."""
    _exiger(par)
    importation.par = par
    importation.save()
    FichierImporte.objects.bulk_create(
        FichierImporte(importation=importation, nom=nom, octets=octets) for nom, octets in pieces
    )
    Journal.noter("apporter_fichier", importation, qui=par, texte=str(importation))
    return _confier(importation)


@transaction.atomic
def confirmer(importation: Importation, *, par) -> Importation:
    """Have the worker write what the report says. Raise Empechement when it is no longer to be confirmed."""
    _exiger(par)
    _passer(importation, Etat.A_APPLIQUER, "Ce fichier n’est plus à confirmer.")
    Journal.noter("confirmer_fichier", importation, qui=par, de=Etat.COMPAREE)
    return _confier(importation)


@transaction.atomic
def abandonner(importation: Importation, *, par) -> Importation:
    """Let a compared file go, and forget what it holds. Raise Empechement when it is no longer to be confirmed."""
    _exiger(par)
    _passer(importation, Etat.ABANDONNEE, "Ce fichier n’est plus à abandonner.")
    importation.pieces.all().delete()
    Journal.noter("abandonner_fichier", importation, qui=par, de=Etat.COMPAREE)
    return importation


def traiter(pk: int) -> None:
    """Compare a file, or write it: what the worker does. Done twice, or after a kill, it changes nothing more."""
    _avancer(pk, "Lecture du fichier", essais=F("essais") + 1)
    importation = Importation.objects.en_cours().filter(pk=pk).first()
    if importation is None:
        return
    if importation.essais > ESSAIS_AU_PLUS:
        _refuser(pk, importation.etat, [PANNE])
        return
    try:
        releve = _lire(importation)
        _avancer(pk, "Comparaison" if importation.etat == Etat.A_COMPARER else "Écriture")
        with transaction.atomic():
            differences = officiels.comparer(
                importation.genre,
                releve,
                plus_ancien=importation.plus_ancien,
                fermer_absents=importation.fermer_absents,
            )
            _conclure(pk, importation.etat, differences)
    except FichierRefuse as refus:
        _refuser(pk, importation.etat, refus.erreurs)
    except DataError:  # the report itself does not hold: a NUL
        _refuser(pk, importation.etat, [f"{importation} : {HORS_BASE}"])


def reprendre() -> None:
    """Have the worker take again what it was killed in the middle of."""
    for importation in Importation.objects.en_cours().filter(bougee_le__lt=timezone.now() - SILENCE):
        _confier(importation)


def _exiger(par) -> None:
    if not par.est_administrateur:
        raise PermissionDenied("Il faut être administrateur.")


def _avancer(pk: int, etape: str, **champs: Any) -> None:
    """Say where the worker is, at once, whatever becomes of what it does next."""
    Importation.objects.en_cours().filter(pk=pk).update(etape=etape, bougee_le=timezone.now(), **champs)


def _confier(importation: Importation) -> Importation:
    transaction.on_commit(lambda: app.configure_task(TRAITER).defer(pk=importation.pk))
    return importation


def _passer(importation: Importation, etat: Etat, refus: str) -> None:
    """Change the state of a compared importation, unless somebody else just did."""
    if not Importation.objects.filter(pk=importation.pk, etat=Etat.COMPAREE).update(etat=etat, essais=0, etape=""):
        raise Empechement(refus)
    importation.refresh_from_db()


def _lire(importation: Importation) -> Releve:
    with tempfile.TemporaryDirectory() as dossier:
        chemins = []
        for rang, piece in enumerate(importation.pieces.order_by("pk")):
            chemins.append(Path(dossier) / str(rang) / Path(piece.nom).name)
            chemins[-1].parent.mkdir()
            chemins[-1].write_bytes(piece.octets)
        return officiels.lire(importation.genre, chemins, importation.annee)


def _conclure(pk: int, etat: str, differences: Ecarts) -> None:
    """Keep the report, or write what it said, in the transaction where it was compared."""
    importation = Importation.objects.select_for_update().filter(pk=pk, etat=etat).first()
    if importation is None:  # another worker did it meanwhile
        return
    empreinte = rapport.empreinte(differences)
    if etat == Etat.A_APPLIQUER and importation.empreinte == empreinte:
        officiels.appliquer(differences)
        importation.etat, importation.etape = Etat.APPLIQUEE, ""
        importation.pieces.all().delete()
        Journal.noter("appliquer_fichier", importation, qui=importation.par, de=etat)
    else:
        importation.etape = A_CHANGE if etat == Etat.A_APPLIQUER else ""
        importation.etat, importation.empreinte = Etat.COMPAREE, empreinte
        importation.rapport = {**rapport.en_chapitres(differences), "fiches": _fiches(differences)}
    importation.save()


@transaction.atomic
def _refuser(pk: int, etat: str, erreurs: list[str]) -> None:
    importation = Importation.objects.select_for_update().filter(pk=pk, etat=etat).first()
    if importation is None:
        return
    importation.etat, importation.etape = Etat.REFUSEE, ""
    importation.fautes = erreurs[:FAUTES_AU_PLUS]
    importation.save()
    importation.pieces.all().delete()
    Journal.noter("refuser_fichier", importation, qui=importation.par, de=etat)


def _fiches(differences: Ecarts) -> dict:
    """Return how many fiches are attached to what is renamed, closed or moved, and the first of them."""
    touches = {t.pk for t, _ in differences.fermes} | {m.territoire.pk for m in differences.modifies}
    deplaces = (f"{nature}:{code}" for (nature, code), _ in differences.ajouts | differences.retraits)
    lieux = touches | set(Territoire.objects.designes_par(deplaces).values_list("pk", flat=True))
    fiches = Fiche.objects.visibles_pour().filter(territoires__in=lieux).distinct().order_by("titre", "pk")
    premieres = [{"titre": f.titre, "adresse": f.get_absolute_url()} for f in fiches[:FICHES_AU_PLUS]]
    return {"nombre": fiches.count(), "premieres": premieres}
