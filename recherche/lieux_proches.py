"""The places that words nearly name: « Rouan », « CLS Elbeuf-sur-Sene ». Offered, never chosen."""

from dataclasses import dataclass

from francais.caracteres import sans_accents
from recherche.orthographe import distance
from recherche.sujets import Sujets
from territoires.models import Territoire
from territoires.recherche import lire
from territoires.sortes import QUARTIER, separer_la_sorte

LETTRES_D_UNE_FAUTE = 5  # one letter may be wrong of as many
SIGNES_AU_PLUS = 60  # no name of a place is longer, and distances cost its square


@dataclass(frozen=True)
class Proches:
    mots: str  # the scheme named beside
    exacts: list[Territoire]
    proches: list[Territoire]


def rapprocher(saisie: str, connus: Sujets) -> Proches:
    """Return the places that these words, less the scheme that they begin or end with, name or nearly do. One query."""
    d_un_quartier = separer_la_sorte(saisie)[1] == QUARTIER
    mots, nom = ("", saisie) if d_un_quartier else _sans_dispositif(saisie, connus)
    if len(nom) > SIGNES_AU_PLUS:
        return Proches("", [], [])
    lecture = lire(nom)
    exacts = [lecture.territoire] if lecture.territoire else [lieu for lieu in lecture.proches if lieu.exact]
    proches = [lieu for lieu in lecture.proches if not lieu.exact and (d_un_quartier or _ressemble(lieu, nom))]
    return Proches(mots, exacts, [*exacts, *proches] if mots else proches)


def _sans_dispositif(saisie: str, connus: Sujets) -> tuple[str, str]:
    mots = saisie.split()
    for coupe in range(len(mots) - 1, 0, -1):
        debut, fin = " ".join(mots[:coupe]), " ".join(mots[coupe:])
        if connus.nommer(debut):
            return debut, fin
        if connus.nommer(fin):
            return fin, debut
    return "", saisie


def _ressemble(lieu: Territoire, nom: str) -> bool:
    saisi = _plier(nom)
    for sien in map(_plier, [lieu.nom, *lieu.autres_noms]):
        if saisi.startswith(f"{sien} ") or distance(saisi, sien) <= max(1, len(saisi) // LETTRES_D_UNE_FAUTE):
            return True
    return False


def _plier(nom: str) -> str:
    plie = " ".join(sans_accents(nom.replace("’", " ")).replace("-", " ").replace("'", " ").split())
    return plie.replace("saint ", "st ").replace("sainte ", "ste ")
