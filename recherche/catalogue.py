"""What the catalogue page shows: the fiches that answer, the facets, the address of every other way to ask."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import F, Func, QuerySet, TextField
from django.http import QueryDict
from django.urls import reverse

from fiches.gabarits import Nature
from fiches.models import Fiche
from fiches.perimetre import perimetres
from recherche import plein_texte
from recherche.facettes import Comptes, Facette, compter
from recherche.filtres import Filtres, derniere_saisie
from recherche.proximite import distance, nommes_exactement
from territoires.models import Territoire

PAR_PAGE = 20
CHOIX_MONTRES = 8
# Whatever the accents and the capitals; « Bouge ton mental » is at B.
SANS_ACCENTS = Func(F("titre"), template="ltrim(lower(f_unaccent(%(expressions)s)), '<\"'' ')", output_field=TextField())
PAR_NOM = (SANS_ACCENTS, "titre", "pk")
Paire = tuple[str, str]  # name and value of a parameter


@dataclass(frozen=True)
class Choix:
    """A value of a facet, and how many fiches would be shown if it were chosen."""

    valeur: str
    nom: str
    compte: int
    choisi: bool


@dataclass(frozen=True)
class Volet:
    """A facet as it is shown: the values that would show something, and those that are chosen."""

    cle: str
    titre: str
    choix: list[Choix]
    erreurs: list[str]

    @property
    def premiers(self) -> list[Choix]:
        return self.choix[:CHOIX_MONTRES]

    @property
    def suivants(self) -> list[Choix]:
        return self.choix[CHOIX_MONTRES:]

    @property
    def est_ouvert(self) -> bool:
        return any(choix.choisi for choix in self.suivants)


@dataclass(frozen=True)
class Lien:
    """A link to another list: without a filter in force, or about another territory."""

    nom: str
    adresse: str


class Catalogue:
    def __init__(self, parametres: QueryDict, *, chemin: str, nature: str | None = None):
        self.parametres, self.chemin, self.nature = parametres, chemin, nature
        self.filtres = Filtres(parametres, nature=nature)
        self.erreurs = self.filtres.form.errors

    @property
    def titre(self) -> str:
        return Nature(self.nature).pluriel if self.nature else "Fiches"

    @property
    def etapes(self) -> list[Paire]:
        """The steps of the breadcrumb before this page."""
        return [("Fiches", reverse("catalogue"))] if self.nature else []

    # The list

    @cached_property
    def comptes(self) -> Comptes:
        filtres = self.filtres
        conditions = {cle: condition for cle, condition in filtres.conditions.items() if cle != "q"}
        return compter(filtres.ensemble, filtres.trouvees, conditions, filtres.facettes)

    @cached_property
    def page(self) -> Page | None:
        """The page asked, or nothing when there is no such page or when a filter is wrong."""
        numero = self.filtres.valeurs.get("page", 1)
        if self.erreurs or not self.comptes.montrees or numero > self.nb_pages:
            return None
        return self._paginateur.page(numero)

    @property
    def _paginateur(self) -> Paginator:
        return Paginator(range(self.comptes.montrees), PAR_PAGE)

    @property
    def nb_pages(self) -> int:
        return self._paginateur.num_pages

    @property
    def est_hors_limites(self) -> bool:
        """True when there are fiches, but no such page."""
        return not self.erreurs and self.page is None and self.comptes.montrees > 0

    @cached_property
    def fiches(self) -> list[Fiche]:
        """The fiches of the page, each with its passage (`extrait`) and its path to the territory (`via`)."""
        if not self.page:
            return []
        rangs = self.page.object_list
        fiches = list(self._ordonner(self.filtres.qs).en_cartes()[rangs.start : rangs.stop])
        self._situer(fiches)
        self._illustrer(fiches)
        return fiches

    def _situer(self, fiches: list[Fiche]) -> None:
        territoire = self.filtres.territoire_choisi
        liens = perimetres(territoire, [fiche.pk for fiche in fiches]) if territoire else {}
        for fiche in fiches:
            fiche.via = liens[fiche.pk].en_mots if liens else ""

    def _illustrer(self, fiches: list[Fiche]) -> None:
        requete = self.filtres.requete
        extraits = plein_texte.extraire(fiches, requete) if requete else {}
        for fiche in fiches:
            fiche.extrait = extraits.get(fiche.pk, plein_texte.SANS_EXTRAIT)
            if fiche.extrait.html and not fiche.extrait.section:
                # The summary is on the card already: mark it there rather than repeat it.
                fiche.resume, fiche.extrait = fiche.extrait.html, plein_texte.SANS_EXTRAIT

    def _ordonner(self, fiches: QuerySet) -> QuerySet:
        filtres = self.filtres
        match filtres.tri_choisi:
            case "pertinence":
                classees = plein_texte.classer(fiches, filtres.requete, self.comptes.montrees)
                return classees.order_by("-rang", *PAR_NOM)
            case "proximite":
                situees = fiches.annotate(distance=distance(filtres.territoire_choisi))
                return situees.order_by("distance", *PAR_NOM)
            case "recentes":
                return fiches.order_by("-modifiee_le", *PAR_NOM)
        return fiches.order_by(*PAR_NOM)

    @cached_property
    def territoires_nommes(self) -> list[Territoire]:
        """The territories that bear the very name searched, when nothing else is asked."""
        seule = self.filtres.requete and len(self.paires) == 1 and not self.erreurs
        return nommes_exactement(self.filtres.requete.saisie) if seule else []

    # The facets

    @cached_property
    def volets(self) -> list[Volet]:
        volets = (self._volet(facette) for facette in self.filtres.facettes)
        return [volet for volet in volets if volet.choix or volet.erreurs]

    def _volet(self, facette: Facette) -> Volet:
        choisies = self.parametres.getlist(facette.cle)
        choix = [
            Choix(valeur, nom, self.comptes.de(facette.cle, valeur), valeur in choisies)
            for valeur, nom in self.filtres.noms[facette.cle].items()
        ]
        utiles = [c for c in choix if c.compte or c.choisi]
        return Volet(facette.cle, facette.titre, utiles, self.erreurs.get(facette.cle, []))

    @property
    def mots_saisis(self) -> str:
        return self.parametres.get("q", "")

    @property
    def territoire_refuse(self) -> str:
        """What was sent as a territory and not understood: it stays in its field."""
        return derniere_saisie(self.parametres.getlist("territoire")) if "territoire" in self.erreurs else ""

    @property
    def homonymes(self) -> list[Lien]:
        """The other territories of the name that was written, each with the address of the list it would give."""
        autres = [paire for paire in self.paires if paire[0] != "territoire"]
        return [
            Lien(t.nom_complet, self.adresse([*autres, ("territoire", t.designation)]))
            for t in getattr(self.filtres.territoire_choisi, "homonymes", [])
        ]

    # The addresses

    @cached_property
    def actifs(self) -> list[tuple[str, str, str]]:
        """What selects: parameter, value, name."""
        filtres, requete = self.filtres, self.filtres.requete
        actifs = [("q", requete.saisie, f"«\u00a0{requete.saisie}\u00a0»")] if requete else []
        if territoire := filtres.territoire_choisi:
            actifs.append(("territoire", territoire.designation, territoire.nom_complet))
        for facette in filtres.facettes:
            noms, choisies = filtres.noms[facette.cle], dict.fromkeys(self.parametres.getlist(facette.cle))
            actifs += [(facette.cle, valeur, noms[valeur]) for valeur in choisies if valeur in noms]
        return actifs

    @property
    def paires(self) -> list[Paire]:
        return [(cle, valeur) for cle, valeur, _ in self.actifs]

    def adresse(self, paires: Iterable[Paire], page: int = 1) -> str:
        """Return the address of the list that these parameters select, in the present order."""
        paires = list(paires)
        if self.filtres.tri_choisi != next(iter(self.filtres.tris)):
            paires.append(("tri", self.filtres.tri_choisi))
        if page > 1:
            paires.append(("page", str(page)))
        return f"{self.chemin}?{urlencode(paires, safe=':')}" if paires else self.chemin

    @property
    def adresse_entiere(self) -> str:
        """The address of this list, at its first page, without what was not understood."""
        return self.adresse(self.paires)

    @property
    def suivante(self) -> str:
        """The address of the next page, if any."""
        return self.adresse(self.paires, self.page.next_page_number()) if self.page.has_next() else ""

    @cached_property
    def puces(self) -> list[Lien]:
        paires = self.paires
        return [
            Lien(nom, self.adresse(paire for paire in paires if paire != (cle, valeur)))
            for cle, valeur, nom in self.actifs
        ]

    @property
    def pages(self) -> Iterator[tuple[int | str, str]]:
        """The numbers to show around the present page, each with its address (none for an ellipsis)."""
        for numero in self._paginateur.get_elided_page_range(self.page.number, on_each_side=2, on_ends=1):
            yield numero, self.adresse(self.paires, numero) if isinstance(numero, int) else ""
