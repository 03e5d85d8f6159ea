"""Words of a text, cut as a reader of French does: paragraphs and items, sentences, words.

Whatever the text, its blocks put end to end give it back, and so do the words of a block.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from fiches.collage import PUCES
from fiches.sources import APPEL

CADRE = r"(?m:^\|(?:[ \t]*:?-{3,}:?[ \t]*\|)+(?=[ \t]*$))"  # of a table, between the names of columns and the rows
DEBUT_ALINEA = re.compile(
    rf"(?!{CADRE})[ \t]*(?:[-*+][ \t]|[{PUCES}]|\d{{1,3}}[.)][ \t]|#{{1,6}}[ \t]|>|\|)|[^\t\n]*\t[^\t\n]"
)
TITRE = re.compile(r"[ \t]*#{1,6}[ \t]")
MARQUE = re.compile(rf"([ \t]*)([-*+{PUCES}]|\d{{1,3}}[.)])(\s+)")
RETOUR = re.compile(r"[ \t]?\n[ \t]*")
ADRESSE = r"\]\((?:[^()\s]|\([^()\s]*\))*\)"
MOT = re.compile(
    rf"""(?P<mot>
      (?P<cadre>{CADRE})
    | (?P<appel>{APPEL.pattern})
    | (?P<lien>\[(?=[^\[\]]*{ADRESSE}))
    | (?P<adresse>{ADRESSE})
    | https?://[^\s<>()\[\]"«»]+
    | (?:\d{{1,3}}(?:[ \u00a0\u202f]\d{{3}})+(?!\d)|\d+)(?:[.,]\d+)*(?:[ \u00a0\u202f]?%|(?!\w))
    | (?i:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’](?=\w)
    | (?i:aujourd|prud)['’]\w+
    | \w[\w\u0300-\u036f]*(?:-\w[\w\u0300-\u036f]*)*
    | (?P<gras>\*{{1,3}})
    | \.\.\.
    | \S
    )(?P<espace>\s*)""",
    re.VERBOSE,
)
FIN_DE_PHRASE = frozenset([".", "!", "?", "…", "..."])
APRES_LA_FIN = frozenset(["»", "”", '"', ")", "]"])


class Mot(NamedTuple):
    texte: str
    espace: str  # what follows it
    cle: str  # two words are the same by their key
    vu: str  # what one reads: links with their address, source calls without their sign, no asterisks


@dataclass
class Alinea:
    mots: list[Mot]
    fin: str = ""  # the blank lines that follow it
    cle: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.cle = cle_de(self.mots)

    @classmethod
    def de(cls, texte: str, *, markdown: bool = True) -> "Alinea":
        propre = texte.rstrip()
        return cls(decouper(propre, markdown=markdown), texte[len(propre) :])


def alineas(texte: str) -> list[Alinea]:
    """Cut a text into paragraphs, headings and items; put end to end, they give the text back."""
    trouves: list[list[str]] = []
    ferme = True
    for ligne in re.findall(r"[^\n]*\n|[^\n]+", texte):
        vide = not ligne.strip()
        if not trouves or (not vide and (ferme or DEBUT_ALINEA.match(ligne))):
            trouves.append([])
        trouves[-1].append(ligne)
        ferme = vide or bool(TITRE.match(ligne))
    return [Alinea.de("".join(lignes)) for lignes in trouves]


def decouper(texte: str, *, markdown: bool = True) -> list[Mot]:
    """Cut a passage into words, each with the space that follows; put end to end, they give the passage back."""
    mots: list[Mot] = []
    debut = 0
    if markdown and (marque := MARQUE.match(texte)):
        retrait, signe, espace = marque.groups()
        puce = signe if signe[0].isdigit() else "•"
        mots.append(Mot(retrait + signe, espace, f"{len(retrait) // 2}{puce}", puce))
        debut = marque.end()
    elif espace_en_tete := re.match(r"\s+", texte):
        mots.append(blanc(espace_en_tete[0]))
        debut = espace_en_tete.end()
    for trouve in MOT.finditer(texte, debut):
        cle = vu = mot = trouve["mot"]
        if not markdown:
            pass
        elif trouve["appel"]:
            cle, vu = f"source {mot[2:-1]}", mot.replace("^", "")  # a word by which two passages are alike
        elif trouve["lien"] or trouve["gras"] or trouve["cadre"]:
            vu = ""
        elif trouve["adresse"]:
            vu = f" ({mot[2:-1]})"
        mots.append(Mot(mot, trouve["espace"], cle, vu))
    return mots


def espace_lu(espace: str) -> str:
    """Return a space as the reader sees it: a line wrapped there is a space."""
    return " " if "\n" in espace and RETOUR.fullmatch(espace) else espace


def cle_de(mots: Sequence[Mot]) -> tuple[str, ...]:
    """Return what two passages that read the same have in common (the space after their last word apart)."""
    return tuple(partie for mot in mots for partie in (mot.cle, espace_lu(mot.espace)))[:-1]


def phrases(mots: list[Mot]) -> list[list[Mot]]:
    """Cut the words of a passage into sentences, source calls staying with the sentence they support."""
    trouvees: list[list[Mot]] = [[]]
    finie = False
    for mot in mots:
        trouvees[-1].append(mot)
        finie = mot.texte in FIN_DE_PHRASE or (finie and (mot.texte in APRES_LA_FIN or mot.texte.startswith("[^")))
        if finie and mot.espace:
            trouvees.append([])
            finie = False
    return [phrase for phrase in trouvees if phrase]


def blanc(espace: str) -> Mot:
    """Return a space alone."""
    return Mot("", espace, "", "")
