"""The synonyms of the search, changed at the desk: the very next search knows it."""

from django.db import transaction

from contributions.models.transitions import EN_VIGUEUR, RETIREE
from contributions.verbes.empechements import Empechement
from fiches import edition
from moderation import ecrits
from recherche.models import Synonyme

# The two ways of saying do not change: others are another synonym.
CHANGEANTS = {"sens": "sens", "raison": "raison"}


@transaction.atomic
def ajouter(synonyme: Synonyme, *, par, raison: str) -> Synonyme:
    """Add a synonym that its form has found valid."""
    ecrits.exiger(par, raison)
    edition.verrouiller()
    if Synonyme.objects.rapprochant(synonyme.terme, synonyme.voisin):
        raise Empechement("Un synonyme rapproche déjà ces mots : c’est lui qu’il faut changer.")
    synonyme.actif = True
    return ecrits.ecrire("ajouter_synonyme", synonyme, par, raison)


@transaction.atomic
def modifier(synonyme: Synonyme, *, par, raison: str, lue: str) -> Synonyme:
    """Write what this synonym, found valid by its form, now says; `lue`: its mark as it was read."""
    actuel = ecrits.verrouiller("modifier_synonyme", synonyme, par, raison, lue)
    changements = ecrits.changer(actuel, synonyme, CHANGEANTS)
    if not changements:
        raise Empechement("Le synonyme dit déjà cela : rien n’est à changer.")
    return ecrits.ecrire("modifier_synonyme", actuel, par, raison, de=EN_VIGUEUR, changements=changements)


@transaction.atomic
def retirer(synonyme: Synonyme, *, par, raison: str, lue: str) -> Synonyme:
    """Set aside: searches no longer know it."""
    actuel = ecrits.verrouiller("retirer_synonyme", synonyme, par, raison, lue)
    actuel.actif = False
    return ecrits.ecrire("retirer_synonyme", actuel, par, raison, de=EN_VIGUEUR)


@transaction.atomic
def remettre(synonyme: Synonyme, *, par, raison: str, lue: str) -> Synonyme:
    actuel = ecrits.verrouiller("remettre_synonyme", synonyme, par, raison, lue)
    actuel.actif = True
    return ecrits.ecrire("remettre_synonyme", actuel, par, raison, de=RETIREE)
