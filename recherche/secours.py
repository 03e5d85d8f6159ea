"""What to do when nothing answers: another spelling, a wider territory, one filter less."""

from dataclasses import dataclass, replace

from recherche.adresses import Lien
from recherche.catalogue import Catalogue
from recherche.facettes import Repli, compter
from recherche.plein_texte import Requete, interpreter
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
    elargies: tuple[Piste, ...] = ()
    sans: tuple[Piste, ...] = ()
    themes: tuple[Lien, ...] = ()  # where nothing better is known


def secourir(catalogue: Catalogue) -> Secours:
    """Return what would show something. Three SQL queries at most."""
    requete = catalogue.filtres.requete
    if requete and not catalogue.comptes.par_les_mots:
        orthographe = _orthographe(catalogue, requete)
        return Secours(orthographe) if orthographe else Secours(themes=_themes(catalogue))
    return Secours(elargies=_elargies(catalogue), sans=_sans_un_filtre(catalogue))


def _orthographe(catalogue: Catalogue, requete: Requete) -> Piste | None:
    """Return the nearest spelling, with the other filters kept."""
    if not requete.correction:
        return None
    essai = interpreter(requete.correction)
    filtres = catalogue.filtres.demandant(essai)
    replis = [Repli(filtres.demandant(essai.au_choix).lot, 1)] if essai.au_choix else []
    compte = compter(filtres.ensemble, filtres.lot, (), replis=replis).montrees
    return Piste(essai.saisie, catalogue.adresses.remplacer("q", essai.saisie), compte) if compte else None


def _themes(catalogue: Catalogue) -> tuple[Lien, ...]:
    """Every theme, with the address of its fiches here."""
    adresses = catalogue.adresses
    ailleurs = replace(adresses, actifs=tuple(actif for actif in adresses.actifs if actif.cle == "territoire"))
    themes = catalogue.filtres.noms["theme"]
    return tuple(Lien(nom, ailleurs.remplacer("theme", slug)) for slug, nom in themes.items())


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
    return tuple(
        Piste(catalogue.filtres.filters[cle].label, catalogue.adresses.sans(cle), compte)
        for cle, compte in catalogue.comptes.sans.items()
        if compte
    )
