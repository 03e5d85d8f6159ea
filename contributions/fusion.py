"""Three-way merge of a proposition with what was published since the version it read.

Unit by unit: one that only one side touched is taken from that side; one that both touched is merged (sentences of a
text, items of a list, lines of a table); what cannot be is a conflict, shown to a person, never resolved silently.

Texts call sources by number, and numbers move when a source is added or removed: the merge works on sources themselves
(`renvois.py`) and numbers again at the end.
"""

import re
from collections import Counter
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from contributions.renvois import NOM, Contenu, Renvois, nommer
from fiches.unites import avec, unites, valeur

PAIRES_AU_PLUS = 100_000
PHRASE = re.compile(r"[^\n.!?…]*[.!?…]*(?:\ue000[^\ue001]*\ue001)*[ \t\u00a0\u202f]*\n*")


class Conflit(Exception):
    """Both sides changed the same thing, differently."""


@dataclass
class Fusion:
    """The merged content, where conflicting units keep what is published."""

    contenu: Contenu
    conflits: list[str] = field(default_factory=list)  # keys of units
    fusionnees: list[str] = field(default_factory=list)  # both sides had touched them, and they agree


def fusionner(
    nature: str, base: Contenu, publiee: Contenu, proposee: Contenu, retenues: Collection[str] | None = None
) -> Fusion:
    """Merge what goes from `base` to `proposee` into `publiee`: every unit, or those retained only.

    A source that a retained text calls comes with it.
    """
    renvois = Renvois(base)
    origine, ici, la = (renvois.detacher(contenu) for contenu in (base, publiee, proposee))
    changements: Contenu = {}
    fusion = Fusion(publiee)
    for unite in unites(nature):
        ancienne, actuelle, voulue = (valeur(contenu, unite.cle) for contenu in (origine, ici, la))
        if voulue in (ancienne, actuelle) or (retenues is not None and unite.cle not in retenues):
            continue
        if actuelle == ancienne:
            changements[unite.cle] = voulue
            continue
        try:
            changements[unite.cle] = _reunir(unite.cle, unite.genre, ancienne, actuelle, voulue)
            fusion.fusionnees.append(unite.cle)
        except Conflit:
            fusion.conflits.append(unite.cle)
    fusion.contenu = renvois.rattacher(avec(ici, changements))
    return fusion


def _reunir(cle: str, genre: str, ancienne: Any, actuelle: Any, voulue: Any) -> Any:
    if genre == "section":
        return "".join(trois_voies(decouper(ancienne or ""), decouper(actuelle or ""), decouper(voulue or "")))
    if isinstance(actuelle, list) and isinstance(voulue, list):
        return _reunir_listes(cle, ancienne or [], actuelle, voulue)
    raise Conflit


def _reunir_listes(cle: str, ancienne: list, actuelle: list, voulue: list) -> list:
    """Merge two rewritings of a list: additions and removals of both; a line rewritten differently is a conflict."""
    if cle == "sources":
        return _reunir_lignes(*({ligne[NOM]: ligne for ligne in lignes} for lignes in (ancienne, actuelle, voulue)))
    avant = dict(zip(nommer(cle, [], ancienne), ancienne, strict=True))
    noms = list(avant)
    ici, la = (dict(zip(nommer(cle, ancienne, lignes, noms), lignes, strict=True)) for lignes in (actuelle, voulue))
    return _reunir_lignes(avant, ici, la)


def _reunir_lignes(avant: dict[str, Any], ici: dict[str, Any], la: dict[str, Any]) -> list:
    reunies = {}
    for nom in [*ici, *(nom for nom in la if nom not in ici)]:
        x, y, z = avant.get(nom), ici.get(nom), la.get(nom)
        if y == z or z == x:
            garde = y
        elif y == x:
            garde = z
        else:
            raise Conflit
        if garde is not None:
            reunies[nom] = garde
    return list(reunies.values())


def decouper(texte: str) -> list[str]:
    """Return the sentences of a text, each with the space and line ends that follow: joined, they give the text."""
    return [phrase for phrase in PHRASE.findall(texte) if phrase]


def trois_voies(origine: Sequence[Hashable], ici: Sequence, la: Sequence) -> list:
    """Merge two rewritings of a sequence; raise Conflit where they touch the same place differently."""
    resultat: list = []
    debut = debut_ici = debut_la = 0
    for fin, fin_ici, fin_la, longueur in [*_communs(origine, ici, la), (len(origine), len(ici), len(la), 0)]:
        ancien, neuf_ici, neuf_la = origine[debut:fin], ici[debut_ici:fin_ici], la[debut_la:fin_la]
        if neuf_la == ancien:
            resultat += neuf_ici
        elif neuf_ici in (ancien, neuf_la):
            resultat += neuf_la
        else:
            raise Conflit
        resultat += origine[fin : fin + longueur]
        debut, debut_ici, debut_la = fin + longueur, fin_ici + longueur, fin_la + longueur
    return resultat


def _paires(origine: Sequence[Hashable], autre: Sequence) -> int:
    """Return how many ways there are to put a sentence beside an equal one: what comparing costs."""
    ici = Counter(autre)
    return sum(ici[phrase] for phrase in origine)


def _communs(origine: Sequence[Hashable], ici: Sequence, la: Sequence) -> list[tuple[int, int, int, int]]:
    """Return the runs that neither side touched: where each starts in the three sequences, and its length."""
    for autre in (ici, la):
        if _paires(origine, autre) > PAIRES_AU_PLUS:
            raise Conflit  # nobody writes so: a text made to keep the server busy
    avec_ici = SequenceMatcher(None, origine, ici, autojunk=False).get_matching_blocks()
    avec_la = SequenceMatcher(None, origine, la, autojunk=False).get_matching_blocks()
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
