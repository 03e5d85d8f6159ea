"""Two texts compared as a reader of French does: paragraphs first, then sentences, then words.

Texts are Markdown, of anybody: what comes out is data for templates, which escape it. What a reader cannot see is no
change: lines wrapped elsewhere, blank lines.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import count

from comparaison.mots import Alinea, Mot, alineas, blanc, cle_de, decouper, espace_lu, phrases
from francais.caracteres import montrer_invisibles, normaliser

EFFORT_MAX = 2_000_000  # elementary steps for one comparison, a tenth of a second at worst
RESSEMBLANCE_MIN = 0.3
ALINEAS_AU_PLUS = 200  # added, removed or kept at once; more make one row
TYPOGRAPHIE = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u2011": "-"})
ESPACES = {" ": "espace", "\u00a0": "espace insécable", "\u202f": "espace fine insécable"}


@dataclass(frozen=True)
class Morceau:
    """A run of words kept, added or removed. A kept one has the text of both sides: spaces may differ."""

    sorte: str  # "egal", "ajout", "retrait"
    avant: str
    apres: str
    vu: str
    vu_avant: str
    petit: bool = False  # only spaces, quotes, apostrophes
    mots: int = 0


@dataclass(frozen=True)
class Passage:
    """A paragraph, a heading or an item of a list: a row of the comparison."""

    sorte: str  # "inchange", "change", "plus", "moins"
    morceaux: tuple[Morceau, ...]


@dataclass
class Effort:
    """What a comparison may still spend: a hostile text must not keep the server busy."""

    reste: int = EFFORT_MAX

    def permet(self, cout: int) -> bool:
        if cout > self.reste // 3:
            return False
        self.reste -= cout
        return True


def comparer_textes(avant: str, apres: str, effort: Effort | None = None) -> list[Passage]:
    """Return the passages of both texts, in reading order."""
    effort = effort or Effort()
    a, b = alineas(avant), alineas(apres)
    passages: list[Passage] = []
    for etiquette, i1, i2, j1, j2 in aligner([x.cle for x in a], [y.cle for y in b], effort):
        if etiquette == "equal":
            passages += _gardes(a[i1:i2], b[j1:j2])
        else:
            passages += _remplacer(a[i1:i2], b[j1:j2], effort)
    return passages


def comparer_lignes(
    avant: str, apres: str, effort: Effort | None = None, *, markdown: bool = False
) -> tuple[Morceau, ...]:
    """Return the pieces of two short texts taken as one passage each."""
    return _morceaux(Alinea.de(avant, markdown=markdown), Alinea.de(apres, markdown=markdown), effort or Effort())


def entier(texte: str, sorte: str, *, markdown: bool = False) -> Morceau:
    """Return a text that was added, removed or kept as a whole."""
    mots = decouper(texte, markdown=markdown)
    return _morceau(sorte, mots, mots)


# Aligning


Operation = tuple[str, int, int, int, int]  # as difflib says them


def aligner(avant: Sequence[Hashable], apres: Sequence[Hashable], effort: Effort) -> Iterator[Operation]:
    """Yield the operations of difflib; when they would cost too much, all that lies between the two ends at once."""
    rangs: dict[Hashable, int] = defaultdict(count().__next__)  # difflib hashes them again and again: small numbers
    a, b = [rangs[cle] for cle in avant], [rangs[cle] for cle in apres]
    court = min(len(a), len(b))
    debut = next((k for k in range(court) if a[k] != b[k]), court)
    fin = next((k for k in range(court - debut) if a[-1 - k] != b[-1 - k]), court - debut)
    n, m = len(a) - fin, len(b) - fin
    if debut:
        yield ("equal", 0, debut, 0, debut)
    if debut < n and debut < m:
        for etiquette, i1, i2, j1, j2 in _aligner_milieu(a[debut:n], b[debut:m], effort):
            yield (etiquette, i1 + debut, i2 + debut, j1 + debut, j2 + debut)
    elif debut < n or debut < m:
        yield ("delete" if debut < n else "insert", debut, n, debut, m)
    if fin:
        yield ("equal", n, n + fin, m, m + fin)


def _aligner_milieu(a: list[int], b: list[int], effort: Effort) -> Sequence[Operation]:
    compte_a, compte_b = Counter(a), Counter(b)
    communs = sum((compte_a & compte_b).values())
    paires = sum(compte * compte_b[cle] for cle, compte in compte_a.items())
    if not communs or not effort.permet((len(a) + paires) * communs):
        return [("replace", 0, len(a), 0, len(b))]
    return SequenceMatcher(None, a, b, autojunk=False).get_opcodes()


def ressemblance(a: frozenset[str], b: frozenset[str]) -> float:
    """Return how much two sets of words have in common, from 0 to 1."""
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 1.0


def sens(mots: Iterable[str]) -> frozenset[str]:
    """Return the words by which two texts are said alike: the longer ones, if any."""
    tous = [mot.lower() for mot in mots if mot[:1].isalnum()]
    return frozenset([mot for mot in tous if len(mot) > 3] or tous)


def _remplacer(a: list[Alinea], b: list[Alinea], effort: Effort) -> list[Passage]:
    """Return the passages where these blocks gave way to those: those alike are paired, in their order."""
    passages: list[Passage] = []
    i = j = 0
    for x, y in [*_paires(a, b, effort), (len(a), len(b))]:
        passages += _entiers("moins", a[i:x]) + _entiers("plus", b[j:y])
        if x < len(a):
            passages.append(_passage(a[x], b[y], effort))
        i, j = x + 1, y + 1
    return passages


def _paires(a: list[Alinea], b: list[Alinea], effort: Effort) -> list[tuple[int, int]]:
    """Return the pairs that make the greatest resemblance without crossing each other."""
    if not a or not b or not effort.permet(len(a) * len(b) * 20 + sum(len(x.mots) for x in a) * len(b)):
        return []
    mots_a, mots_b = [sens(m.cle for m in x.mots) for x in a], [sens(m.cle for m in y.mots) for y in b]
    points = [[0.0] * (len(b) + 1) for _ in range(len(a) + 1)]
    choix = [[""] * len(b) for _ in a]
    for i in reversed(range(len(a))):
        for j in reversed(range(len(b))):
            points[i][j], choix[i][j] = max((points[i + 1][j], "a"), (points[i][j + 1], "b"))
            pareil = ressemblance(mots_a[i], mots_b[j])
            if pareil >= RESSEMBLANCE_MIN and points[i + 1][j + 1] + pareil > points[i][j]:
                points[i][j], choix[i][j] = points[i + 1][j + 1] + pareil, "ab"
    paires, i, j = [], 0, 0
    while i < len(a) and j < len(b):
        pas = choix[i][j]
        if pas == "ab":
            paires.append((i, j))
        i, j = i + ("a" in pas), j + ("b" in pas)
    return paires


# What comes out


def _entiers(sorte: str, alineas: list[Alinea]) -> list[Passage]:
    """Return blocks added or removed as a whole; a great many make one."""
    groupes = [alineas] if len(alineas) > ALINEAS_AU_PLUS else [[alinea] for alinea in alineas]
    passages = []
    for groupe in filter(None, groupes):
        mots = _bout_a_bout(groupe)
        visible = _dit(mots)
        nature = ("ajout" if sorte == "plus" else "retrait") if visible else "egal"
        cote = _morceau(nature, mots if sorte == "moins" else [], mots if sorte == "plus" else [])
        passages.append(Passage(sorte if visible else "inchange", (cote,)))
    return passages


def _gardes(avant: list[Alinea], apres: list[Alinea]) -> Iterator[Passage]:
    """Yield blocks that read the same on both sides; of a great many, all but the first and the last make one."""
    milieu = slice(1, -1) if len(avant) > ALINEAS_AU_PLUS else slice(0, 0)
    for rang, (x, y) in enumerate(zip(avant, apres, strict=True)):
        if milieu.stop and rang == 1:
            yield Passage("inchange", (_morceau("egal", _bout_a_bout(avant[milieu]), _bout_a_bout(apres[milieu])),))
        elif not milieu.stop or rang in (0, len(avant) - 1):
            yield Passage("inchange", (_morceau("egal", _bout_a_bout([x]), _bout_a_bout([y])),))


def _bout_a_bout(alineas: list[Alinea]) -> list[Mot]:
    return [mot for alinea in alineas for mot in (*alinea.mots, blanc(alinea.fin))]


def _passage(avant: Alinea, apres: Alinea, effort: Effort) -> Passage:
    morceaux = _morceaux(avant, apres, effort)
    return Passage("inchange" if all(m.sorte == "egal" for m in morceaux) else "change", morceaux)


@dataclass
class _Suite:
    egal: bool
    avant: list[Mot] = field(default_factory=list)
    apres: list[Mot] = field(default_factory=list)


class _Suites(list[_Suite]):
    """Runs of words, kept and changed in turn."""

    def ajouter(self, egal: bool, avant: Sequence[Mot], apres: Sequence[Mot]) -> None:
        if not avant and not apres:
            return
        if not self or self[-1].egal != egal:
            self.append(_Suite(egal))
        self[-1].avant += avant
        self[-1].apres += apres

    def garder(self, avant: Mot, apres: Mot, *, dernier: bool) -> None:
        """Add a word kept; the space after it may have changed."""
        if dernier or espace_lu(avant.espace) == espace_lu(apres.espace):
            self.ajouter(True, [avant], [apres])
        else:
            self.ajouter(True, [avant._replace(espace="")], [apres._replace(espace="")])
            self.ajouter(False, [blanc(avant.espace)], [blanc(apres.espace)])

    def lisibles(self) -> "_Suites":
        """Return the same runs without islands: some letters kept between two replacements hinder reading."""
        lues = _Suites()
        for rang, suite in enumerate(self):
            voisines = self[rang - 1 : rang] + self[rang + 1 : rang + 2]
            lettres = sum(len(mot.texte) for mot in suite.avant)
            ilot = len(voisines) == 2 and lettres <= 3 and all(_dit(v.avant) and _dit(v.apres) for v in voisines)
            lues.ajouter(suite.egal and not ilot, suite.avant, suite.apres)
        return lues.detachees()

    def detachees(self) -> "_Suites":
        """Return the same runs, the space that ends both sides of a replacement taken out of it: it is kept."""
        lues = _Suites()
        for suite in self:
            fins = [espace_lu(cote[-1].espace) if cote else "" for cote in (suite.avant, suite.apres)]
            if suite.egal or not fins[0] or fins[0] != fins[1]:
                lues.ajouter(suite.egal, suite.avant, suite.apres)
                continue
            (*avant, fin_avant), (*apres, fin_apres) = suite.avant, suite.apres
            lues.ajouter(False, [*avant, fin_avant._replace(espace="")], [*apres, fin_apres._replace(espace="")])
            lues.ajouter(True, [blanc(fin_avant.espace)], [blanc(fin_apres.espace)])
        return lues


def _dit(mots: Iterable[Mot]) -> bool:
    return any(mot.texte for mot in mots)


def _morceaux(avant: Alinea, apres: Alinea, effort: Effort) -> tuple[Morceau, ...]:
    a, b = phrases(avant.mots), phrases(apres.mots)
    suites = _Suites()
    for etiquette, i1, i2, j1, j2 in aligner([cle_de(x) for x in a], [cle_de(y) for y in b], effort):
        mots_a, mots_b = [m for x in a[i1:i2] for m in x], [m for y in b[j1:j2] for m in y]
        if etiquette == "equal":
            for rang, (x, y) in enumerate(zip(mots_a, mots_b, strict=True), 1):
                suites.garder(x, y, dernier=i2 == len(a) and j2 == len(b) and rang == len(mots_a))
        else:
            _mot_a_mot(suites, mots_a, mots_b, effort)
    if avant.fin or apres.fin:
        suites.ajouter(True, [blanc(avant.fin)], [blanc(apres.fin)])
    return tuple(_en_morceaux(suites.lisibles()))


def _mot_a_mot(suites: _Suites, a: list[Mot], b: list[Mot], effort: Effort) -> None:
    operations = list(aligner([x.cle for x in a], [y.cle for y in b], effort))
    gardes = sum(len(a[k].texte) for tag, i1, i2, _, _ in operations if tag == "equal" for k in range(i1, i2))
    if a and b and gardes < 0.2 * max(sum(len(x.texte) for x in a), sum(len(y.texte) for y in b)):
        operations = [("replace", 0, len(a), 0, len(b))]  # another sentence: what they share is chance
    for etiquette, i1, i2, j1, j2 in operations:
        if etiquette == "equal":
            for x, y in zip(a[i1:i2], b[j1:j2], strict=True):
                suites.garder(x, y, dernier=False)
        else:
            suites.ajouter(False, a[i1:i2], b[j1:j2])


def _en_morceaux(suites: _Suites) -> Iterable[Morceau]:
    for suite in suites:
        if suite.egal:
            yield _morceau("egal", suite.avant, suite.apres)
            continue
        petit = _banal(_texte(suite.avant)) == _banal(_texte(suite.apres))
        for sorte, mots in (("retrait", suite.avant), ("ajout", suite.apres)):
            if _texte(mots):
                yield _morceau(sorte, mots, mots, petit=petit)


def _morceau(sorte: str, avant: Sequence[Mot], apres: Sequence[Mot], *, petit: bool = False) -> Morceau:
    lus = avant if sorte == "retrait" else apres
    return Morceau(
        sorte,
        "" if sorte == "ajout" else _texte(avant),
        "" if sorte == "retrait" else _texte(apres),
        _vu(lus, sorte),
        _vu(avant, sorte),
        petit,
        sum(1 for mot in lus if mot.texte[:1].isalnum()),
    )


def _texte(mots: Sequence[Mot]) -> str:
    return "".join(mot.texte + mot.espace for mot in mots)


def _banal(texte: str) -> str:
    """Return a text without its typography: two texts that differ by that only read the same."""
    return re.sub(r"\s+", " ", normaliser(texte).translate(TYPOGRAPHIE)).strip()


def _vu(mots: Sequence[Mot], sorte: str) -> str:
    """Return what one reads of these words; a change that would show nothing is named."""
    vu = "".join(mot.vu + mot.espace for mot in mots)
    if vu.strip() or sorte == "egal":
        return montrer_invisibles(vu)
    texte = _texte(mots)
    return texte.strip() or ESPACES.get(texte, "retour à la ligne" if "\n" in texte else "espaces")
