"""What anybody can do next, by kind of task: sources to replace, terms that passed, fiches to check, fiches to fill."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from dispositifs.age import EtatLocal
from dispositifs.models import DispositifLocal
from fiches.models import Fiche, FicheQuerySet, Source
from territoires.models import Territoire
from veille.fraicheur import a_rafraichir
from veille.models import VerificationSource

MONTREES = 8


@dataclass(frozen=True)
class Tache:
    """The first things of one kind to do, and how many there are in all."""

    premieres: list[Any]
    combien: int

    @property
    def reste(self) -> int:
        return self.combien - len(self.premieres)

    @classmethod
    def de(cls, fiches: QuerySet) -> "Tache":
        premieres = list(fiches[: MONTREES + 1])
        return cls(premieres[:MONTREES], fiches.count() if len(premieres) > MONTREES else len(premieres))


@dataclass(frozen=True)
class AFaire:
    sources: list[Source]  # whose address is dead
    passes: Tache  # local schemes past their term: were they renewed?
    anciennes: Tache  # nobody looked at them for long
    incompletes: Tache

    @property
    def rien(self) -> bool:
        return not (self.sources or self.passes.combien or self.anciennes.combien or self.incompletes.combien)


def a_faire(territoire: Territoire | None = None) -> AFaire:
    """Return what is to be done, on this territory if there is one. Seven queries at most."""

    def sur_place(fiches: FicheQuerySet) -> FicheQuerySet:
        return fiches.concernant(territoire) if territoire else fiches

    passes = DispositifLocal.objects.visibles_pour().dans_l_etat(EtatLocal.TERME_PASSE, timezone.localdate())
    incompletes = Fiche.objects.visibles_pour().filter(completude__lt=100).order_by("completude", "titre")
    return AFaire(
        sources=VerificationSource.objects.a_remplacer(territoire),
        passes=Tache.de(sur_place(passes).en_cartes().order_by("-fin", "titre")),
        anciennes=Tache.de(sur_place(a_rafraichir()).en_cartes()),
        incompletes=Tache.de(sur_place(incompletes).en_cartes()),
    )
