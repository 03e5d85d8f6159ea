"""Forgetting who wrote: addresses, names the law asked for, marks of networks. Texts and decisions stay."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet

from contributions.models import Proposition, Signalement

# What was typed is kept whole with a draft (`Proposition.saisie`): the address is there too.
SAISIES = ("courriel",)
SAISIES_NOM = ("credit", "credit_nom", "credit_lien", "credit_role")


@transaction.atomic
def oublier_propositions(propositions: QuerySet[Proposition], saisies: Iterable[str] = SAISIES) -> int:
    """Erase from these propositions what leads to who wrote them, and return how many had something of it."""
    connues = propositions.filter(~Q(courriel="", reseau="") | Q(saisie__has_any_keys=[*saisies]))
    restantes = list(connues.select_for_update(of=("self",)))
    for proposition in restantes:
        proposition.courriel = proposition.reseau = ""
        proposition.saisie = {cle: valeur for cle, valeur in proposition.saisie.items() if cle not in saisies}
        proposition.save(update_fields=["courriel", "reseau", "saisie"])
    return len(restantes)


@transaction.atomic
def oublier_signalements(signalements: QuerySet[Signalement]) -> int:
    """The same for reports."""
    connus = signalements.filter(~Q(courriel="", reseau="") | Q(precisions__has_any_keys=[*Signalement.PERSONNELLES]))
    restants = list(connus.select_for_update(of=("self",)))
    for signalement in restants:
        signalement.courriel = signalement.reseau = ""
        signalement.precisions = {
            cle: valeur for cle, valeur in signalement.precisions.items() if cle not in Signalement.PERSONNELLES
        }
        signalement.save(update_fields=["courriel", "reseau", "precisions"])
    return len(restants)
