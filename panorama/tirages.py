"""Asking for the file of a dossier: made once for each choice of fiches, form, edition and day.

A stranger can fill neither the queue nor the disk: few wait at the same time, and all that is kept is bounded.
"""

from collections.abc import Sequence
from hashlib import sha256

from django.db import connection, transaction
from django.utils import timezone

from fiches.models import Edition, Fiche
from panorama.models import Tirage, TirageQuerySet
from panorama.taches import tirer

EN_ATTENTE_AU_PLUS = 20
VERROU = 7_261_945  # of PostgreSQL, held by whoever counts those that wait until its own is committed


class FilePleine(Exception):
    """Too many files wait for the worker: one more would have to wait too long."""


def trouver(fiches: Sequence[Fiche], forme: str) -> Tirage | None:
    """Return what was already asked for with these fiches, as they are today, without its bytes; None if nothing."""
    return _connus(fiches, forme).defer("contenu").first()


def contenu(fiches: Sequence[Fiche], forme: str) -> bytes:
    """Return the file made of these fiches, as they are today; empty when there is none to give."""
    return bytes(_connus(fiches, forme).values_list("contenu", flat=True).first() or b"")


@transaction.atomic
def demander(fiches: Sequence[Fiche], forme: str) -> Tirage:
    """Return the file of these fiches, to be made if nobody asked for it. Raise FilePleine."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock(%s)", [VERROU])
    Tirage.objects.a_oublier().delete()
    if connu := trouver(fiches, forme):
        return connu
    if Tirage.objects.en_attente().count() >= EN_ATTENTE_AU_PLUS:
        raise FilePleine
    tirage = Tirage.objects.create(
        cle=_cle(fiches, forme), forme=forme, fiches=[fiche.pk for fiche in fiches], demande_le=timezone.now()
    )
    tirer.defer(pk=tirage.pk)
    return tirage


def _connus(fiches: Sequence[Fiche], forme: str) -> TirageQuerySet:
    return Tirage.objects.exclude(pk__in=Tirage.objects.a_oublier()).filter(cle=_cle(fiches, forme))


def _cle(fiches: Sequence[Fiche], forme: str) -> str:
    edition = Edition.objects.values_list("numero", flat=True).get(pk=1)
    choix = " ".join(str(fiche.pk) for fiche in fiches)
    return sha256(f"{edition} {timezone.localdate()} {forme} {choix}".encode()).hexdigest()
