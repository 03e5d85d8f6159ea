"""The panel of filters beside the list: the facets with their counts, those at hand and those folded, what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from fiches.gabarits import Nature
from recherche.facettes import Choix, Comptes, Facette, Volet
from recherche.filtres import SECTIONS, Filtres, derniere_saisie

D_ABORD = ("nature", "etat", "avancement")  # facets
A_PORTEE = 2  # of them: the others are folded


@dataclass(frozen=True)
class Panneau:
    filtres: Filtres
    comptes: Comptes
    nature: str | None

    @cached_property
    def volets(self) -> list[Volet]:
        return [self._volet(facette) for facette in sorted(self.filtres.facettes, key=_au_debut)]

    def _volet(self, facette: Facette) -> Volet:
        choisies, noms = self.filtres.data.getlist(facette.cle), self.filtres.noms[facette.cle]
        choix = (
            Choix(valeur, nom, self.comptes.de(facette.cle, valeur), valeur in choisies) for valeur, nom in noms.items()
        )
        utiles = [un_choix for un_choix in choix if un_choix.compte != 0 or un_choix.choisi]
        return Volet(facette.cle, facette.titre, utiles, self.erreurs[facette.cle])

    @property
    def premiers(self) -> list[Volet]:
        """Those at hand, beside the territory."""
        return self.volets[:A_PORTEE]

    @property
    def autres(self) -> list[Volet]:
        return self.volets[A_PORTEE:]

    @property
    def sections(self) -> list[tuple[str, str, bool]]:
        """The sections where words may be looked for; only actions have them."""
        if self.nature not in (None, Nature.ACTION):
            return []
        return [(cle, nom, cle in self.filtres.sections) for cle, nom in SECTIONS.items()]

    @property
    def est_deplie(self) -> bool:
        """True when something that is not at hand was asked, or is wrong."""
        demandes = any(volet.est_choisi or volet.erreurs for volet in self.autres)
        return demandes or bool(self.filtres.sections or self.erreurs["dans"])

    @cached_property
    def erreurs(self) -> Mapping[str, list[str]]:
        """What is wrong, by parameter: an empty list when nothing is."""
        return {cle: self.filtres.form.errors.get(cle, []) for cle in self.filtres.filters}

    @property
    def territoire_refuse(self) -> str:
        """What was sent as a territory and not understood: it stays in its field."""
        return derniere_saisie(self.filtres.data.getlist("territoire")) if self.erreurs["territoire"] else ""


def _au_debut(facette: Facette) -> bool:
    """Sort those that are asked first before the others."""
    return facette.cle not in D_ABORD
