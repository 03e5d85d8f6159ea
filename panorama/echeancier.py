"""Contracts by term: which one ends when, as a source says: no end is ever estimated."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from django.utils.text import slugify

from dispositifs.models import DispositifLocal

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


def en_icalendar(locaux: Iterable[DispositifLocal], site: str) -> str:
    """Return the terms as an iCalendar file (RFC 5545): one whole-day event for each scheme.

    `site` is the address of the site, without a final slash.
    """
    hote = site.split("://", 1)[-1]
    lignes = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Sante en territoires//echeancier//FR", "CALSCALE:GREGORIAN"]
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
