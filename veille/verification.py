"""Checks of the addresses of sources, a few at a time: each once a month, each day while one does not answer."""

from datetime import timedelta
from time import sleep
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from fiches import edition
from fiches.models import Fiche, Source
from veille.models import VerificationSource
from veille.sondes import Sonde

A_LA_FOIS = 30
RYTHME = timedelta(days=30)
RYTHME_DES_ECHECS = timedelta(days=1)
PAUSE = 1.0  # seconds between two requests


def recenser() -> None:
    """Follow exactly the addresses that published fiches cite."""
    citees = Source.objects.filter(fiche__in=Fiche.objects.visibles_pour().values("pk")).exclude(url="")
    VerificationSource.objects.exclude(url__in=citees.values("url")).delete()
    nouvelles = citees.exclude(url__in=VerificationSource.objects.values("url")).values_list("url", flat=True)
    VerificationSource.objects.bulk_create(
        [VerificationSource(url=url) for url in nouvelles.order_by("url").distinct()], ignore_conflicts=True
    )


def dues() -> list[VerificationSource]:
    """Return what to check now, the longest unchecked first, one address a site: nobody is pressed."""
    maintenant = timezone.now()
    anciennes = Q(verifiee_le=None) | Q(echecs=0, verifiee_le__lt=maintenant - RYTHME)
    ratees = Q(echecs__gt=0, verifiee_le__lt=maintenant - RYTHME_DES_ECHECS)
    candidates = VerificationSource.objects.filter(anciennes | ratees)
    par_site: dict[str, VerificationSource] = {}
    for candidate in candidates.order_by(F("verifiee_le").asc(nulls_first=True), "pk")[: A_LA_FOIS * 10]:
        par_site.setdefault(urlsplit(candidate.url).netloc.lower(), candidate)
    return list(par_site.values())[:A_LA_FOIS]


def verifier(sonde: Sonde | None = None, *, pause: float = PAUSE) -> int:
    """Check what is due and return how many addresses were asked."""
    sonde = sonde or Sonde()
    recenser()
    a_voir = dues()
    for verification in a_voir:
        constater(verification, sonde.sonder(verification.url))
        sleep(pause)
    return len(a_voir)


@transaction.atomic
def constater(verification: VerificationSource, raison: str) -> None:
    """Note the outcome of a check, and show it to the readers of the fiches that cite this address."""
    verification.noter(raison, timezone.now())
    if verification.premier_echec_le and verification.se_voit:
        edition.noter_lien(verification.url, verification.etat, timezone.localdate(verification.premier_echec_le))
    else:
        edition.noter_lien(verification.url)
