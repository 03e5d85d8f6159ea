"""Transport: what a text changes in one fiche, carried over to another that takes its place.

The sources of two fiches have nothing to do with each other: they are recognised by what they are, never by their keys.
"""

from dataclasses import dataclass

from comparaison.accord import accorder, etrangers
from comparaison.fusion import reunir
from comparaison.listes import PROPOSEE, PUBLIEE, Rangee
from fiches.sources import FORMAT, Contenu, actuel
from fiches.unites import valeur


@dataclass(frozen=True)
class Transport:
    """What the author would want of the other fiche, and the units where it says otherwise than she does."""

    contenu: Contenu
    conflits: list[str]


def transporter(nature: str, base: Contenu, proposee: Contenu, cible: Contenu) -> Transport:
    """Merge what goes from `base` to `proposee` into `cible`, which does not come from `base`.

    Where both touch the same place, the words of the author are kept, and the unit is said to be in conflict: nothing
    of hers is lost, and nothing of the other fiche goes without somebody's choice.
    """
    base, cible = actuel(base), actuel(cible)
    proposee = accorder(base, actuel(proposee))
    # All three share the keys of the present format from here on: nothing is matched by likeness any more.
    base, proposee, cible = ({**contenu, "format": FORMAT} for contenu in (base, proposee, cible))
    base, proposee = etrangers(cible, base, proposee)
    fusion = reunir(nature, base, cible, proposee)
    if not fusion.conflits:
        return Transport(fusion.contenu, [])
    choix = {cle: {rangee.numero: _a_l_auteur(rangee) for rangee in rangees} for cle, rangees in fusion.rangees.items()}
    tranchee = reunir(nature, base, cible, proposee, choix=choix)
    textes = {cle: valeur(tranchee.proposee, cle) for cle in tranchee.conflits}
    return Transport(tranchee.ajuster(textes), fusion.conflits)


def _a_l_auteur(rangee: Rangee) -> tuple[str, ...]:
    return (PUBLIEE,) if rangee.proposee is None else (PROPOSEE,)
