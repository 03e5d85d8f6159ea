"""Fiches side by side: facts first, then what they say. Nothing is invented for an empty cell."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from dispositifs.age import EtatLocal
from dispositifs.models import Dispositif, Mission, MissionAssuree
from fiches.gabarits import GABARITS, Nature, Section
from fiches.models import Fiche
from fiches.rendu import en_texte

AU_MOINS = 2
ASSUREE = "assuree"  # a mission said to be common, with none of those compared
FAITS: dict[str, Callable[[Dispositif], str]] = {
    "Qui le porte": lambda d: d.porteur_type,
    "À quelle échelle": lambda d: ". ".join(filter(None, [d.echelle, d.territoire_cible])),
    "Pour combien de temps": lambda d: d.duree_habituelle,
    "Cadre légal": lambda d: d.cadre_legal,
    "Catégorie": lambda d: d.get_categorie_display(),
}


@dataclass(frozen=True)
class Cellule:
    html: SafeString | str = ""  # "" when the sources say nothing
    statut: str = ""  # of a mission: commun, propre (MissionAssuree.Statut), or assuree
    etat: str = ""  # of a local scheme today: an EtatLocal

    def __bool__(self) -> bool:
        return bool(self.html or self.statut or self.etat)

    @property
    def texte(self) -> str:
        """What it says, for a spreadsheet."""
        dits = {"": "", ASSUREE: "Oui", **dict(MissionAssuree.Statut.choices), **dict(EtatLocal.choices)}
        return "\n".join(filter(None, [dits[self.etat], dits[self.statut], en_texte(conditional_escape(self.html))]))


@dataclass(frozen=True)
class Rangee:
    titre: str
    cellules: list[Cellule]

    @property
    def pareille(self) -> bool:
        """True when the row tells those compared apart in nothing."""
        if any(cellule.statut for cellule in self.cellules):
            return all(cellule.statut == MissionAssuree.Statut.COMMUN for cellule in self.cellules)
        return len(set(self.cellules)) == 1


@dataclass(frozen=True)
class Groupe:
    titre: str
    rangees: list[Rangee]

    @property
    def pareil(self) -> bool:
        return all(rangee.pareille for rangee in self.rangees)


def comparer(dispositifs: list[Dispositif]) -> list[Groupe]:
    """Return the groups of rows of the comparison of kinds of schemes. One query."""
    faits = [Rangee(titre, [Cellule(fait(d)) for d in dispositifs]) for titre, fait in FAITS.items()]
    return remplis(
        Groupe("En bref", faits),
        Groupe("Missions", _missions(dispositifs)),
        Groupe("Dans le détail", [rangee_de(section, dispositifs) for section in GABARITS[Nature.DISPOSITIF]]),
    )


def remplis(*groupes: Groupe) -> list[Groupe]:
    """Return the groups without the rows, then without the groups, that say nothing."""
    utiles = (Groupe(g.titre, [rangee for rangee in g.rangees if any(rangee.cellules)]) for g in groupes)
    return [groupe for groupe in utiles if groupe.rangees]


def rangee_de(section: Section, fiches: Iterable[Fiche]) -> Rangee:
    """Return the row of a section; its calls of sources lead to the fiches, where the sources are."""
    cellules = []
    for fiche in fiches:
        html = fiche.rendu["sections"].get(section.cle, "")
        adresse = format_html('href="{}#source-', fiche.get_absolute_url())
        cellules.append(Cellule(mark_safe(html.replace('href="#source-', adresse))))  # noqa: S308  # safe since publication
    return Rangee(section.titre, cellules)


def _missions(dispositifs: list[Dispositif]) -> list[Rangee]:
    if not any(dispositif.rendu["missions"] for dispositif in dispositifs):
        return []
    return [_mission(mission, dispositifs) for mission in Mission.objects.all()]


def _mission(mission: Mission, dispositifs: list[Dispositif]) -> Rangee:
    """Return the row of a mission: « commun » is said of those compared, never of schemes that are not here."""
    dites = [next((m for m in d.rendu["missions"] if m["mission"] == mission.slug), None) for d in dispositifs]
    communes = sum(dite is not None and dite["statut"] == MissionAssuree.Statut.COMMUN for dite in dites)
    return Rangee(mission.nom, [_cellule(dite, partagee=communes > 1) for dite in dites])


def _cellule(dite: dict | None, *, partagee: bool) -> Cellule:
    if dite is None or dite["statut"] == MissionAssuree.Statut.NON_PRECISE:
        return Cellule(dite["nuance"] if dite else "")
    seule = dite["statut"] == MissionAssuree.Statut.COMMUN and not partagee
    return Cellule(dite["nuance"], ASSUREE if seule else dite["statut"])
