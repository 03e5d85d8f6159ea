"""What concerns a territory: its schemes grouped by kind, its actions, its confirmed absences."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from actions.models import ActionInspirante
from dispositifs.age import A_VERIFIER, ABSENT, COUVRENT, FINI, INCONNU
from dispositifs.models import SUIVIS, Dispositif, DispositifLocal
from dispositifs.perimetre import Perimetre, perimetres
from francais.balises import du, enumeration
from panorama.couverture import AbsenceDite, Case
from territoires.models import Territoire

Rattachee = TypeVar("Rattachee", DispositifLocal, ActionInspirante)


@dataclass
class Ligne(Generic[Rattachee]):
    """A fiche, and how it concerns the territory."""

    fiche: Rattachee
    perimetre: Perimetre

    @property
    def jusqu_a(self) -> int | None:
        """The year of the end to come of a local scheme in force, if a source gives it."""
        local: Any = self.fiche
        return local.fin.annee if local.etat_local in COUVRENT and local.fin >= local.actif_le[:4] else None


@dataclass
class Groupe:
    """The local schemes of one kind."""

    dispositif: Dispositif | None
    lignes: list[Ligne[DispositifLocal]] = field(default_factory=list)

    @property
    def nombre(self) -> int:
        """Number of schemes: a fiche may describe several posts."""
        return sum(ligne.fiche.nombre for ligne in self.lignes)

    @property
    def en_vigueur(self) -> bool:
        return any(ligne.fiche.etat_local in COUVRENT for ligne in self.lignes)


@dataclass
class CeQuiConcerne:
    partout: list[Groupe]  # covers the whole territory
    en_partie: list[Groupe]
    actions: list[Ligne[ActionInspirante]]

    @property
    def groupes(self) -> list[Groupe]:
        return [*self.partout, *self.en_partie]

    @property
    def lignes(self) -> list[Ligne[DispositifLocal]]:
        return [ligne for groupe in self.groupes for ligne in groupe.lignes]

    @property
    def comptes(self) -> dict[str, int]:
        """Number of schemes by kind (slug), wherever they cover the whole territory or a part of it."""
        comptes: dict[str, int] = {}
        for groupe in self.groupes:
            cle = groupe.dispositif.slug if groupe.dispositif else ""
            comptes[cle] = comptes.get(cle, 0) + groupe.nombre
        return comptes


def ce_qui_concerne(territoire: Territoire, jour: date) -> CeQuiConcerne:
    """Return all that the base knows of a territory; three queries."""
    liens = perimetres(territoire)
    locaux = (
        DispositifLocal.objects.visibles_pour()
        .filter(pk__in=liens)
        .avec_etat(jour)
        .select_related("dispositif")
        .nommees()
        .order_by("dispositif__titre", "titre")
    )
    partout: dict[int | None, Groupe] = {}
    en_partie: dict[int | None, Groupe] = {}
    for local in locaux:
        perimetre = liens[local.pk]
        groupes = partout if perimetre.entier else en_partie
        dispositif = local.dispositif_lisible
        groupe = groupes.setdefault(dispositif.pk if dispositif else None, Groupe(dispositif))
        groupe.lignes.append(Ligne(local, perimetre))
    actions = ActionInspirante.objects.visibles_pour().filter(pk__in=liens).en_cartes().order_by("titre")
    return CeQuiConcerne(
        sorted(partout.values(), key=_rang),
        sorted(en_partie.values(), key=_rang),
        [Ligne(action, liens[action.pk]) for action in actions],
    )


def par_dispositif(groupes: list[Groupe]) -> dict[int, Groupe]:
    """Return by kind (its pk) the schemes of each; those of no kind are left out."""
    return {groupe.dispositif.pk: groupe for groupe in groupes if groupe.dispositif}


@dataclass
class Manques:
    """Of the schemes that are followed, those that do not surely cover the whole territory."""

    absents: list[Case]  # a source says so
    contredits: list[Case]  # covered, but a later source says there is none
    connus: list[Case]  # seen too long ago, past their term, or over
    inconnus: list[Case]
    en_partie: list[tuple[Case, Groupe]]  # known for a part of the territory only

    @property
    def des_inconnus(self) -> str:
        """« de l’ASV, du CLSM et du contrat de ville »."""
        return enumeration([du(case.dispositif.nom_en_phrase) for case in self.inconnus])


def cases(
    territoire: Territoire, concerne: CeQuiConcerne, suivis: list[Dispositif], absences: list[AbsenceDite], jour: date
) -> list[Case]:
    """Return what is known, for the whole territory, of each scheme followed here, then of those said to be absent.

    It is the very precedence of the coverage table, on what was already read.
    """
    ici = {absence.dispositif.pk: absence for absence in absences if absence.ici}
    partout = par_dispositif(concerne.partout)
    autres = {pk: absence.dispositif for pk, absence in ici.items() if absence.dispositif not in suivis}
    trouvees = []
    for dispositif in (*suivis, *autres.values()):
        groupe = partout.get(dispositif.pk)
        locaux = [ligne.fiche for ligne in groupe.lignes] if groupe else []
        trouvees.append(Case(dispositif, territoire, jour, connus=locaux, absence=ici.get(dispositif.pk)))
    return trouvees


def manques(cases: list[Case], concerne: CeQuiConcerne) -> Manques:
    """Return what is missing or unknown."""
    en_partie = par_dispositif(concerne.en_partie)
    return Manques(
        absents=[case for case in cases if case.etat == ABSENT],
        contredits=[case for case in cases if case.contredite],
        connus=[case for case in cases if case.etat in (A_VERIFIER, FINI)],
        inconnus=[case for case in cases if case.etat == INCONNU and case.dispositif.pk not in en_partie],
        en_partie=[
            (case, en_partie[case.dispositif.pk])
            for case in cases
            if case.etat == INCONNU and case.dispositif.pk in en_partie
        ],
    )


def _rang(groupe: Groupe) -> int:
    """The schemes one expects in any town come first, the others after them by name, those of no kind last."""
    if groupe.dispositif is None:
        return len(SUIVIS) + 1
    return SUIVIS.index(groupe.dispositif.slug) if groupe.dispositif.slug in SUIVIS else len(SUIVIS)
