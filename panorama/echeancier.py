"""Contracts by term: which one ends when, the end being given by a source or estimated from the usual duration."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from django.utils.text import slugify

from dispositifs.models import DispositifLocal, EtatLocal

LIGNE_MAX = 75  # octets of a line of an iCalendar file (RFC 5545, 3.1)


@dataclass(frozen=True)
class Periode:
    """The terms to come, or those past, by year."""

    echue: bool
    annees: list[tuple[int, list[DispositifLocal]]]


def par_periode(locaux: Iterable[DispositifLocal]) -> list[Periode]:
    """Return schemes in the order of `par_terme`, by period and by year; a period with none is left out."""
    return [
        Periode(echue, [(annee, list(memes)) for annee, memes in groupby(groupe, key=lambda local: local.terme.year)])
        for echue, groupe in groupby(locaux, key=lambda local: local.etat_local == EtatLocal.ECHU)
    ]


def en_icalendar(locaux: Iterable[DispositifLocal], site: str) -> str:
    """Return the terms as an iCalendar file (RFC 5545): one whole-day event for each scheme.

    `site` is the address of the site, without a final slash.
    """
    hote = site.split("://", 1)[-1]
    lignes = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Sante en territoires//echeancier//FR", "CALSCALE:GREGORIAN"]
    for local in locaux:
        terme: date = local.terme
        estime = " (terme estimé)" if local.terme_estime else ""
        lignes += [
            "BEGIN:VEVENT",
            f"UID:{slugify(local.slug)}@{hote}",
            f"DTSTAMP:{(local.modifiee_le or datetime.now(UTC)).astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{terme:%Y%m%d}",
            f"DTEND;VALUE=DATE:{terme + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_echapper(f'Terme : {local.titre}{estime}')}",
            f"URL:{site}{local.get_absolute_url()}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lignes.append("END:VCALENDAR")
    return "".join(f"{morceau}\r\n" for ligne in lignes for morceau in _plier(ligne))


def _echapper(texte: str) -> str:
    """Return a text value, escaped as RFC 5545, 3.3.11 asks."""
    for signe in ("\\", ";", ","):
        texte = texte.replace(signe, f"\\{signe}")
    return texte.replace("\n", "\\n")


def _plier(ligne: str) -> list[str]:
    """Fold a line at 75 octets, never inside a character; what follows begins with a space."""
    morceaux, courant = [], ""
    for caractere in ligne:
        if len((courant + caractere).encode()) > LIGNE_MAX:
            morceaux.append(courant)
            courant = " "
        courant += caractere
    return [*morceaux, courant]
