"""Two to four dispositifs side by side: missions, landmarks, sections. Nothing is invented for an empty cell."""

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from dispositifs.models import Dispositif, Mission, MissionAssuree
from fiches.gabarits import GABARITS, Nature

AU_MOINS = 2
REPERES = {
    "echelle": "Échelle",
    "territoire_cible": "Territoire visé",
    "porteur_type": "Porteur habituel",
    "cadre_legal": "Cadre légal",
    "duree_habituelle": "Durée habituelle",
}


@dataclass(frozen=True)
class CelluleComparee:
    dispositif: Dispositif
    html: SafeString | str  # "" when the sources say nothing
    statut: str = ""  # of a mission: a MissionAssuree.Statut


@dataclass(frozen=True)
class RangeeComparee:
    titre: str
    cellules: list[CelluleComparee]

    @property
    def pareille(self) -> bool:
        """True when the row tells the compared dispositifs apart in nothing."""
        if any(cellule.statut for cellule in self.cellules):
            return all(cellule.statut == MissionAssuree.Statut.COMMUN for cellule in self.cellules)
        return len({cellule.html for cellule in self.cellules}) == 1

    @property
    def renseignee(self) -> bool:
        return any(cellule.html or cellule.statut for cellule in self.cellules)


@dataclass(frozen=True)
class GroupeCompare:
    titre: str
    rangees: list[RangeeComparee]

    @property
    def pareil(self) -> bool:
        return all(rangee.pareille for rangee in self.rangees)


def comparer(dispositifs: list[Dispositif]) -> list[GroupeCompare]:
    """Return the groups of rows of the comparison; rows that no dispositif fills are left out. One query."""
    groupes = [
        ("Missions", _missions(dispositifs)),
        ("Repères", [_repere(champ, titre, dispositifs) for champ, titre in REPERES.items()]),
        ("Sections", [_section(section, dispositifs) for section in GABARITS[Nature.DISPOSITIF]]),
    ]
    remplis = [(titre, [rangee for rangee in rangees if rangee.renseignee]) for titre, rangees in groupes]
    return [GroupeCompare(titre, rangees) for titre, rangees in remplis if rangees]


def _missions(dispositifs: list[Dispositif]) -> list[RangeeComparee]:
    if not any(dispositif.rendu["missions"] for dispositif in dispositifs):
        return []
    return [
        RangeeComparee(mission.nom, [_mission(mission.slug, dispositif) for dispositif in dispositifs])
        for mission in Mission.objects.all()
    ]


def _mission(slug: str, dispositif: Dispositif) -> CelluleComparee:
    for ligne in dispositif.rendu["missions"]:
        if ligne["mission"] == slug:
            return CelluleComparee(dispositif, ligne["nuance"], ligne["statut"])
    return CelluleComparee(dispositif, "", MissionAssuree.Statut.NON_PRECISE)


def _repere(champ: str, titre: str, dispositifs: list[Dispositif]) -> RangeeComparee:
    return RangeeComparee(titre, [CelluleComparee(d, getattr(d, champ)) for d in dispositifs])


def _section(section, dispositifs: list[Dispositif]) -> RangeeComparee:
    cellules = []
    for dispositif in dispositifs:
        html = mark_safe(dispositif.rendu["sections"].get(section.cle, ""))  # noqa: S308  (safe since publication)
        # Source calls lead to the fiche, where the sources are.
        adresse = format_html('href="{}#source-', dispositif.get_absolute_url())
        cellules.append(CelluleComparee(dispositif, mark_safe(html.replace('href="#source-', adresse))))  # noqa: S308
    return RangeeComparee(section.titre, cellules)
