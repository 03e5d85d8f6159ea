"""The groups of words of a search that may be a place: at its end, at its beginning, in its middle."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from territoires.sortes import Sorte, separer_la_sorte

SIGNES_AU_PLUS = 200  # what the field of the words takes
MOTS_AU_PLUS = 6  # in the name of a place: « saint germain en laye », « provence alpes cote d azur » is five
MOTS_LUS_AU_MILIEU = 8  # in a longer search, a place is read at the ends only
MOT = re.compile(r"[^\s,;:!?()]+")
ARTICLE_COLLE = re.compile(r"(?:[dl][’'])?", re.IGNORECASE)  # « d’Elbeuf », « l’Eure »
VILLE = re.compile(r"villes?\b", re.IGNORECASE)  # « contrat de ville de Rouen »
POUR_LES_MOTS = re.compile(r'["«»]|(?:^|\s)-\w|\bOU\b')  # quoted, excluded or alternative: words, surely
CODE = re.compile(r"\d{5}|2[abAB]|9[78]\d|\d\d")


@dataclass(frozen=True)
class Portion:
    """Some of the words typed, that may be a place; `nom` and `sorte`: its name and the kind that it is said with."""

    n: int
    debut: int
    fin: int
    texte: str

    @cached_property
    def _dite(self) -> tuple[str, Sorte | None]:
        return (self.texte, None) if VILLE.match(self.texte) else separer_la_sorte(self.texte)

    @property
    def nom(self) -> str:
        return self._dite[0]

    @property
    def sorte(self) -> Sorte | None:
        return self._dite[1]

    @property
    def est_un_code(self) -> bool:
        return bool(CODE.fullmatch(self.texte))

    @cached_property
    def motif(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w){re.escape(self.texte)}(?!\w)")


def portions_de(saisie: str) -> list[Portion]:
    """Return them, the likeliest first; none in a search that is about words, or that is no search."""
    if len(saisie) > SIGNES_AU_PLUS or "\0" in saisie or POUR_LES_MOTS.search(saisie):
        return []
    mots = [mot for mot in MOT.finditer(saisie) if not ARTICLE_COLLE.fullmatch(mot[0])]  # « d’ Elbeuf »: no word
    bornes = _bornes(mots)
    return [Portion(n, debut, fin, saisie[debut:fin]) for n, (debut, fin) in enumerate(bornes, 1)]


def _bornes(mots: list[re.Match[str]]) -> Iterator[tuple[int, int]]:
    """Yield where the words of a place may lie: the whole, the end, the beginning, the middle, the longest first."""
    if len(mots) < 2:
        return
    debuts = [mot.start() + len(ARTICLE_COLLE.match(mot[0])[0]) for mot in mots]  # type: ignore[index]
    fins = [mot.end() for mot in mots]
    yield mots[0].start(), fins[-1]
    for combien in range(min(MOTS_AU_PLUS, len(mots) - 1), 0, -1):
        yield debuts[-combien], fins[-1]
    for combien in range(min(MOTS_AU_PLUS, len(mots) - 1), 0, -1):
        yield debuts[0], fins[combien - 1]
    if len(mots) <= MOTS_LUS_AU_MILIEU:
        for combien in range(min(MOTS_AU_PLUS, len(mots) - 2), 0, -1):
            for premier in range(1, len(mots) - combien):
                yield debuts[premier], fins[premier + combien - 1]
