"""A dossier: one to twenty fiches to take away together, each with its version, its date and its sources.

What it holds is in its address (`?f=dispositifs/clsm&f=actions/rouen-bus`): nothing is kept of who made it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from actions.models import ActionInspirante
from dispositifs.age import EtatLocal
from dispositifs.models import Dispositif, DispositifLocal, MissionAssuree
from fiches.gabarits import Nature
from fiches.models import Fiche
from fiches.sources import reference
from francais.balises import jour as en_mots
from francais.balises import nombre, pluriel
from francais.dates import DatePartielle
from panorama import comparateur, comparateur_local
from panorama.comparateur import Cellule
from panorama.elements import lire as lire_elements
from panorama.impression import Element, Genre, Imprime, Partie
from recherche.suggestions import proposer as proposer_des_noms
from territoires.balises import annee

AU_PLUS = 20
DESIGNATION = re.compile(rf"/?({'|'.join(nature.chemin for nature in Nature)})/([\w-]{{1,120}})/?", re.ASCII)
NOMMEES = 3
CITES = 100  # signs of what nobody knows
Fait = Callable[[Any], str]


def _lie(action: ActionInspirante) -> str:
    return action.dispositif_lisible.nom_complet if action.dispositif_lisible else ""


def _avancement(action: ActionInspirante) -> str:
    return f"{action.get_avancement_display()}{', à vérifier' if action.a_verifier else ''}"


FAITS: dict[Nature, dict[str, Fait]] = {
    Nature.DISPOSITIF: comparateur.FAITS,
    Nature.LOCAL: {"État": lambda local: EtatLocal(local.etat_local).label, **comparateur_local.FAITS},
    Nature.ACTION: {
        "Territoires": comparateur_local.territoires,
        "Période": lambda action: action.periode,
        "Levier": lambda action: action.levier.nom if action.levier else "",
        "Dispositif lié": _lie,
        "État de l’action": _avancement,
        "Vue": lambda action: action.vu_le.situee if action.vu_le else "",
        "Niveau de preuve": lambda action: action.get_preuve_display(),
    },
}


@dataclass
class Choix:
    """What an address asks for: the fiches found, in its order, and what is wrong with it."""

    fiches: list[Fiche]
    erreurs: list[str] = field(default_factory=list)
    retirees: list[str] = field(default_factory=list)

    @property
    def statut(self) -> int:
        """400 when the address is wrong, 410 when what it asked for is no longer to be read."""
        return 400 if self.erreurs else 410 if self.retirees else 200

    @property
    def adresse(self) -> str:
        return adresse(self.fiches)

    @property
    def noms(self) -> str:
        """What it holds, in a line: its first fiches, and how many others."""
        courts = [getattr(fiche, "nom_court", fiche.titre) for fiche in self.fiches]
        autres = len(courts) - NOMMEES
        return ", ".join(courts[:NOMMEES]) + (f" et {autres} {pluriel(autres, 'autre,autres')}" if autres > 0 else "")

    @property
    def designations(self) -> list[str]:
        return [designation(fiche) for fiche in self.fiches]

    @property
    def complet(self) -> bool:
        return len(self.fiches) >= AU_PLUS

    def sans(self, fiche: Fiche) -> str:
        """Return the address of the dossier without this fiche."""
        return adresse([autre for autre in self.fiches if autre.pk != fiche.pk])


def designation(fiche: Fiche) -> str:
    """Return what names a fiche in the address of a dossier: its own address."""
    return f"{Nature(fiche.nature).chemin}/{fiche.slug}"


def adresse(fiches: Sequence[Fiche | str]) -> str:
    """Return the address of a dossier of these fiches, given as such or by their designations."""
    noms = [fiche if isinstance(fiche, str) else designation(fiche) for fiche in fiches]
    return f"{reverse('dossier')}{'?' if noms else ''}{urlencode([('f', nom) for nom in noms], safe='/')}"


def aux_adresses(adresses: Sequence[str]) -> str:
    """Return the address of a dossier of the first fiches that are at these addresses; empty if none is."""
    fiches = [une.strip("/") for une in adresses if DESIGNATION.fullmatch(une)][:AU_PLUS]
    return adresse(fiches) if fiches else ""


def lire(demandes: Sequence[str], jour: date) -> Choix:
    """Return the fiches designated, each as its page reads it that day. Five queries at most.

    A fiche merged into another one is that one.
    """
    lues = {nom: DESIGNATION.fullmatch(nom) for nom in dict.fromkeys(demandes) if nom}
    cles = dict.fromkeys((Nature.du_chemin(lue[1]), lue[2]) for lue in lues.values() if lue)
    erreurs = [f"Fiche inconnue\u00a0: «\u00a0{nom[:CITES]}\u00a0»." for nom, lue in lues.items() if not lue][:AU_PLUS]
    if len(cles) > AU_PLUS:
        erreurs.append(f"Un dossier tient {AU_PLUS} fiches au plus\u00a0: les {AU_PLUS} premières sont gardées.")
    choix = Choix([], erreurs)
    trouvees = _trouver([*cles][:AU_PLUS])
    retenues: dict[int, None] = {}
    for nature, slug in [*cles][:AU_PLUS]:
        fiche = trouvees.get((nature, slug))
        suivante = fiche and (fiche.lisible or fiche.suivante_visible())
        if suivante:
            retenues[suivante.pk] = None
        elif fiche and fiche.etat != Fiche.Etat.EN_PREPARATION:
            choix.retirees.append(f"La fiche «\u00a0{nature.chemin}/{slug}\u00a0» n’est plus publiée.")
        else:
            choix.erreurs.append(f"Fiche inconnue\u00a0: «\u00a0{nature.chemin}/{slug}\u00a0».")
    choix.fiches = par_pk([*retenues], jour)
    return choix


def _trouver(cles: list[tuple[Nature, str]]) -> dict[tuple[str, str], Fiche]:
    voulues = Q(pk__in=[])
    for nature, slug in cles:
        voulues |= Q(nature=nature, slug=slug)
    fiches = Fiche.objects.filter(voulues).nommees().select_related("remplacee_par") if cles else []
    return {(fiche.nature, fiche.slug): fiche for fiche in fiches}


def par_pk(cles: Sequence[int], jour: date) -> list[Fiche]:
    """Return those of these fiches that the public may read, in this order, as what they are. Three queries."""
    if not cles:
        return []
    lues: list[Fiche] = [
        *Dispositif.objects.visibles_pour().filter(pk__in=cles),
        *DispositifLocal.objects.visibles_pour().filter(pk__in=cles).avec_etat(jour).select_related("dispositif"),
        *ActionInspirante.objects.visibles_pour().filter(pk__in=cles).select_related("dispositif", "levier"),
    ]
    connues = {fiche.pk: fiche for fiche in lues}
    return [connues[cle] for cle in cles if cle in connues]


def proposer(choix: Choix, question: str) -> list[tuple[str, str]]:
    """Return the fiches that bear a name with these words, each with the dossier that it would make. One query."""
    presentes = {designation(fiche) for fiche in choix.fiches}
    trouvees = [(une.nom, une.adresse.strip("/")) for _, unes in proposer_des_noms(question) for une in unes]
    return [
        (nom, adresse([*choix.fiches, designee]))
        for nom, designee in trouvees
        if DESIGNATION.fullmatch(designee) and designee not in presentes
    ]


def imprimer(fiches: Sequence[Fiche], jour: date) -> Imprime:
    """Return the dossier as it is printed; what nobody knows of a fiche is not in it. No query."""
    seule = len(fiches) == 1
    return Imprime(
        titre=f"Dossier\u00a0: {nom(fiches[0])}" if seule else f"Dossier de {len(fiches)} fiches",
        resume="Des fiches de Santé en territoires, chacune avec sa version, sa date et ses sources. Les numéros entre "
        "crochets sont ceux des sources, à la fin de la fiche.",
        date=en_mots(jour),
        adresse=reverse("dossier"),
        parties=[partie for fiche in fiches for partie in _parties(fiche, nouvelle_page=not seule)],
        sommaire=not seule,
    )


def nom(fiche: Fiche) -> str:
    return getattr(fiche, "nom_complet", fiche.titre)


def _parties(fiche: Fiche, *, nouvelle_page: bool) -> Iterator[Partie]:
    citation = fiche.citation
    version = f"{fiche.get_nature_display()}, version {citation.numero} du {en_mots(citation.jour)}. {citation.adresse}"
    tete = [Element(Genre.TEXTE, [fiche.resume, version]), *_liste(Genre.PUCES, _faits(fiche))]
    yield Partie(nom(fiche), tete, nouvelle_page=nouvelle_page)
    suite = {
        "En chiffres": _liste(Genre.PUCES, [_chiffre(chiffre) for chiffre in fiche.chiffres_lus]),
        **{section.titre: lire_elements(html) for section, html in fiche.sections_remplies},
        "Missions": _missions(fiche),
        "Ce que disent les sources": _liste(Genre.PUCES, _constats(fiche)),
        "Sources": _liste(Genre.NUMEROS, [reference(source, avec_repere=True) for source in fiche.contenu["sources"]]),
    }
    yield from (Partie(titre, elements, niveau=3) for titre, elements in suite.items() if elements)


def _liste(genre: Genre, lignes: list[str]) -> list[Element]:
    return [Element(genre, lignes)] if lignes else []


def _faits(fiche: Fiche) -> list[str]:
    dits = {titre: Cellule(fait(fiche)).texte for titre, fait in FAITS[Nature(fiche.nature)].items()}
    return [f"{titre}\u00a0: {dit}" for titre, dit in dits.items() if dit]


def _chiffre(chiffre: dict[str, Any]) -> str:
    valeur = " ".join(filter(None, [chiffre["qualificatif"], nombre(chiffre["valeur"]), chiffre["unite"]]))
    attendu = " (attendu)" * bool(chiffre["attendu"])
    quand = annee(chiffre["annee"], chiffre["precision_annee"])
    quartiers = f", quartiers de {chiffre['geographie_qpv']}" if chiffre["geographie_qpv"] else ""
    return f"{chiffre['libelle']}{attendu}\u00a0: {valeur}, {quand}{quartiers}{_appel(chiffre['source'])}"


def _missions(fiche: Fiche) -> list[Element]:
    statuts = dict(MissionAssuree.Statut.choices)
    rangees = [
        [[mission["nom"]], [statuts[mission["statut"]]], [f"{mission['nuance'] or '–'}{_appel(mission['source'])}"]]
        for mission in fiche.rendu.get("missions", [])
    ]
    return [Element(Genre.TABLEAU, colonnes=("Mission", "Statut", "Particularité"), rangees=rangees)] if rangees else []


def _constats(fiche: Fiche) -> list[str]:
    if not isinstance(fiche, DispositifLocal):
        return []
    return [f"{c['mots']}, {DatePartielle(c['le']).situee}{_appel(c['source'])}" for c in fiche.constats_lus]


def _appel(source: int | None) -> str:
    return f"\u00a0[{source}]" if source else ""
