"""What the page of a territory says first: a sentence, a tile for each scheme followed there, a line for each fiche."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from actions.models import ActionInspirante
from dispositifs.age import A_VERIFIER, ABSENT, COUVERT, COUVRENT, FINI, FINIS, INCONNU, EtatLocal
from dispositifs.models import DispositifLocal
from francais.balises import en_lettres
from francais.dates import DatePartielle
from panorama.concerne import CeQuiConcerne, Groupe, Ligne, par_dispositif
from panorama.couverture import Case
from panorama.presences import Presence

MONTREES = 10  # lines of a list, before « Voir les 126 fiches »
EN_PARTIE = "en_partie"  # known for a part of the territory, which makes no cell of the coverage
CLASSES = {EN_PARTIE: "info"}
# How the sentence counts the schemes in each state: one, several.
COMPTES = {
    COUVERT: ("est en vigueur", "sont en vigueur"),
    A_VERIFIER: ("est à vérifier", "sont à vérifier"),
    FINI: ("est arrivé à son terme", "sont arrivés à leur terme"),
    ABSENT: ("n’existe pas, selon une source", "n’existent pas, selon une source"),
    EN_PARTIE: ("n’est connu que pour une partie", "ne sont connus que pour une partie"),
    INCONNU: ("reste inconnu", "restent inconnus"),
}


@dataclass
class Borne:
    """A scheme followed in a territory: its state there and its date, by what, for whom."""

    case: Case
    lignes: list[Ligne[DispositifLocal]]  # those that make its state
    quartiers: int = 0  # priority neighbourhoods that it surely reaches

    @property
    def etat(self) -> str:
        return EN_PARTIE if self.case.etat == INCONNU and self.lignes else self.case.etat

    @property
    def nom(self) -> str:
        return self.case.dispositif.nom_en_phrase

    @property
    def classe(self) -> str:
        return CLASSES.get(self.etat) or self.case.classe

    @property
    def en_mots(self) -> str:
        if self.etat != EN_PARTIE:
            return self.case.en_mots
        etats = [ligne.fiche.etat_local for ligne in self.lignes]
        comptes = [
            (sum(etat in COUVRENT for etat in etats), "en vigueur"),
            (etats.count(EtatLocal.A_VERIFIER), "à vérifier"),
            (sum(etat in FINIS for etat in etats), "à leur terme"),
            (etats.count(EtatLocal.EN_PROJET), "en projet"),
        ]
        return ", ".join(f"{nombre} {mots}" for nombre, mots in comptes if nombre)


def bornes(cases: Iterable[Case], concerne: CeQuiConcerne, presences: Iterable[list[Presence]]) -> list[Borne]:
    """Return a tile for each case. `presences`: of each priority neighbourhood of the territory."""
    partout, en_partie = par_dispositif(concerne.partout), par_dispositif(concerne.en_partie)
    atteints = Counter(slug for siennes in presences for slug in {presence.slug for presence in siennes})
    trouvees = []
    for case in cases:
        groupe = (en_partie if case.etat == INCONNU else partout).get(case.dispositif.pk)
        lignes = groupe.lignes if groupe else []
        if case.etat != INCONNU:
            lignes = [ligne for ligne in lignes if ligne.fiche in case.locaux]
        trouvees.append(Borne(case, lignes, atteints[case.dispositif.slug]))
    return trouvees


def phrase(bornes: list[Borne]) -> str:
    """« Des six dispositifs suivis ici, un est en vigueur (CLS), cinq restent inconnus… »; empty if all are."""
    if not bornes or all(borne.etat == INCONNU for borne in bornes):
        return ""
    combien = en_lettres(len(bornes))
    comptes = []
    for etat, (un, plusieurs) in COMPTES.items():
        if noms := [borne.nom for borne in bornes if borne.etat == etat]:
            comptes.append((en_lettres(len(noms)), f"{un if len(noms) == 1 else plusieurs} ({', '.join(noms)})"))
    if len(comptes) == 1:
        tous = "Le seul dispositif suivi ici" if len(bornes) == 1 else f"Les {combien} dispositifs suivis ici"
        return f"{tous} {comptes[0][1]}."
    *premiers, dernier = [" ".join(compte) for compte in comptes]
    return f"Des {combien} dispositifs suivis ici, {', '.join(premiers)} et {dernier}."


@dataclass
class Detail:
    """One line for each local scheme, the first ones, and what most of them have in common, said once."""

    lignes: list[Ligne[DispositifLocal]]
    total: int
    vus_le: DatePartielle
    a_comparer: list[Groupe]  # of one kind, side by side

    @classmethod
    def de(cls, concerne: CeQuiConcerne) -> "Detail":
        toutes = concerne.lignes
        montrees = toutes[:MONTREES]
        mois = Counter(ligne.fiche.vu_le.au_mois for ligne in montrees).most_common(1)
        commun = mois[0][0] if mois and mois[0][1] >= 3 else DatePartielle()
        groupes = [groupe for groupe in concerne.groupes if groupe.dispositif]
        return cls(montrees, len(toutes), commun, [groupe for groupe in groupes if len(groupe.lignes) > 1][:MONTREES])


@dataclass
class Actions:
    """The actions led here, apart from those of what holds the territory: the first ones of each."""

    ici: list[Ligne[ActionInspirante]]
    autour: list[Ligne[ActionInspirante]]

    @classmethod
    def de(cls, concerne: CeQuiConcerne) -> "Actions":
        ici = [ligne for ligne in concerne.actions if ligne.perimetre.ici or ligne.perimetre.dedans]
        return cls(ici, [ligne for ligne in concerne.actions if ligne not in ici])
