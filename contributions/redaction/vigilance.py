"""Warnings on a text, for who writes it and for who moderates it: what deserves a second look, never a refusal."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import unquote

from fiches.unites import textes
from francais.caracteres import a_des_invisibles, lisible, montrer_invisibles, mots_melanges

# Every repetition is bounded: a text made to slow these down must not.
COURRIEL = re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}\b")
ENTRE = r"(?:_|[^\w,;:]{0,3})"  # two pairs of digits: « 06 - 12 », « 06_12 »; a comma, and it is a list
TELEPHONE = re.compile(
    r"(?<![\d/])(?<!\d[./-])(?!\d\d[./-](?:\d\d[./-])?(?:19|20)\d\d)"  # a date is none
    rf"(?:(?:\+|00)33{ENTRE}(?:\(0\){ENTRE})?|\(?0)[1-9]\)?(?:{ENTRE}\d{{2}}){{4}}(?!\d)"
)
# How one writes an address for people and not for robots, or so that it is not noticed.
AROBASE = re.compile(
    r"\s{0,3}[(\[{<]\s{0,3}(?:@|at|a|arobase?)\s{0,3}[)\]}>]\s{0,3}|\s{1,3}(?:at|arobase?)\s{1,3}|\s{0,3}@\s{0,3}",
    re.IGNORECASE,
)
POINT = re.compile(
    r"\s{0,3}[(\[{<]\s{0,3}(?:\.|point|dot)\s{0,3}[)\]}>]\s{0,3}|\s{1,3}(?:point|dot|\.)\s{1,3}|。", re.IGNORECASE
)
# Letters for digits, in « mots » of nothing else: « O6 l2 34 56 78 ».
IMITES = str.maketrans("OoОоΟοlIІіЗзб|", "00000011113361")
FAUX_CHIFFRES = re.compile(r"(?<!\w)[\dOoОоΟοlIІіЗзб|]{2,10}(?!\w)")
ENTITE = re.compile(r"&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z]\w{1,30});", re.IGNORECASE)
CIBLE = re.compile(r"\]\(([^()\s]{0,500})\)")  # of a link in Markdown
BALISAGE = re.compile(r"[\[\]*`~\\]")
NOMBRE = re.compile(r"(?<![\w/\[^])\d[\d\s\u00a0\u202f.,]{0,30}(?:%|€|[a-zà-ÿ]{3,})", re.IGNORECASE)
VOIES = "rue|avenue|boulevard|place|impasse|allée|chemin|quai|cours|route|square"
DUREES = "h|heures?|min|minutes?|fois|jours?|semaines?|mois|ans?|étages?"
MOIS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
# Numbers that no year dates: telephones, postal codes, addresses, hours, durations, days, references.
SANS_DATE = re.compile(
    rf"""(?:(?:\+33[\s\u00a0]?|0)[1-9](?:[\s\u00a0.-]?\d{{2}}){{4}}
      | \b\d{{5}}[ \u00a0](?-i:[A-ZÀ-Ý])
      | \b\d{{1,4}}[ \u00a0]?(?:bis|ter)?,?[ \u00a0](?:{VOIES})\b
      | \b\d{{1,3}}(?:er|e)?[ \u00a0\u202f]?(?:{DUREES})\b
      | \b\d{{1,2}}(?:er)?[ \u00a0](?:{MOIS})\b
      | \b(?:articles?|axes?|fiches?|étapes?|phases?|niveaux?|annexes?|n[°o])[ \u00a0]?\d{{1,4}})""",
    re.IGNORECASE | re.VERBOSE,
)
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
    trouvees = [Alerte("coordonnees", "Des coordonnées personnelles ?", passage) for passage in coordonnees(texte)]
    for phrase in re.split(r"(?<=[.!?])\s+|\n", texte):
        chiffre = NOMBRE.search(SANS_DATE.sub(" ", ANNEE.sub("", phrase)))
        if chiffre and not ANNEE.search(phrase):
            trouvees.append(Alerte("sans_annee", "Un chiffre sans année ?", phrase.strip()[:200]))
    trouvees += [
        Alerte("qpv_2015", "Un quartier de la géographie de 2015 : elle a changé en 2024.", passage[0])
        for passage in QPV_2015.finditer(texte)
    ]
    return trouvees + deguisements(texte)


def coordonnees(texte: str) -> list[str]:
    """Return the personal contact details a text (Markdown) seems to hold, however they are dressed up, each once."""
    lu = lisible(ENTITE.sub(lambda entite: unescape(entite[0]), texte))
    lu = CIBLE.sub(lambda cible: unquote(cible[0]), lu)
    chiffres = FAUX_CHIFFRES.sub(lambda mot: mot[0].translate(IMITES), lu)
    ecrits = POINT.sub(".", AROBASE.sub("@", lu))
    trouvees = [
        passage[0]
        for motif, dit in ((COURRIEL, ecrits), (TELEPHONE, chiffres))
        for passage in motif.finditer(BALISAGE.sub("", " ".join([CIBLE.sub("", dit), *CIBLE.findall(dit)])))
    ]
    return list(dict.fromkeys(trouvees))


def deguisements(donnee: Any) -> list[Alerte]:
    """Return what is not what it looks like in a value of a content, however deep: where it is, and why."""
    trouvees = []
    for texte in textes(donnee):
        # Not `split()`, for which some codes that do not show are spaces.
        invisibles = [mot for mot in re.split("[ \t\r\n]+", texte) if a_des_invisibles(mot)]
        trouvees += [
            Alerte("invisible", "Un caractère invisible, nommé ici à sa place :", montrer_invisibles(mot)[:200])
            for mot in invisibles
        ]
        trouvees += [
            Alerte("imitation", "Des lettres d’un autre alphabet, qui en imitent d’autres ?", mot[:200])
            for mot in mots_melanges(texte)
        ]
    return list(dict.fromkeys(trouvees))
