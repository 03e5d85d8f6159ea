"""Who covers what: the communes or the QPV of a territory × the schemes the base follows, in three states.

Couvert (by what, by which path), absence confirmée (a source says so), inconnu. Unknown never shows as absent.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from django.db.models import Q

from dispositifs.models import Absence, Dispositif, DispositifLocal
from fiches.models import Fiche
from territoires.models import Inclusion, Territoire

# The columns: the schemes one expects to find, or not, in any town with priority neighbourhoods.
SUIVIS = ("asv", "cls", "clsm", "contrat-de-ville", "rtps", "cmt")
COUVERT, ABSENT, INCONNU = "couvert", "absent", "inconnu"


@dataclass
class Case:
    """What is known of one scheme in one place."""

    dispositif: Dispositif
    locaux: list[DispositifLocal] = field(default_factory=list)
    via: list[str] = field(default_factory=list)
    peut_etre: list[str] = field(default_factory=list)  # schemes whose perimeter is uncertain
    absence: Absence | None = None

    @property
    def etat(self) -> str:
        if self.locaux:
            return COUVERT
        return ABSENT if self.absence else INCONNU

    @property
    def precision(self) -> str:
        if self.locaux:
            return ", ".join(dict.fromkeys(self.via))
        if self.absence:
            return f"au {self.absence.constatee_le:%d/%m/%Y}"
        return f"peut-être : {', '.join(self.peut_etre)}" if self.peut_etre else ""


@dataclass
class Rangee:
    lieu: Territoire
    cases: list[Case]


@dataclass
class Couverture:
    dispositifs: list[Dispositif]
    groupes: dict[str, list[Rangee]]  # by intercommunalité

    @property
    def rangees(self) -> list[Rangee]:
        return [rangee for groupe in self.groupes.values() for rangee in groupe]

    @property
    def totaux(self) -> list[tuple[Dispositif, dict[str, int]]]:
        """For each scheme, the number of places in each state."""
        totaux = []
        for n, dispositif in enumerate(self.dispositifs):
            etats = [rangee.cases[n].etat for rangee in self.rangees]
            totaux.append((dispositif, {etat: etats.count(etat) for etat in (COUVERT, ABSENT, INCONNU)}))
        return totaux

    def en_lignes(self) -> Iterator[list[str]]:
        """Yield the very table, as rows of text, its header first."""
        yield ["code", "lieu", "intercommunalite", *(d.nom_court for d in self.dispositifs)]
        for groupe, rangees in self.groupes.items():
            for rangee in rangees:
                cases = (f"{c.etat} ({c.precision})" if c.precision else c.etat for c in rangee.cases)
                yield [rangee.lieu.code, rangee.lieu.nom, groupe, *cases]


def couverture(territoire: Territoire, niveau: str) -> Couverture:
    """Return the coverage of the communes (`niveau` commune) or of the QPV (qpv) of a territory: seven queries."""
    dispositifs = sorted(
        Dispositif.objects.visibles_pour().filter(slug__in=SUIVIS).defer("contenu", "rendu", "recherche"),
        key=lambda d: SUIVIS.index(d.slug),
    )
    lieux = Territoire.objects.actifs().contenus_dans(territoire).filter(nature=niveau).order_by("nom", "code")
    groupes_de = _intercommunalites(lieux)
    cases = {lieu.pk: {d.pk: Case(d) for d in dispositifs} for lieu in lieux}
    _remplir(cases)
    groupes: dict[str, list[Rangee]] = {}
    for lieu in sorted(lieux, key=lambda lieu: groupes_de.get(lieu.pk, "")):
        groupe = groupes.setdefault(groupes_de.get(lieu.pk, "Sans intercommunalité"), [])
        groupe.append(Rangee(lieu, list(cases[lieu.pk].values())))
    return Couverture(dispositifs, groupes)


def _intercommunalites(lieux) -> dict[int, str]:
    """Return the name of the EPCI of each place; of all of them when it lies in several."""
    inclusions = (
        Inclusion.objects.filter(contenu__in=lieux, contenant__nature=Territoire.Nature.EPCI)
        .exclude(contenant__sous_nature="EPT")
        .order_by("contenant__nom")
        .values_list("contenu", "contenant__nom")
    )
    noms: dict[int, str] = {}
    for contenu, nom in inclusions:
        noms[contenu] = f"{noms[contenu]} et {nom}" if contenu in noms else nom
    return noms


def _remplir(cases: dict[int, dict[int, Case]]) -> None:
    inclusions = Inclusion.objects.filter(contenu__in=cases)
    suivis = Dispositif.objects.visibles_pour().filter(slug__in=SUIVIS)
    attaches = Fiche.territoires.through.objects.filter(
        Q(territoire__inclus__contenu__in=cases), fiche__etat=Fiche.Etat.PUBLIEE, fiche__comme_local__isnull=False
    )
    locaux = {
        local.pk: local
        for local in DispositifLocal.objects.filter(pk__in=attaches.values("fiche"), dispositif__in=suivis).defer(
            "contenu", "rendu", "recherche"
        )
    }
    liens = inclusions.filter(contenant__fiches__in=locaux).values_list(
        "contenu", "contenant__fiches", "contenant", "contenant__nom", "partielle"
    )
    for lieu, fiche, contenant, nom, partielle in liens.order_by("contenant__population", "contenant__nom"):
        if (local := locaux.get(fiche)) is None:
            continue
        case = cases[lieu][cast(int, local.dispositif_id)]  # the query kept those of a kind that is followed
        if local.perimetre_incertain and lieu != contenant:
            case.peut_etre.append(local.titre)
        else:
            case.locaux.append(local)
            case.via.append("ici" if lieu == contenant else f"via {nom}{', en partie' if partielle else ''}")
    absences = Absence.objects.filter(dispositif__in=suivis, territoire__inclus__contenu__in=cases)
    par_lieu: dict[int, list[Absence]] = {}
    for absence in absences.distinct():
        par_lieu.setdefault(absence.territoire_id, []).append(absence)
    for lieu, contenant in inclusions.filter(contenant__in=par_lieu, partielle=False).values_list(
        "contenu", "contenant"
    ):
        for absence in par_lieu[contenant]:
            cases[lieu][absence.dispositif_id].absence = absence
