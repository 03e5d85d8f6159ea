"""Three-way merge of a proposition with what was published since the version it read.

Unit by unit: one that only one side touched is taken from that side; one that both touched is merged (sentences of a
text, items of a list, lines of a table); what cannot be is a conflict, shown to a person, never resolved silently.

A source keeps its key on every side (accord.py): one that texts call and a side took away comes back.
"""

import re
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from comparaison.accord import partager
from comparaison.listes import Choix, Ligne, Rangee, reunir_listes
from comparaison.mots import alineas
from comparaison.textes import Effort, aligner
from fiches.sources import CLE, Contenu, avec_les_appelees
from fiches.unites import avec, egales, unites, valeur

REUNIS_AU_PLUS = 10_000  # signs
GARDE_MIN = 1 / 3  # of two sentences that keep less of a third one, what they share is chance
PHRASE = re.compile(rf"[^\n.!?…]*[.!?…]*(?:\[\^{CLE.pattern}\])*[ \t\u00a0\u202f]*\n*")


class Conflit(Exception):
    """Both sides changed the same thing, differently."""


@dataclass
class Fusion:
    """The merged content, where what conflicts keeps what is published: a unit, or a row of a list."""

    contenu: Contenu
    base: Contenu  # the three that were merged, sources called by the keys of the merge
    publiee: Contenu
    proposee: Contenu
    conflits: list[str] = field(default_factory=list)  # keys of units
    reunies: list[str] = field(default_factory=list)  # both sides had touched them, and they agree
    rangees: dict[str, list[Rangee]] = field(default_factory=dict)  # by unit, the rows in conflict
    rangs: dict[str, list[str]] = field(default_factory=dict)  # by unit, beside each line the row it settles, or ""

    @property
    def lignes_en_conflit(self) -> list[Ligne]:
        """What each side says of the rows that nobody settled, which may call sources; but sources themselves."""
        autres = [rangee for cle, rangees in self.rangees.items() if cle != "sources" for rangee in rangees]
        return [ligne for rangee in autres for ligne in rangee.cotes if ligne]

    def mots_reunis(self, cle: str) -> str:
        """Return both rewritings of a text in conflict, where they do not touch the same words; empty where they do."""
        return reunir_mots(*(valeur(contenu, cle) or "" for contenu in (self.base, self.publiee, self.proposee)))

    def ajuster(self, changements: Contenu) -> Contenu:
        """Return the merge with other values of some units, and the sources that these call."""
        return avec_les_appelees(avec(self.contenu, changements), (self.publiee, self.proposee, self.base))


def reunir(
    nature: str,
    base: Contenu,
    publiee: Contenu,
    proposee: Contenu,
    retenues: Collection[str] | None = None,
    choix: Mapping[str, Choix] | None = None,
) -> Fusion:
    """Merge what goes from `base` to `proposee` into `publiee`: every unit, or those retained only.

    A source that a retained text calls comes with it, and one that a row in conflict calls, so that one may choose it.
    `choix` settles rows of lists, by unit.
    """
    publiee, base, proposee = partager(publiee, base, proposee)
    changements: Contenu = {}
    fusion = Fusion(publiee, base, publiee, proposee)
    for unite in unites(nature):
        ancienne, actuelle, voulue = (valeur(contenu, unite.cle) for contenu in (base, publiee, proposee))
        retenue = retenues is None or unite.cle in retenues
        if not retenue or any(egales(unite.cle, voulue, autre) for autre in (ancienne, actuelle)):
            continue
        if actuelle == ancienne:
            changements[unite.cle] = voulue
        elif isinstance(actuelle, list) and isinstance(voulue, list):
            reunion = reunir_listes(unite.cle, ancienne or [], actuelle, voulue, (choix or {}).get(unite.cle))
            changements[unite.cle], fusion.rangs[unite.cle] = reunion.lignes, reunion.rangs
            if reunion.rangees:
                fusion.rangees[unite.cle] = reunion.rangees
            (fusion.conflits if reunion.rangees else fusion.reunies).append(unite.cle)
        else:
            try:
                changements[unite.cle] = _reunir_textes(unite.genre, ancienne, actuelle, voulue)
                fusion.reunies.append(unite.cle)
            except Conflit:
                fusion.conflits.append(unite.cle)
    reunie = avec(publiee, changements)
    fusion.contenu = avec_les_appelees(reunie, (publiee, proposee, base), fusion.lignes_en_conflit)
    return fusion


def _reunir_textes(genre: str, ancienne: Any, actuelle: Any, voulue: Any) -> str:
    if genre != "section":
        raise Conflit
    return "".join(trois_voies(en_phrases(ancienne or ""), en_phrases(actuelle or ""), en_phrases(voulue or "")))


def reunir_mots(ancienne: str, actuelle: str, voulue: str) -> str:
    """Merge two rewritings of a text, word by word where the same sentence changed; empty where words overlap.

    A proposal for a person to look at: two changes of other words may still contradict each other. None for long texts,
    whose words would cost more than their length.
    """
    if max(map(len, (ancienne, actuelle, voulue))) > REUNIS_AU_PLUS:
        return ""
    try:
        phrases = (en_phrases(texte) for texte in (ancienne, actuelle, voulue))
        return "".join(trois_voies(*phrases, sinon=_reunir_phrases))
    except Conflit:
        return ""


def _reunir_phrases(origine: Sequence[str], ici: Sequence[str], la: Sequence[str]) -> list[str]:
    mots, ici, la = (_en_mots("".join(phrases)) for phrases in (origine, ici, la))
    gardes = sum(len(mot) for debut, _, _, n in _communs(mots, ici, la) for mot in mots[debut : debut + n])
    if gardes < GARDE_MIN * sum(map(len, mots)):
        raise Conflit
    return trois_voies(mots, ici, la)


def _en_mots(texte: str) -> list[str]:
    """Return the words of a text, each with the space that follows: joined, they give the text."""
    blocs = alineas(texte)
    return [mot for bloc in blocs for mot in (*(m.texte + m.espace for m in bloc.mots), bloc.fin) if mot]


def en_phrases(texte: str) -> list[str]:
    """Return the sentences of a text, each with the space and line ends that follow: joined, they give the text."""
    return [phrase for phrase in PHRASE.findall(texte) if phrase]


def _sans_accord(*_cotes: Sequence) -> list:
    raise Conflit


def trois_voies(
    origine: Sequence[Hashable], ici: Sequence, la: Sequence, *, sinon: Callable[..., list] = _sans_accord
) -> list:
    """Merge two rewritings of a sequence; `sinon` is asked where they touch the same place differently.

    Raises Conflit, unless `sinon` knows what to make of the three.
    """
    resultat: list = []
    debut = debut_ici = debut_la = 0
    for fin, fin_ici, fin_la, longueur in [*_communs(origine, ici, la), (len(origine), len(ici), len(la), 0)]:
        ancien, neuf_ici, neuf_la = origine[debut:fin], ici[debut_ici:fin_ici], la[debut_la:fin_la]
        if neuf_la == ancien:
            resultat += neuf_ici
        elif neuf_ici in (ancien, neuf_la):
            resultat += neuf_la
        else:
            resultat += sinon(ancien, neuf_ici, neuf_la)
        resultat += origine[fin : fin + longueur]
        debut, debut_ici, debut_la = fin + longueur, fin_ici + longueur, fin_la + longueur
    return resultat


def _communs(origine: Sequence[Hashable], ici: Sequence, la: Sequence) -> list[tuple[int, int, int, int]]:
    """Return the runs that neither side touched: where each starts in the three sequences, and its length.

    Of a text made to keep the server busy, only the two ends are seen as untouched: the rest may be a conflict.
    """
    effort = Effort()
    avec_ici, avec_la = (
        [(i, j, fin - i) for sorte, i, fin, j, _ in aligner(origine, autre, effort) if sorte == "equal"]
        for autre in (ici, la)
    )
    communs, i, j = [], 0, 0
    while i < len(avec_ici) and j < len(avec_la):
        (a1, b1, n1), (a2, b2, n2) = avec_ici[i], avec_la[j]
        debut, fin = max(a1, a2), min(a1 + n1, a2 + n2)
        if debut < fin:
            communs.append((debut, b1 + debut - a1, b2 + debut - a2, fin - debut))
        if a1 + n1 < a2 + n2:
            i += 1
        else:
            j += 1
    return communs
