"""Other propositions on the same fiche: how many touch each unit, and nothing of what they say."""

from collections import Counter

from contributions.models import Depot, Proposition
from fiches.models import Fiche

S = Proposition.Statut
EN_COURS = (S.SOUMISE, S.EN_EXAMEN, S.CORRECTIONS_DEMANDEES)


def en_cours(fiche: Fiche, *, sauf: Proposition | None = None) -> dict[str, int]:
    """Return, by unit, how many other propositions wait for a decision. Drafts and unconfirmed ones do not count."""
    depots = Depot.objects.filter(proposition__fiche=fiche.pk, proposition__statut__in=EN_COURS)
    if sauf:
        depots = depots.exclude(proposition=sauf.pk)
    derniers = {depot.proposition_id: depot.changements for depot in depots.order_by("numero")}
    return dict(Counter(cle for changements in derniers.values() for cle in changements))
