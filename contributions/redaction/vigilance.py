"""What deserves a second look in a text, for who writes it and for who moderates it: never a refusal, a question."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from francais.caracteres import a_des_invisibles, lisible, montrer_invisibles, mots_melanges

# Every repetition is bounded: a text made to slow these down must not.
COURRIEL = re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}\b")
TELEPHONE = re.compile(r"(?<![\d/])(?:\+33[\s.\u2010-\u2015-]?|0)[1-9](?:[\s.\u2010-\u2015-]?\d{2}){4}(?!\d)")
NOMBRE = re.compile(r"(?<![\w/\[^])\d[\d\s\u00a0\u202f.,]{0,30}(?:%|€|[a-zà-ÿ]{3,})", re.IGNORECASE)
ANNEE = re.compile(r"\b(?:19|20)\d{2}\b")
QPV_2015 = re.compile(r"\bQP\d{6}\b")


@dataclass(frozen=True)
class Alerte:
    sorte: str  # "coordonnees", "sans_annee", "qpv_2015", "invisible", "imitation"
    message: str
    passage: str


def alertes(texte: str) -> list[Alerte]:
    """Return what to check in a text (Markdown).

    Contact details, figures without a year, QPV of the old geography, and what is not what it looks like.
    """
    lu = lisible(texte)
    trouvees = [
        Alerte("coordonnees", "Des coordonnées personnelles ?", passage[0])
        for motif in (COURRIEL, TELEPHONE)
        for passage in motif.finditer(lu)
    ]
    for phrase in re.split(r"(?<=[.!?])\s+|\n", texte):
        chiffre = NOMBRE.search(ANNEE.sub("", phrase))
        if chiffre and not ANNEE.search(phrase):
            trouvees.append(Alerte("sans_annee", "Un chiffre sans année ?", phrase.strip()[:200]))
    trouvees += [
        Alerte("qpv_2015", "Un quartier de la géographie de 2015 : elle a changé en 2024.", passage[0])
        for passage in QPV_2015.finditer(texte)
    ]
    return trouvees + deguisements(texte)


def deguisements(donnee: Any) -> list[Alerte]:
    """Return what is not what it looks like in a value of a content, however deep: where it is, and why."""
    trouvees = []
    for texte in textes(donnee):
        invisibles = [mot for mot in texte.split() if a_des_invisibles(mot)]
        trouvees += [
            Alerte("invisible", "Un caractère invisible, nommé ici à sa place :", montrer_invisibles(mot)[:200])
            for mot in invisibles
        ]
        trouvees += [
            Alerte("imitation", "Des lettres d’un autre alphabet, qui en imitent d’autres ?", mot[:200])
            for mot in mots_melanges(texte)
        ]
    return list(dict.fromkeys(trouvees))


def textes(donnee: Any) -> Iterator[str]:
    """Yield every text of a content, however deep."""
    if isinstance(donnee, str):
        yield donnee
    elif isinstance(donnee, dict):
        for partie in donnee.values():
            yield from textes(partie)
    elif isinstance(donnee, list):
        for partie in donnee:
            yield from textes(partie)


def coordonnees(texte: str) -> list[str]:
    """Return the personal contact details a text seems to hold."""
    return [alerte.passage for alerte in alertes(texte) if alerte.sorte == "coordonnees"]
