"""What deserves a second look in a text, for who writes it and for who moderates it: never a refusal, a question."""

import re
from dataclasses import dataclass

# Every repetition is bounded: a text made to slow these down must not.
COURRIEL = re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}\b")
TELEPHONE = re.compile(r"(?<![\d/])(?:\+33[\s.\u00a0\u202f-]?|0)[1-9](?:[\s.\u00a0\u202f-]?\d{2}){4}(?!\d)")
NOMBRE = re.compile(r"(?<![\w/\[^])\d[\d\s\u00a0\u202f.,]{0,30}(?:%|€|[a-zà-ÿ]{3,})", re.IGNORECASE)
ANNEE = re.compile(r"\b(?:19|20)\d{2}\b")
QPV_2015 = re.compile(r"\bQP\d{6}\b")


@dataclass(frozen=True)
class Alerte:
    sorte: str  # "coordonnees", "sans_annee", "qpv_2015"
    message: str
    passage: str


def alertes(texte: str) -> list[Alerte]:
    """Return what to check in a text (Markdown): contact details, figures without a year, QPV of the old geography."""
    trouvees = [
        Alerte("coordonnees", "Des coordonnées personnelles ?", passage[0])
        for motif in (COURRIEL, TELEPHONE)
        for passage in motif.finditer(texte)
    ]
    for phrase in re.split(r"(?<=[.!?])\s+|\n", texte):
        chiffre = NOMBRE.search(ANNEE.sub("", phrase))
        if chiffre and not ANNEE.search(phrase):
            trouvees.append(Alerte("sans_annee", "Un chiffre sans année ?", phrase.strip()[:200]))
    trouvees += [
        Alerte("qpv_2015", "Un quartier de la géographie de 2015 : elle a changé en 2024.", passage[0])
        for passage in QPV_2015.finditer(texte)
    ]
    return trouvees


def coordonnees(texte: str) -> list[str]:
    """Return the personal contact details a text seems to hold."""
    return [alerte.passage for alerte in alertes(texte) if alerte.sorte == "coordonnees"]
