"""Ligne: a row of the queue of moderators. Entree: the same as they read it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from contributions import delais


class Ligne(NamedTuple):
    """What the queue knows of each thing that waits, and sorts; the columns of its query, in order."""

    genre: str
    pk: int
    urgente: bool
    depuis: datetime
    echeance: datetime


@dataclass(frozen=True)
class Entree:
    """`nom`: what it is, in words; `route` and `pk`: where it is examined."""

    genre: str
    pk: int
    urgente: bool
    depuis: datetime
    echeance: datetime
    nom: str
    route: str
    icone: str
    titre: str
    fiche: str
    fiche_pk: int | None = None
    endroit: str = ""
    lieu: str = ""
    auteur: str = ""
    confiance: str = ""  # what became of what the same person proposed before
    prise_par: str = ""  # who holds it now, "" for nobody
    prise_par_moi: bool = False
    premiere: bool = False
    mise_a_part: str = ""  # by which rule
    autres: int = 0  # propositions that wait on the same fiche

    @property
    def en_retard(self) -> bool:
        return self.echeance < timezone.now()

    @property
    def attente(self) -> str:
        return delais.depuis_en_mots(self.depuis)

    @property
    def delai(self) -> str:
        """« En retard de 1 jour », « Reste 4 jours »."""
        return delais.reste_en_mots(self.echeance)

    @property
    def proche(self) -> bool:
        return timedelta() <= self.echeance - timezone.now() < timedelta(days=2)

    @property
    def reference(self) -> str:
        return f"{self.nom} n° {self.pk}"
