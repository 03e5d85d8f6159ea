"""Two contents of a fiche compared, unit by unit: what a contributor, a moderator and the public read of a change.

Sources are known by their key (accord.py): one that only stands elsewhere is no change.
Call it with `comparer`, show it with templates/comparaison/_comparaison.html.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from comparaison.accord import accorder
from comparaison.appariement import Paire, apparier, apparier_par_cle
from comparaison.textes import Effort, Morceau, Passage, comparer_lignes, comparer_textes, entier
from comparaison.valeurs import VIDE, Lecteur
from fiches.forms import FORMULAIRES
from fiches.sources import Contenu, actuel
from fiches.unites import Unite, unites, valeur

CONTEXTE = 1  # unchanged rows shown beside a change
REPLI_MIN = 3  # fewer unchanged rows are not worth folding


@dataclass(frozen=True)
class Champ:
    """A value compared: a whole row, or a named part of a row."""

    morceaux: tuple[Morceau, ...]
    libelle: str = ""


@dataclass(frozen=True)
class Ligne:
    """A row of a comparison; each row that changed has a number and an anchor, and knows those of its neighbours."""

    sorte: str  # "inchange", "change", "plus", "moins"
    champs: tuple[Champ, ...]
    titre: str = ""
    numero: int = 0
    ancre: str = ""
    precedente: str = ""
    suivante: str = ""

    @property
    def changee(self) -> bool:
        return self.sorte != "inchange"

    def mots(self, sorte: str) -> int:
        return sum(m.mots for champ in self.champs for m in champ.morceaux if m.sorte == sorte)


@dataclass(frozen=True)
class Groupe:
    """Neighbouring rows; `replie` when nothing changed in them and they are far from what did."""

    lignes: tuple[Ligne, ...]
    replie: bool = False


@dataclass(frozen=True)
class Difference:
    """What changed in a unit."""

    unite: Unite
    lignes: tuple[Ligne, ...]
    precedente: str = ""  # anchor of the last unit's first change
    suivante: str = ""  # anchor of the next unit's first change

    @property
    def nombre(self) -> int:
        return sum(1 for ligne in self.lignes if ligne.changee)

    @property
    def mots_ajoutes(self) -> int:
        return sum(ligne.mots("ajout") for ligne in self.lignes)

    @property
    def mots_supprimes(self) -> int:
        return sum(ligne.mots("retrait") for ligne in self.lignes)

    def sans_sauts(self) -> "Difference":
        """Return it without the links that lead to the changes around it."""
        lignes = tuple(replace(ligne, precedente="", suivante="") for ligne in self.lignes)
        return replace(self, lignes=lignes, precedente="", suivante="")

    @property
    def ancre(self) -> str:
        """Anchor of its first change."""
        return next(ligne.ancre for ligne in self.lignes if ligne.changee)

    @property
    def groupes(self) -> list[Groupe]:
        """The rows in their order, unchanged ones folded when they are many."""
        pres = {
            voisin
            for rang, ligne in enumerate(self.lignes)
            if ligne.changee
            for voisin in range(rang - CONTEXTE, rang + CONTEXTE + 1)
        }
        groupes = []
        for loin, rangs in groupby(range(len(self.lignes)), key=lambda rang: rang not in pres):
            lignes = tuple(self.lignes[rang] for rang in rangs)
            groupes.append(Groupe(lignes, replie=loin and len(lignes) >= REPLI_MIN))
        return groupes


@dataclass(frozen=True)
class Comparaison:
    """The units that changed, in reading order."""

    differences: tuple[Difference, ...] = ()

    @property
    def nombre(self) -> int:
        return sum(difference.nombre for difference in self.differences)

    @property
    def mots_ajoutes(self) -> int:
        return sum(difference.mots_ajoutes for difference in self.differences)

    @property
    def mots_supprimes(self) -> int:
        return sum(difference.mots_supprimes for difference in self.differences)

    def __bool__(self) -> bool:
        return bool(self.differences)

    def seulement(self, cles: Container[str]) -> "Comparaison":
        """Return what changed in these units, without the links from one change to the next: some may be gone."""
        return Comparaison(tuple(d.sans_sauts() for d in self.differences if d.unite.cle in cles))

    @property
    def ancre(self) -> str:
        """Anchor of the first change."""
        return self.differences[0].ancre if self.differences else ""


def comparer(nature: str, avant: Contenu, apres: Contenu, *, prefixe: str = "c") -> Comparaison:
    """Compare two contents of this nature. `prefixe` begins the anchors, for a page that shows several comparisons."""
    comparateur = _Comparateur(nature, avant, apres)
    compares = [(unite, tuple(comparateur.lignes(unite))) for unite in unites(nature)]
    return _numeroter([(unite, lignes) for unite, lignes in compares if any(x.changee for x in lignes)], prefixe)


def _numeroter(compares: list[tuple[Unite, tuple[Ligne, ...]]], prefixe: str) -> Comparaison:
    total = sum(1 for _, lignes in compares for ligne in lignes if ligne.changee)

    def ancre(numero: int) -> str:
        return f"{prefixe}{numero}" if 1 <= numero <= total else ""

    def numerotee(ligne: Ligne, n: int) -> Ligne:
        return replace(ligne, numero=n, ancre=ancre(n), precedente=ancre(n - 1), suivante=ancre(n + 1))

    differences: list[Difference] = []
    numero = 0
    for unite, lignes in compares:
        numerotees = []
        for ligne in lignes:
            numero += ligne.changee
            numerotees.append(numerotee(ligne, numero) if ligne.changee else ligne)
        precedente = differences[-1].ancre if differences else ""
        differences.append(Difference(unite, tuple(numerotees), precedente, ancre(numero + 1)))
    return Comparaison(tuple(differences))


class _Comparateur:
    """The two contents, called by the same keys, and the effort left."""

    def __init__(self, nature: str, avant: Contenu, apres: Contenu):
        self.apres = actuel(apres)
        self.avant = accorder(self.apres, actuel(avant))
        self.formulaire = FORMULAIRES[nature]
        self.effort = Effort()

    def lignes(self, unite: Unite) -> Iterable[Ligne]:
        avant, apres = valeur(self.avant, unite.cle), valeur(self.apres, unite.cle)
        if (not avant and not apres) or avant == apres:
            return []
        if unite.genre == "section":
            return [_ligne(p) for p in comparer_textes(avant or "", apres or "", self.effort)]
        if unite.genre == "lignes":
            return self._repetees(unite.cle, avant or [], apres or [])
        champ = self.formulaire.base_fields[unite.cle]
        lecteur = Lecteur(champ, [avant, apres])
        if isinstance(avant, list) or isinstance(apres, list):
            return self._liste(lecteur, avant or [], apres or [])
        return [Ligne("change", (Champ(self._valeur(lecteur, avant, apres)),))]

    def _valeur(self, lecteur: Lecteur, avant: Any, apres: Any) -> tuple[Morceau, ...]:
        """Compare two values: texts word by word, the others as a whole."""
        x, y = lecteur.lire(avant), lecteur.lire(apres)
        if lecteur.libre and x and y:
            return comparer_lignes(x, y, self.effort, markdown=lecteur.source)
        if x == y:
            return (entier(x or VIDE, "egal"),)
        return entier(x or VIDE, "retrait"), entier(y or VIDE, "ajout")

    def _liste(self, lecteur: Lecteur, avant: list, apres: list) -> list[Ligne]:
        """Compare two lists of values: what is gone, what is new, what stays."""
        parties, venues = set(avant) - set(apres), set(apres) - set(avant)
        lignes = [_entiere("moins", lecteur.lire(x)) for x in avant if x in parties]
        lignes += [_entiere("plus", lecteur.lire(x)) for x in apres if x in venues]
        if not lignes:
            ordres = ((avant, "retrait"), (apres, "ajout"))
            morceaux = tuple(entier(", ".join(map(lecteur.lire, ordre)), sorte) for ordre, sorte in ordres)
            return [Ligne("change", (Champ(morceaux, "Ordre"),))]
        if restes := [lecteur.lire(x) for x in apres if x not in venues]:
            lignes.append(Ligne("inchange", (Champ((entier(", ".join(restes), "egal"),), "Inchangé"),)))
        return lignes

    def _repetees(self, cle: str, avant: list[Contenu], apres: list[Contenu]) -> list[Ligne]:
        """Compare repeated lines: sources, figures, missions, articulations."""
        formulaire = self.formulaire.lignes[cle]
        paires = apparier_par_cle(avant, apres) if cle == "sources" else apparier(cle, avant, apres)
        lecteurs = {
            nom: Lecteur(champ, [ligne.get(nom) for ligne in (*avant, *apres)], source=nom == "source")
            for nom, champ in formulaire.base_fields.items()
            if nom != "cle"
        }
        lignes = [ligne for paire in paires if (ligne := self._repetee(cle, lecteurs, avant, apres, paire)).changee]
        gardees = [paire.avant for paire in paires if paire.avant and paire.apres]
        restent = len(paires) - len(lignes)
        if cle != "sources" and sorted(gardees) != gardees:
            lignes.append(Ligne("change", (Champ((entier("L’ordre des lignes a changé.", "ajout"),)),)))
        if lignes and restent:
            reste = f"{restent} autres lignes, inchangées." if restent > 1 else "Une autre ligne, inchangée."
            lignes.append(Ligne("inchange", (Champ((entier(reste, "egal"),)),)))
        return lignes

    def _repetee(
        self, cle: str, lecteurs: dict[str, Lecteur], avant: list[Contenu], apres: list[Contenu], paire: Paire
    ) -> Ligne:
        depart = avant[paire.avant - 1] if paire.avant else {}
        arrivee = apres[paire.apres - 1] if paire.apres else {}
        champs = []
        for lecteur, x, y in ((lecteur, depart.get(nom), arrivee.get(nom)) for nom, lecteur in lecteurs.items()):
            if lecteur.lire(x) or lecteur.lire(y):
                champs.append(Champ(self._cellule(lecteur, x, y, paire), lecteur.libelle))
        change = any(morceau.sorte != "egal" for champ in champs for morceau in champ.morceaux)
        sorte = "plus" if not paire.avant else "moins" if not paire.apres else "change" if change else "inchange"
        return Ligne(sorte, tuple(champs), f"Source {(arrivee or depart)['cle']}" if cle == "sources" else "")

    def _cellule(self, lecteur: Lecteur, avant: Any, apres: Any, paire: Paire) -> tuple[Morceau, ...]:
        if paire.avant and paire.apres:
            return self._valeur(lecteur, avant, apres)
        valeur, sorte = (apres, "ajout") if paire.apres else (avant, "retrait")
        return (entier(lecteur.lire(valeur), sorte, markdown=lecteur.source),)


def _ligne(passage: Passage) -> Ligne:
    return Ligne(passage.sorte, (Champ(passage.morceaux),))


def _entiere(sorte: str, texte: str) -> Ligne:
    return Ligne(sorte, (Champ((entier(texte, "ajout" if sorte == "plus" else "retrait"),)),))
