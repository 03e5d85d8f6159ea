"""The rules of « Choisir », changed at the desk: each change says why, is on the record, and shows at once."""

from django.db import transaction

from contributions.models.transitions import EN_VIGUEUR, RETIREE
from contributions.verbes.empechements import Empechement
from dispositifs.models import Regle
from fiches import edition
from moderation import ecrits

# What makes a rule the one it is does not change: another answer is another rule.
CHANGEANTS = {
    "poids": "poids",
    "exclut": "écarte le dispositif",
    "explication": "explication",
    "source": "source",
    "url": "adresse de la source",
}


@transaction.atomic
def ajouter(regle: Regle, *, par, raison: str) -> Regle:
    """Add a rule that its form has found valid."""
    ecrits.exiger(par, raison)
    edition.verrouiller()
    if Regle.objects.filter(dispositif=regle.dispositif, question=regle.question, reponse=regle.reponse).exists():
        raise Empechement("Une règle lie déjà cette réponse à ce dispositif : c’est elle qu’il faut changer.")
    regle.actif = True
    return ecrits.ecrire("ajouter_regle", regle, par, raison)


@transaction.atomic
def modifier(regle: Regle, *, par, raison: str, lue: str) -> Regle:
    """Write what this rule, found valid by its form, now says; `lue`: the mark of the rule as it was read."""
    actuelle = ecrits.verrouiller("modifier_regle", regle, par, raison, lue)
    changements = ecrits.changer(actuelle, regle, CHANGEANTS)
    if not changements:
        raise Empechement("La règle dit déjà cela : rien n’est à changer.")
    return ecrits.ecrire("modifier_regle", actuelle, par, raison, de=EN_VIGUEUR, changements=changements)


@transaction.atomic
def retirer(regle: Regle, *, par, raison: str, lue: str) -> Regle:
    """Set aside: it no longer counts in any reply."""
    actuelle = ecrits.verrouiller("retirer_regle", regle, par, raison, lue)
    actuelle.actif = False
    return ecrits.ecrire("retirer_regle", actuelle, par, raison, de=EN_VIGUEUR)


@transaction.atomic
def remettre(regle: Regle, *, par, raison: str, lue: str) -> Regle:
    actuelle = ecrits.verrouiller("remettre_regle", regle, par, raison, lue)
    actuelle.actif = True
    return ecrits.ecrire("remettre_regle", actuelle, par, raison, de=RETIREE)
