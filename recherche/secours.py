"""What to do when nothing answers: another spelling, any of the words, a wider territory, one filter less."""

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Count

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
        return Secours(**_autres_mots(catalogue, requete))
    return Secours(elargies=_elargies(catalogue), sans=_sans_un_filtre(catalogue))


def _autres_mots(catalogue: Catalogue, requete: Requete) -> dict[str, Piste]:
    """Try the nearest spelling, and any of the words, with the other filters kept."""
    essais: dict[str, Requete] = {}
    if corrigee := orthographe.corriger(requete.saisie):
        essais["orthographe"] = plein_texte.interpreter(corrigee)
    if requete.large and requete.large != requete.tsquery:
        essais["un_des_mots"] = requete.au_choix
    if not essais:
        return {}
    conditions = {cle: essai.condition for cle, essai in essais.items()}
    trouvees = catalogue.filtres.sans("q").filter(reduce(or_, conditions.values()))
    comptes = trouvees.aggregate(**{cle: Count("pk", filter=siennes) for cle, siennes in conditions.items()})
    autres = [paire for paire in catalogue.paires if paire[0] != "q"]
    return {
        cle: Piste(essai.saisie, catalogue.adresse([("q", essai.saisie), *autres]), comptes[cle])
        for cle, essai in essais.items()
        if comptes[cle]
    }


def _elargies(catalogue: Catalogue) -> tuple[Piste, ...]:
    """The same question asked of the territories around."""
    filtres = catalogue.filtres
    if not filtres.territoire_choisi:
        return ()
    autres = [paire for paire in catalogue.paires if paire[0] != "territoire"]
    return tuple(
        Piste(t.nom_complet, catalogue.adresse([*autres, ("territoire", t.designation)]), compte)
        for t, compte in elargir(filtres.territoire_choisi, filtres.sans("territoire"))
    )


def _sans_un_filtre(catalogue: Catalogue) -> tuple[Piste, ...]:
    titres = {facette.cle: facette.titre for facette in catalogue.filtres.facettes}
    titres["territoire"] = "Territoire"
    return tuple(
        Piste(titres[cle], catalogue.adresse(paire for paire in catalogue.paires if paire[0] != cle), compte)
        for cle, compte in catalogue.comptes.sans.items()
        if compte
    )
