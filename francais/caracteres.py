"""Characters that deceive: those one cannot see, those that turn the reading round, look-alikes, piles of accents.

Sources: Unicode UTR 36 (security), UAX 9 (bidirectional text), UAX 15 (normalization), UTS 39 (confusables).
"""

import re
import unicodedata
from collections.abc import Iterator

from django.core.exceptions import ValidationError

# They make « a<b » read « b>a »: what is read is not what is there. U+E000 and U+E001 are marks of our own.
INVERSEURS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ue000\ue001]")
# The Default_Ignorable_Code_Point of Unicode, control codes, and blanks that are no spaces (object, Braille, music,
# hieroglyphs): nothing shows, and a word is cut in two.
INVISIBLES = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
SURCHARGES = re.compile("[\u0300-\u036f\u20d0-\u20f0]")  # what is drawn over a sign: underlines, keycaps, circles
JOINTURES = "\u200c\u200d\ufe0e\ufe0f"  # of emoji, and of scripts that join their letters
HORS_DES_LETTRES = re.compile(r"[^a-z0-9]+")
ACCENTS_AU_PLUS = 8  # on one letter: Vietnamese has two, Hebrew with its cantillation four
MOT = re.compile("(?:[^\\W\\d_][\u0300-\u036f]*)+")
# Ligatures, small letters above or below the line, phonetics and Roman numerals included.
LATIN = re.compile(
    "[A-Za-z\u00aa\u00ba\u00c0-\u02ff\u1d00-\u1d25\u1d2c-\u1dbf\u1e00-\u1eff\u2071\u207f\u2090-\u209c\u2113\u212a\u212b"
    "\u2160-\u2188\u2c60-\u2c7f\ua720-\ua7ff\uab30-\uab6f\ufb00-\ufb06\uff21-\uff5a]"
)
UNITES = frozenset("\u00b5\u03bc\u03a9\u2126")  # µ and Ω: with a Latin letter they write units


def refuser_les_trompeurs(texte: str) -> None:
    """Raise ValidationError, saying where, for what turns the reading round or piles accents up: a field validator."""
    if trouve := INVERSEURS.search(texte):
        ou = f"{_code(trouve[0])}, {_place(texte, trouve.start())}"
        raise ValidationError(
            f"Ce texte contient un caractère invisible qui change le sens de lecture ({ou}) : effacez-le, ou retapez "
            "ce passage.",
            code="inverseur",
        )
    debut = next((place for place, rang in enumerate(_rangs(texte)) if rang > ACCENTS_AU_PLUS), None)
    if debut is not None:
        ou = _place(texte, debut - ACCENTS_AU_PLUS)
        raise ValidationError(f"Trop d’accents sur une même lettre ({ou}) : retapez ce passage.", code="accents")


def normaliser(texte: str, forme: str = "NFKC") -> str:
    """Return the normal form of a text, piles of accents cut: to put a pile in order costs the square of its height."""
    if texte.isascii():
        return texte
    borne = "".join(c for c, rang in zip(texte, _rangs(texte), strict=True) if rang <= ACCENTS_AU_PLUS)
    return unicodedata.normalize(forme, borne)  # type: ignore[arg-type]  # one of the four names


def sans_accents(texte: str) -> str:
    """Return a text to be compared word by word: in lower case, without accents nor any sign that is not ASCII."""
    return normaliser(texte.lower(), "NFKD").encode("ascii", "ignore").decode()


def alphabetique(nom: str) -> tuple[str, str]:
    """Return what sorts names as French dictionaries do, word by word: letters first, accents to part those alike."""
    lettres = sans_accents(nom.casefold().replace("œ", "oe").replace("æ", "ae").replace("’", "'"))
    return " ".join(HORS_DES_LETTRES.split(lettres)), nom


def lisible(texte: str) -> str:
    """Return what one reads of a text, compatible forms and digits of other scripts as ours: « ０６ » is « 06 ».

    What no letter takes as its accent is left out: « 0̲6̲ » is « 06 » too.
    """
    lu = SURCHARGES.sub("", INVISIBLES.sub("", normaliser(texte)))
    return lu if lu.isascii() else "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in lu)


def montrer_invisibles(texte: str) -> str:
    """Return the text where what does not show is named in its place: « ⟦U+200B⟧ »."""
    return INVISIBLES.sub(lambda trouve: trouve[0] if _joint(trouve) else f"⟦{_code(trouve[0])}⟧", texte)


def a_des_invisibles(texte: str) -> bool:
    """Return whether something does not show in it, what joins emoji and letters of some scripts apart."""
    return any(not _joint(trouve) for trouve in INVISIBLES.finditer(texte))


def mots_melanges(texte: str) -> list[str]:
    """Return the words that mix Latin letters with those of another script, which look like them."""
    return [mot for mot in MOT.findall(INVISIBLES.sub("", texte)) if not mot.isascii() and _melange(mot)]


def _melange(mot: str) -> bool:
    lettres = [c for c in mot if c.isalpha() and c not in UNITES]
    latines = [c for c in lettres if LATIN.match(c)]
    return 0 < len(latines) < len(lettres)


def _joint(trouve: re.Match[str]) -> bool:
    """Return whether an invisible character does what it is for: after an emoji, or a letter of a caseless script."""
    if trouve[0] not in JOINTURES or not trouve.start():
        return False
    precedent = trouve.string[trouve.start() - 1]
    return precedent in JOINTURES or unicodedata.category(precedent) in ("So", "Sm", "Sk", "Lo", "Mn", "Mc")


def _rangs(texte: str) -> Iterator[int]:
    """Yield, for each character, how many accents are on its letter so far; 0 for what is no accent."""
    rang = 0
    for caractere in texte:
        rang = rang + 1 if unicodedata.combining(caractere) else 0
        yield rang


def _place(texte: str, rang: int) -> str:
    """Return « ligne 3, après « le coût » »: the line when there are several, the last words before."""
    mots = INVISIBLES.sub("", normaliser(texte[max(rang - 60, 0) : rang].rpartition("\n")[2])).split()[-3:]
    ou = f"après « {' '.join(mots)} »" if mots else "au début"
    return f"ligne {texte.count(chr(10), 0, rang) + 1}, {ou}" if "\n" in texte else ou


def _code(caractere: str) -> str:
    return f"U+{ord(caractere):04X}"
