"""Dates as precise as their source gives them, a day, a month or a year: read, written, bounded."""

import re
from calendar import monthrange
from datetime import date

from francais.caracteres import sans_accents

MOIS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
INSECABLE = "\u00a0"
ANNEES = range(1900, 2101)  # as the years of figures
LONGUEUR = 40  # of what is read: « mercredi » and the like are not
ISO = re.compile(r"(?P<annee>\d{4})(?:-(?P<mois>\d{2})(?:-(?P<jour>\d{2}))?)?", re.ASCII)
CHIFFRES = re.compile(r"(?:(?P<jour>\d{1,2})[/.])?(?P<mois>\d{1,2})[/.](?P<annee>\d{4})", re.ASCII)
LETTRES = re.compile(r"(?:(?P<jour>\d{1,2})(?:er)? )?(?P<mois>[a-z]{3,9})\.? (?P<annee>\d{4})", re.ASCII)


class DatePartielle(str):
    """A day, a month or a year, written 2021-09-27, 2021-09 or 2021: texts that sort as the dates they are.

    Empty, it is the date that nobody gives, and its bounds are None.
    """

    __slots__ = ()

    @classmethod
    def lire(cls, texte: str) -> "DatePartielle":
        """Return the date that somebody wrote: « sept. 2021 », « 09/2021 », « 27 septembre 2021 », « 2021-09 ».

        Raises ValueError when it is none, or is not of the years 1900 to 2100.
        """
        lu = " ".join(sans_accents(texte[:LONGUEUR]).split())
        trouve = next((m for motif in (ISO, CHIFFRES, LETTRES) if (m := motif.fullmatch(lu))), None)
        if trouve is None or len(texte) > LONGUEUR:
            raise ValueError("nous ne lisons pas cette date")
        parties = trouve.groupdict()
        annee, mois, jour = int(parties["annee"]), parties["mois"], parties["jour"]
        if annee not in ANNEES:
            raise ValueError("cette année n’est pas plausible")
        if mois is None:
            return cls(annee)
        try:
            entiere = date(annee, _rang(mois), int(jour or 1)).isoformat()
        except ValueError:
            raise ValueError("ce jour ou ce mois n’existe pas") from None
        return cls(entiere if jour else entiere[:7])

    @property
    def premier_jour(self) -> date | None:
        return date.fromisoformat(f"{self}-01-01"[:10]) if self else None

    @property
    def dernier_jour(self) -> date | None:
        premier = self.premier_jour
        if premier is None or len(self) == 10:
            return premier
        mois = premier.month if len(self) == 7 else 12
        return premier.replace(month=mois, day=monthrange(premier.year, mois)[1])

    @property
    def annee(self) -> int | None:
        return int(self[:4]) if self else None

    @property
    def en_mots(self) -> str:
        """« 27 septembre 2021 », « septembre 2021 » or « 2021 »."""
        annee, *reste = self.split("-")
        if not reste:
            return annee
        mois = f"{MOIS[int(reste[0]) - 1]}{INSECABLE}{annee}"
        if len(reste) == 1:
            return mois
        return f"{'1er' if int(reste[1]) == 1 else int(reste[1])}{INSECABLE}{mois}"

    @property
    def au_mois(self) -> "DatePartielle":
        """The month of a day; what is less precise is left as it is."""
        return DatePartielle(self[:7])

    @property
    def situee(self) -> str:
        """« le 27 septembre 2021 », « en septembre 2021 » or « en 2021 »."""
        return f"{'le' if len(self) == 10 else 'en'} {self.en_mots}" if self else ""

    @property
    def depuis(self) -> str:
        """« depuis le 27 septembre 2021 », « depuis septembre 2021 » or « depuis 2021 »."""
        return f"depuis {'le ' if len(self) == 10 else ''}{self.en_mots}" if self else ""

    @property
    def jusque(self) -> str:
        """« jusqu’au 27 septembre 2021 », « jusqu’à septembre 2021 » or « jusqu’en 2021 »."""
        mot = {4: "en", 7: "à", 10: "au"}
        return f"jusqu’{mot[len(self)]} {self.en_mots}" if self else ""


def _rang(mois: str) -> int:
    """Return the number of a month, written in figures or by its first letters. Raises ValueError."""
    if mois.isdecimal():
        return int(mois)
    trouves = [rang for rang, nom in enumerate(map(sans_accents, MOIS), 1) if nom.startswith(mois)]
    if len(trouves) != 1:  # « jui » is two of them
        raise ValueError(mois)
    return trouves[0]


def il_y_a(mois: int, jour: date) -> date:
    """Return the day so many months before another one; the last of its month when that one has no such day."""
    rang = jour.year * 12 + jour.month - 1 - mois
    annee, reste = divmod(rang, 12)
    return date(annee, reste + 1, min(jour.day, monthrange(annee, reste + 1)[1]))
