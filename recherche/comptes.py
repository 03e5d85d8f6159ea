"""What is found in places, counted: local schemes by what they make of them today, absences said, actions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Count, OuterRef, QuerySet, Subquery, Value
from django.utils import timezone

from dispositifs.age import A_VERIFIER, ABSENT, COUVERT, COUVERTURES, FINI, INCONNU, couverture_de
from dispositifs.models import Absence, Dispositif, DispositifLocal
from fiches.gabarits import Nature
from fiches.models import Fiche
from francais.balises import pluriel
from recherche.filtres import Filtres

MOTS = {
    COUVERT: "en vigueur,en vigueur",
    A_VERIFIER: "à vérifier,à vérifier",
    FINI: "terminé ou terme passé,terminés ou termes passés",
    ABSENT: "absence dite,absences dites",
    INCONNU: "en projet,en projet",
}


@dataclass
class Compte:
    """What is found in one place."""

    etats: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUVERTURES, 0))
    actions: int = 0

    @property
    def locaux(self) -> int:
        return sum(nombre for etat, nombre in self.etats.items() if etat != ABSENT)

    @property
    def total(self) -> int:
        return self.locaux + self.actions

    @property
    def connu(self) -> bool:
        return bool(self.total or self.etats[ABSENT])

    @property
    def etat(self) -> str:
        """The state of coverage that wins here."""
        return next((etat for etat, nombre in self.etats.items() if nombre), INCONNU)

    @property
    def etats_en_mots(self) -> str:
        """« 2 en vigueur, 5 à vérifier »; only what there is."""
        return ", ".join(f"{nombre} {pluriel(nombre, MOTS[etat])}" for etat, nombre in self.etats.items() if nombre)

    @property
    def en_mots(self) -> str:
        actions = f"{self.actions} {pluriel(self.actions, 'action,actions')}" if self.actions else ""
        return ", ".join(filter(None, [self.etats_en_mots, actions])) or "rien de connu"


def absences_demandees(filtres: Filtres) -> QuerySet[Absence]:
    """Return the absences that a source says of the dispositifs asked; none when what is asked can be no absence."""
    demandes = filtres.valeurs
    if set(filtres.conditions) - {"nature", "dispositif"} or Nature.LOCAL not in demandes.get("nature", [Nature.LOCAL]):
        return Absence.objects.none()
    visibles = Dispositif.objects.visibles_pour()
    return Absence.objects.filter(
        dispositif__in=visibles.filter(slug__in=demandes["dispositif"]) if "dispositif" in demandes else visibles
    )


def attaches(fiches: QuerySet[Fiche]) -> QuerySet:
    """Return the links of these fiches to territories, each with the state today (`etat`) of what is a local scheme."""
    locaux = DispositifLocal.objects.avec_etat(timezone.localdate()).filter(pk=OuterRef("fiche"))
    etat = locaux.values("etat_local")  # type: ignore[misc]  # annotated
    return Fiche.territoires.through.objects.filter(
        fiche__in=fiches.order_by().values("pk"), fiche__nature__in=[Nature.LOCAL, Nature.ACTION]
    ).annotate(etat=Subquery(etat))


def compter(liens: QuerySet, lieu: str, absences: QuerySet[Absence]) -> Mapping[int, Compte]:
    """Return, by place, what these links and absences come to; `lieu` leads to the place. One query."""
    fiches = liens.values_list(lieu, "etat").annotate(nombre=Count("fiche", distinct=True))
    dites = absences.annotate(etat=Value(ABSENT)).values_list(lieu, "etat").annotate(nombre=Count("pk", distinct=True))
    comptes: dict[int, Compte] = {}
    for place, etat, nombre in fiches.union(dites, all=True):
        compte = comptes.setdefault(place, Compte())
        if etat is None:
            compte.actions += nombre
        else:
            compte.etats[etat if etat == ABSENT else couverture_de(etat)] += nombre
    return comptes
