"""What to do when nothing answers: another spelling, any of the words, a wider territory, one filter less."""

from dataclasses import dataclass

from recherche import orthographe, plein_texte
from recherche.catalogue import Catalogue
from recherche.plein_texte import Requete
from recherche.proximite import elargir


@dataclass(frozen=True)
class Piste:
    """Another list, that is not empty."""

    nom: str
    adresse: str
    compte: int


@dataclass(frozen=True)
class Secours:
    orthographe: Piste | None = None
    un_des_mots: Piste | None = None
    elargies: tuple[Piste, ...] = ()
    sans: tuple[Piste, ...] = ()


def secourir(catalogue: Catalogue) -> Secours:
    """Return what would show something. Three SQL queries at most."""
    requete = catalogue.filtres.requete
    if requete and not catalogue.comptes.par_les_mots:
        return _autres_mots(catalogue, requete)
    return Secours(elargies=_elargies(catalogue), sans=_sans_un_filtre(catalogue))


def _autres_mots(catalogue: Catalogue, requete: Requete) -> Secours:
    """Try the nearest spelling or, when every word is known, any of them; with the other filters kept."""
    corrigee = orthographe.corriger(requete.saisie)
    essai = plein_texte.interpreter(corrigee) if corrigee else requete.au_choix
    compte = catalogue.filtres.sans("q").filter(essai.condition).count() if essai.tsquery else 0
    if not compte:
        return Secours()
    piste = Piste(essai.saisie, catalogue.adresses.remplacer("q", essai.saisie), compte)
    return Secours(orthographe=piste) if corrigee else Secours(un_des_mots=piste)


def _elargies(catalogue: Catalogue) -> tuple[Piste, ...]:
    """The same question asked of the territories around."""
    filtres, adresses = catalogue.filtres, catalogue.adresses
    if not filtres.territoire_choisi:
        return ()
    return tuple(
        Piste(autre.nom_complet, adresses.remplacer("territoire", autre.designation), compte)
        for autre, compte in elargir(filtres.territoire_choisi, filtres.sans("territoire"))
    )


def _sans_un_filtre(catalogue: Catalogue) -> tuple[Piste, ...]:
    titres = {facette.cle: facette.titre for facette in catalogue.filtres.facettes}
    titres |= {"territoire": "Territoire", "dans": "Chercher dans"}
    return tuple(
        Piste(titres[cle], catalogue.adresses.sans(cle), compte)
        for cle, compte in catalogue.comptes.sans.items()
        if compte
    )
