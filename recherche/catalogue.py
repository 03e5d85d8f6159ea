"""What the catalogue page shows: the fiches that answer, the facets with their counts, how to ask otherwise."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from math import ceil
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import F, Func, TextField
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from actions.models import CONSTATEE_LE, VUE_LE
from dispositifs.models import DispositifLocal
from dispositifs.perimetre import Perimetre, perimetres
from fiches.gabarits import Nature
from fiches.models import Fiche, FicheQuerySet
from francais.caracteres import lisible
from recherche import lieu_dit
from recherche.a_comparer import AComparer
from recherche.adresses import Actif, Adresses, Lien
from recherche.demande import DITS_PARTOUT, comprendre
from recherche.explication import Explication, definir, expliquer, reunir
from recherche.facettes import Comptes, Repli, compter
from recherche.filtres import SECTIONS, Filtres, derniere_saisie, vocabulaires
from recherche.lieux_proches import Proches, rapprocher
from recherche.panneau import Panneau
from recherche.plein_texte import SANS_EXTRAIT, Extrait, classer, extraire
from recherche.proximite import Groupe, distance, groupe
from recherche.questions import Genre
from recherche.reponse import Reponse, locaux_de, repondre
from recherche.sujets import Sujets
from territoires import recherche as territoires
from territoires.millesimes import en_colonne
from territoires.models import Territoire
from territoires.sortes import QUARTIER, separer_la_sorte

PAR_PAGE = 20
PEU = 3  # fiches with all the words: those that have all but one follow
# Whatever the accents and the capitals; « Bouge ton mental » is at B.
SANS_ACCENTS = Func(
    F("titre"), template="ltrim(lower(f_unaccent(%(expressions)s)), '<\" ''')", output_field=TextField()
)
# Asked of a place, it is answered by the local schemes there.
DU_LIEU = (None, Genre.PORTEUR, Genre.CONTACT)
PAR_NOM = (SANS_ACCENTS, "titre", "pk")
PAR_DATE_OU_COMPLETUDE = {
    "recentes": (CONSTATEE_LE.desc(nulls_last=True), "-modifiee_le"),
    "completude": ("-completude",),
    "a_completer": ("completude",),
    "a_rafraichir": (VUE_LE,),
}


@dataclass(frozen=True)
class Resultat:
    fiche: Fiche
    extrait: Extrait  # the passage that answers
    via: str  # how the fiche concerns the territory
    comparer: str = ""  # the address of the list with this dispositif among those to compare
    suite: str = ""  # what the address of the fiche carries on: those to compare


class Catalogue:
    def __init__(self, parametres: QueryDict, *, chemin: str, nature: str | None = None):
        self.saisie = saisie = lisible(parametres.get("q", ""))
        a_part = derniere_saisie(parametres.getlist("territoire"))  # else a place may be among the words
        noms, lignes = vocabulaires(territoires.requete_de(a_part) if a_part else lieu_dit.requete_de(saisie))
        self.connus = Sujets(noms["dispositif"], noms["autre_nom"], noms["synonyme"])
        lieu = lieu_dit.SANS_LIEU if a_part else lieu_dit.separer(saisie, lignes)
        self.demande = comprendre(saisie, self.connus, lieu)
        self.parametres, self.chemin, self.nature = parametres.copy(), chemin, nature
        if self.demande.mots != saisie:
            self.parametres["q"] = self.demande.mots
        self.filtres = Filtres(self.parametres, nature=nature, lieu_dit=lieu.territoire, lignes=lignes, noms=noms)
        self.refus = self.filtres.form.errors

    @property
    def titre(self) -> str:
        return Nature(self.nature).pluriel if self.nature else "Fiches"

    @property
    def titre_entier(self) -> str:
        """What the list is about, with its filters."""
        filtres = ", ".join(puce.nom for puce in self.puces)
        return f"{self.titre}\u00a0: {filtres}" if filtres else self.titre

    @property
    def etapes(self) -> list[tuple[str, str]]:
        """The steps of the breadcrumb before this page."""
        return [("Fiches", reverse("catalogue"))] if self.nature else []

    # The list

    @cached_property
    def comptes(self) -> Comptes:
        filtres, territoire, replis = self.filtres, self.filtres.territoire_choisi, self._en_partie
        locaux = locaux_de(self.demande.sujet, territoire) if territoire and self._repond_du_lieu else None
        lots = [Repli(moins.lot, assez) for assez, moins in replis.items()]
        comptes = compter(filtres.ensemble, filtres.lot, filtres.facettes, replis=lots, locaux=locaux)
        self.filtres = next((moins for assez, moins in replis.items() if comptes.entieres < assez), filtres)
        return comptes

    @property
    def _en_partie(self) -> dict[int, Filtres]:
        """The filters that some of the words are enough for, by how many fiches must have all of them to do without;
        none for a word misspelt, a scheme or a place named."""
        requete = self.filtres.requete
        if requete is None or requete.correction or self.demande.sujet:
            return {}
        replis = {assez: moins for assez, moins in ((1, requete.au_choix), (PEU, requete.a_un_mot_pres)) if moins}
        if replis and self.territoires_nommes:
            return {}
        return {assez: self.filtres.demandant(moins) for assez, moins in replis.items()}

    @property
    def numero(self) -> int:
        return self.filtres.valeurs.get("page", 1)

    @property
    def nb_pages(self) -> int:
        return max(1, ceil(self.comptes.montrees / PAR_PAGE))

    @property
    def est_hors_limites(self) -> bool:
        """True when there is no such page."""
        return not self.refus and self.numero > self.nb_pages

    @property
    def toutes(self) -> FicheQuerySet:
        """The fiches of all the pages, in the order asked."""
        return self._ordonner()

    @cached_property
    def fiches(self) -> list[Fiche]:
        """The fiches of the page; none when a filter is wrong, rather than fiches that were not asked for."""
        if self.refus or self.attend_un_lieu or self.est_hors_limites or not self.comptes.montrees:
            return []
        debut = (self.numero - 1) * PAR_PAGE
        fiches = self._ordonner(debut + PAR_PAGE).en_cartes().annotate(millesimes=en_colonne())
        return list(fiches[debut : debut + PAR_PAGE])

    @cached_property
    def liens(self) -> dict[int, Perimetre]:
        """How what the page shows concerns the territory, by fiche."""
        montrees = [*self.fiches, *(self.reponse.locaux if self.reponse else [])]
        territoire = self.filtres.territoire_choisi
        return perimetres(territoire, [fiche.pk for fiche in montrees]) if territoire and montrees else {}

    @cached_property
    def resultats(self) -> list[Resultat]:
        requete = self.filtres.requete
        extraits = extraire(self.fiches, requete, self.filtres.sections) if requete and self.fiches else {}
        return [
            _resultat(
                fiche,
                extraits.get(fiche.pk, SANS_EXTRAIT),
                self.liens[fiche.pk].en_mots if fiche.pk in self.liens else "",
                self.a_comparer.ajout(fiche, self.adresses, self.numero),
                self.a_comparer.suite if fiche.nature == Nature.DISPOSITIF else "",
            )
            for fiche in self.fiches
        ]

    @property
    def groupes(self) -> list[tuple[str, list[Resultat]]]:
        """The results by where they are, seen from the place asked; all together, without a title, in another order."""
        territoire = self.filtres.territoire_choisi
        if not territoire or self.filtres.tri_choisi != "proximite":
            return [("", self.resultats)]
        par_groupe = groupby(self.resultats, key=lambda r: Groupe(r.fiche.groupe))  # type: ignore[attr-defined]  # annotated
        return [(ou.titre(territoire), list(resultats)) for ou, resultats in par_groupe]

    @property
    def adresse_autour(self) -> str:
        """The address of this list with what is around the place asked; none when it is there, or nothing is."""
        filtres = self.filtres
        return self.adresses.remplacer("autour", "1") if filtres.jusqu_ou and not filtres.va_autour else ""

    def _ordonner(self, jusqu_a: int | None = None) -> FicheQuerySet:
        total = self.comptes.montrees  # counted first: it may ask for less
        fiches = self.filtres.retenues
        tri, requete, territoire = self.filtres.tri_choisi, self.filtres.requete, self.filtres.territoire_choisi
        if tri == "pertinence" and requete:
            return classer(fiches, requete, total, jusqu_a).order_by("-rang", *PAR_NOM)
        if tri == "proximite" and territoire:
            fiches = classer(fiches, requete, total) if requete else fiches
            fiches = fiches.annotate(groupe=groupe(territoire), distance=distance(territoire))
            return fiches.order_by("groupe", *(["-rang"] if requete else []), "distance", *PAR_NOM)
        return fiches.order_by(*PAR_DATE_OU_COMPLETUDE.get(tri, ()), *PAR_NOM)

    @property
    def _repond_du_lieu(self) -> bool:
        """True when what is asked is known place by place: whether there is one, who carries it."""
        return self.demande.genre in DU_LIEU and (self.demande.sujet or self.demande.genre) is not None

    @cached_property
    def reponse(self) -> Reponse | None:
        """What the base knows of the scheme named, in the place asked."""
        territoire = self.filtres.territoire_choisi
        if self.refus or territoire is None or self.numero > 1 or not self._repond_du_lieu:
            return None
        return repondre(self.demande.sujet, territoire, self.comptes.locaux, timezone.localdate())

    @cached_property
    def explication(self) -> Explication | None:
        """What the base answers to the question asked."""
        demande = self.demande
        if self.refus or self.reponse or self.numero > 1 or not (demande.genre or self._est_un_sigle):
            return None
        if demande.genre in DITS_PARTOUT and not demande.sujets:
            return reunir(demande.genre)
        return expliquer(demande.genre, demande.sujets) if demande.genre and demande.sujets else definir(demande.mots)

    @property
    def _est_un_sigle(self) -> bool:
        """True when what is searched is a sigle of the glossary, and no scheme."""
        return not self.demande.sujets and self.demande.mots.lower() in self.filtres.noms["sigle"]

    @property
    def lignes_de_la_reponse(self) -> list[tuple[DispositifLocal, Perimetre]]:
        return self.reponse.lignes(self.liens) if self.reponse else []

    @property
    def adresse_de_l_autre_lieu(self) -> str:
        """The address of this list about the other place that the words name."""
        autre = self.demande.lieu_dit.autre
        return self.adresses.remplacer("territoire", autre.designation) if autre else ""

    @property
    def lieux_possibles(self) -> list[tuple[Territoire, str]]:
        """The places that the words may name, each with the address of the list about it."""
        return self._avec_adresse(self.demande.saisie, self.demande.lieu_dit.possibles)

    @property
    def attend_un_lieu(self) -> bool:
        """True when only a place is asked, and nobody knows which yet: there is no list to show."""
        return bool(self.lieux_possibles) and not self.demande.saisie

    @cached_property
    def territoires_nommes(self) -> list[Territoire]:
        """The territories that bear the very name or code searched, when nothing else is asked."""
        requete, lu = self.filtres.requete, self.demande.lieu_dit.territoire
        if lu and not self.demande.saisie and len(self.actifs) == 1:
            return [lu]
        if requete is None or len(self.actifs) > 1 or self.refus or self.lieux_possibles or self.demande.genre:
            return []
        if self._nom_douteux:
            exacts = [] if self._lieux_lus.mots else self._lieux_lus.exacts
        else:
            exacts = [
                territoire for territoire in territoires.chercher(requete.saisie, de_loin=False) if territoire.exact
            ]
        # « ARS » is the agency before two communes.
        return [lieu for lieu in exacts if lieu.nature != Territoire.Nature.COMMUNE] if self._est_un_sigle else exacts

    @cached_property
    def _lieux_lus(self) -> Proches:
        return rapprocher(self.demande.saisie, self.connus)

    @property
    def lieux_proches(self) -> list[tuple[Territoire, str]]:
        """The places whose name is near what was typed, each with the address of the list about it."""
        seule = self._nom_douteux and len(self.actifs) == 1 and not (self.demande.genre or self.refus)
        if not seule or self.territoires_nommes or self.lieux_possibles:
            return []
        return self._avec_adresse(self._lieux_lus.mots, self._lieux_lus.proches)

    @property
    def _nom_douteux(self) -> bool:
        """True when a word is in no fiche, or when it looks like the whole name of a town or of a quartier."""
        requete = self.filtres.requete
        return requete is not None and (
            requete.a_un_inconnu
            or bool(lieu_dit.SUITE_DU_NOM.search(requete.saisie))
            or (separer_la_sorte(requete.saisie)[1] == QUARTIER and not self.demande.sujet)
        )

    def _avec_adresse(self, mots: str, lieux: Iterable[Territoire]) -> list[tuple[Territoire, str]]:
        q = [("q", mots)] if mots else []
        return [
            (lieu, f"{self.chemin}?{urlencode([*q, ('territoire', lieu.designation)], safe=':')}") for lieu in lieux
        ]

    # The form

    @cached_property
    def panneau(self) -> Panneau:
        comptes = self.comptes  # counted first: it may ask for less
        return Panneau(self.filtres, comptes, self.nature)

    @property
    def aussi(self) -> tuple[str, ...]:
        """The words looked for besides those typed."""
        return self.filtres.requete.aussi if self.filtres.requete else ()

    @property
    def n_a_que_le_voisin(self) -> bool:
        """True when no fiche has one of the words, and those shown only have what is looked for besides."""
        requete = self.filtres.requete
        return bool(requete and requete.a_un_inconnu and requete.aussi and self.comptes.montrees)

    @property
    def ont_presque_tout(self) -> int:
        """How many fiches have all the words but one."""
        return self.comptes.montrees - self.comptes.entieres

    @property
    def mots_saisis(self) -> str:
        """What the field shows: the words without the place, which has its chip; all of them while it is asked."""
        return self.saisie if self.demande.lieu_dit.possibles else self.demande.saisie

    @cached_property
    def a_comparer(self) -> AComparer:
        return AComparer(self.parametres.getlist("d"), self.filtres.noms["dispositif"])

    @property
    def comparaison(self) -> list[Lien]:
        return self.a_comparer.retraits(self.adresses)

    # Other ways to ask

    @cached_property
    def actifs(self) -> tuple[Actif, ...]:
        """What selects; of a facet with a wrong value, the right ones."""
        filtres = self.filtres
        actifs = []
        if requete := filtres.requete:
            actifs.append(Actif("q", self.demande.saisie, f"«\u00a0{requete.saisie}\u00a0»"))
        if territoire := filtres.territoire_choisi:
            actifs.append(Actif("territoire", territoire.designation, territoire.nom_complet))
        if filtres.va_autour:
            actifs.append(Actif("autour", "1", f"et autour, {filtres.jusqu_ou}"))
        actifs += [Actif("dans", cle, f"Dans\u00a0: {SECTIONS[cle]}") for cle in filtres.sections]
        for facette in filtres.facettes:
            noms, choisies = filtres.noms[facette.cle], dict.fromkeys(self.parametres.getlist(facette.cle))
            actifs += [Actif(facette.cle, valeur, noms[valeur]) for valeur in choisies if valeur in noms]
        return tuple(actifs)

    @cached_property
    def adresses(self) -> Adresses:
        par_defaut = next(iter(self.filtres.tris))
        return Adresses(
            self.chemin,
            self.actifs,
            "" if self.filtres.tri_choisi == par_defaut else self.filtres.tri_choisi,
            self.a_comparer.portes,
        )

    @property
    def adresse_entiere(self) -> str:
        """The address of this list from its first page, without what was not understood."""
        return self.adresses.page(1)

    @property
    def adresse_canonique(self) -> str:
        """The one address of this page; none when it is an error."""
        return "" if self.refus or self.est_hors_limites else self.adresses.canonique(self.numero)

    @property
    def adresse_du_flux(self) -> str:
        return self.adresses.flux()

    @property
    def adresse_du_csv(self) -> str:
        return self.adresses.csv()

    @cached_property
    def puces(self) -> list[Lien]:
        return self.adresses.puces

    @property
    def homonymes(self) -> list[Lien]:
        """The other territories of the name that was written."""
        autres = self.filtres.lieu.homonymes if self.filtres.lieu else ()
        return [Lien(autre.nom_complet, self.adresses.remplacer("territoire", autre.designation)) for autre in autres]

    @property
    def pages(self) -> Iterator[tuple[int | str, str]]:
        """Yield the numbers to show around the present page, each with its address (none for an ellipsis)."""
        paginateur = Paginator(range(self.comptes.montrees), PAR_PAGE)
        for numero in paginateur.get_elided_page_range(self.numero, on_each_side=2, on_ends=1):
            yield numero, self.adresses.page(numero) if isinstance(numero, int) else ""

    @property
    def suivante(self) -> str:
        """The address of the next page, if any."""
        return self.adresses.page(self.numero + 1) if self.numero < self.nb_pages else ""


def _resultat(fiche: Fiche, extrait: Extrait, via: str, *comparaison: str) -> Resultat:
    if extrait.html and not extrait.section:
        # The card shows the summary anyway: its words are marked there, rather than repeated below.
        fiche.resume, extrait = extrait.html, SANS_EXTRAIT
    return Resultat(fiche, extrait, via, *comparaison)
