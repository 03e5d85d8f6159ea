"""Ceilings: how many e-mails a day go to addresses that somebody typed and nobody proved.

Such an address may be anybody's, and so is the reputation of the site's own e-mail. The day is that of Europe/Paris.
What is refused here is said by the form, except where it would tell who has an account (comptes/adaptateurs.py).
"""

import logging

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Count, Q, Value
from django.utils import timezone

from courriels.models import Courriel, CourrielQuerySet, Preuve, boite

logger = logging.getLogger(__name__)
PAR_ADRESSE = 3  # of all kinds together
VERROU = 7_261_944  # of PostgreSQL, held by whoever counts until what it writes is committed
ADRESSE_PLEINE = (
    f"Déjà {PAR_ADRESSE} courriels aujourd’hui à cette adresse, qui est peut-être celle de quelqu’un d’autre : il n’en "
    "part plus. Ouvrez le dernier reçu (regardez aussi les indésirables), connectez-vous, ou réessayez demain."
)
SITE_PLEIN = (
    "Le site a envoyé aujourd’hui tous les courriels qu’il envoie à des adresses nouvelles. "
    "Réessayez demain, ou connectez-vous si vous avez un compte."
)


def aujourd_hui() -> CourrielQuerySet:
    minuit = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return Courriel.objects.filter(ecrit_le__gte=minuit)


def envoyes_sans_preuve() -> int:
    """Return how many e-mails were written today to addresses nobody proved."""
    return aujourd_hui().sans_preuve().count()


def site_plein() -> bool:
    return envoyes_sans_preuve() >= settings.PLAFOND_COURRIELS


def places(adresse: str) -> tuple[int, int]:
    """Return how many e-mails may still go today to this address, and to all those that nobody proved."""
    comptes = (
        aujourd_hui()
        .provoques()
        .aggregate(
            la=Count("pk", filter=Q(boite=boite(Value(adresse.strip())))),
            partout=Count("pk", filter=Q(preuve=Preuve.AUCUNE)),
        )
    )
    return PAR_ADRESSE - comptes["la"], settings.PLAFOND_COURRIELS - comptes["partout"]


def verifier(adresse: str) -> None:
    """Raise ValidationError when no more e-mail may go today to an address that nobody proved."""
    la, partout = places(adresse)
    if la <= 0:
        raise ValidationError(ADRESSE_PLEINE, code="plafond")
    if partout <= 0:
        raise ValidationError(SITE_PLEIN, code="plafond")


def prendre_place(adresse: str) -> bool:
    """Say whether one more e-mail may go there, and keep its place until the end of the transaction.

    The log is told once a day, when the last place of the site is taken.
    """
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock(%s)", [VERROU])
    la, partout = places(adresse)
    if la <= 0 or partout <= 0:
        return False
    if partout == 1:
        transaction.on_commit(_prevenir)
    return True


def prouver(adresse: str) -> None:
    """Note that whoever reads this mailbox has just answered: what was sent there today was awaited, and makes room."""
    aujourd_hui().sans_preuve().pour(adresse).update(preuve=Preuve.FAITE)


def _prevenir() -> None:
    logger.warning(
        "Plafond atteint : %s courriels aujourd’hui à des adresses que personne n’a prouvées. Jusqu’à minuit, il n’en "
        "part plus (PLAFOND_COURRIELS).",
        settings.PLAFOND_COURRIELS,
    )
