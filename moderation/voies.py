"""Lanes: the named parts of the queue, each a condition on some of the kinds of things that wait.

Name one here and it has its tab, its exact count, its pages. One that is set apart takes what it holds out of all the
others and of the total; nothing else changes for what is there: it waits, within the same delay.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from django.db.models import Q

from contributions.models import Dossier, Reponse
from contributions.verbes.confiance import petits_changements
from moderation.portees import RIEN

SANS_ADRESSE = Q(auteur=None, courriel="")
TOUT = ""  # the lane of all that is not set apart


def par_lien_signe() -> Q:
    """Which propositions are the answer of an institution (decision 46)."""
    return Q(pk__in=Reponse.objects.filter(proposition__isnull=False).values("proposition"))


class Voie(NamedTuple):
    """`conditions`: by kind (`Attente.genre`), which ones go through it; called at each look, for time passes.

    They look at the row, or at `Exists` of others: a join to several rows would count it several times.
    """

    titre: str
    conditions: Mapping[str, Callable[[], Q]]
    a_part: bool = False

    def condition(self, genre: str) -> Q:
        return self.conditions[genre]() if genre in self.conditions else RIEN


VOIES = {
    "urgentes": Voie("Urgent", {"signalements": lambda: Q(categorie__in=Dossier.URGENTES)}),
    "rapides": Voie("Rapides", {"propositions": lambda: Q(pk__in=petits_changements().order_by().values("pk"))}),
    "propositions": Voie("Propositions", {"propositions": lambda: Q(base__isnull=False) & ~SANS_ADRESSE}),
    "institutions": Voie("Institutions", {"propositions": par_lien_signe}),
    "sans_adresse": Voie("Sans adresse", {"propositions": lambda: SANS_ADRESSE & ~par_lien_signe()}),
    "nouvelles": Voie("Nouvelles fiches", {"propositions": lambda: Q(base=None) & ~SANS_ADRESSE}),
    "lots": Voie("Tableaux", {"lots": Q}),
    "signalements": Voie("Signalements", {"signalements": Q}),
    "recours": Voie("Recours", {"recours": Q}),
    "messages": Voie("Messages", {"messages": Q}),
    "indesirables": Voie("Indésirables", {"propositions": lambda: ~Q(mise_a_part="")}, a_part=True),
}


def dans_la_voie(cle: str, genre: str) -> Q:
    """Return which things of this kind go through a lane, or wait in any (`TOUT`)."""
    voie = VOIES.get(cle)
    if voie and voie.a_part:
        return voie.condition(genre)
    condition = voie.condition(genre) if voie else Q()
    for autre in VOIES.values():
        if autre.a_part and genre in autre.conditions:
            condition &= ~autre.condition(genre)
    return condition
