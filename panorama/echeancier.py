"""Contracts by term: which one ends when, as a source says: no end is ever estimated."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Case, Count, Q, When, Window
from django.utils.text import slugify

from dispositifs.age import EtatLocal
from dispositifs.models import DispositifLocal, DispositifLocalQuerySet

A_LA_FOIS = 10  # statements to be verified shown at once: the list of fiches has them all
# A file has at least one component (RFC 5545, 3.6): what one subscribed to may come to have no event left.
FUSEAU = """BEGIN:VTIMEZONE
TZID:Europe/Paris
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE""".splitlines()
LIGNE_MAX = 75  # octets of a line of an iCalendar file (RFC 5545, 3.1)


@dataclass(frozen=True)
class Periode:
    """The terms to come, or those past, by year."""

    passee: bool
    annees: list[tuple[int, list[DispositifLocal]]]


def par_periode(locaux: Iterable[DispositifLocal], jour: date) -> list[Periode]:
    """Return schemes in the order of `par_fin`, by period and by year; a period with none is left out."""
    return [
        Periode(passee, [(annee, list(memes)) for annee, memes in groupby(groupe, key=lambda local: local.fin.annee)])
        for passee, groupe in groupby(locaux, key=lambda local: local.fin < jour.isoformat()[: len(local.fin)])
    ]


def a_venir(locaux: DispositifLocalQuerySet, jour: date) -> DispositifLocalQuerySet:
    """Keep those whose end is known, holds, and is ahead: the next one first."""
    return locaux.par_fin(jour).filter(fin__dernier_jour__gte=jour)


def a_verifier(locaux: DispositifLocalQuerySet, jour: date) -> tuple[list[DispositifLocal], int, int]:
    """Return the first of those that are to be verified, seen longest ago first, how many they are, and how many have
    no end known. One query."""
    vieilles = Q(etat_local=EtatLocal.A_VERIFIER)
    combien, sans_fin = (Window(Count("pk", filter=condition)) for condition in (vieilles, Q(fin="")))
    comptes = locaux.avec_etat(jour).annotate(combien=combien, sans_fin=sans_fin)
    premiers: list[Any] = list(comptes.order_by(Case(When(vieilles, then=0), default=1), "vu_le", "titre")[:A_LA_FOIS])
    if not premiers:
        return [], 0, 0
    vieux = [local for local in premiers if local.etat_local == EtatLocal.A_VERIFIER]
    return vieux, premiers[0].combien, premiers[0].sans_fin


def en_icalendar(locaux: Iterable[DispositifLocal], site: str, nom: str) -> str:
    """Return the terms as an iCalendar file of this name (RFC 5545): one whole-day event for each scheme.

    `site` is the address of the site, without a final slash.
    """
    hote = site.split("://", 1)[-1]
    lignes = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Sante en territoires//echeancier//FR",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        *(f"{propriete}:{_echapper(nom)}" for propriete in ("NAME", "X-WR-CALNAME")),
        *(f"{propriete}:P1D" for propriete in ("REFRESH-INTERVAL;VALUE=DURATION", "X-PUBLISHED-TTL")),
    ]
    entete = len(lignes)
    for local in locaux:
        fin = local.fin.dernier_jour
        if fin is None:  # there is nothing to write in a diary
            continue
        precis = "" if local.fin.premier_jour == fin else f" ({local.fin.en_mots}, jour non précisé)"
        lignes += [
            "BEGIN:VEVENT",
            f"UID:{slugify(local.slug)}@{hote}",
            f"DTSTAMP:{(local.modifiee_le or datetime.now(UTC)).astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{fin:%Y%m%d}",
            f"DTEND;VALUE=DATE:{fin + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_echapper(f'Terme : {local.titre}{precis}')}",
            f"URL:{site}{local.get_absolute_url()}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lignes += ["END:VCALENDAR"] if len(lignes) > entete else [*FUSEAU, "END:VCALENDAR"]
    return "".join(f"{morceau}\r\n" for ligne in lignes for morceau in _plier(ligne))


def _echapper(texte: str) -> str:
    """Return a text value, escaped as RFC 5545, 3.3.11 asks."""
    for signe in ("\\", ";", ","):
        texte = texte.replace(signe, f"\\{signe}")
    return "\\n".join(texte.splitlines())


def _plier(ligne: str) -> list[str]:
    """Fold a line at 75 octets, never inside a character; what follows begins with a space."""
    morceaux, courant = [], ""
    for caractere in ligne:
        if len((courant + caractere).encode()) > LIGNE_MAX:
            morceaux.append(courant)
            courant = " "
        courant += caractere
    return [*morceaux, courant]
