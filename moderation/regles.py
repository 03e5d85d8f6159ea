"""The rules of « Choisir », changed at the desk: each change says why, is on the record, and shows at once.

A rule is never erased: withdrawn, it stays with its history, and a loading of the content files does not bring it back.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from contributions.models import Journal
from contributions.models.transitions import EN_VIGUEUR, REGLE, RETIREE
from contributions.verbes.empechements import Empechement, TexteModifie
from contributions.verbes.permissions import peut_moderer
from dispositifs.models import Regle
from fiches import edition
from fiches.models import Edition

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
    _exiger(par, raison)
    edition.verrouiller()
    if Regle.objects.filter(dispositif=regle.dispositif, question=regle.question, reponse=regle.reponse).exists():
        raise Empechement("Une règle lie déjà cette réponse à ce dispositif : c’est elle qu’il faut changer.")
    regle.actif = True
    return _ecrire("ajouter_regle", regle, par, raison)


@transaction.atomic
def modifier(regle: Regle, *, par, raison: str, lue: str) -> Regle:
    """Write what this rule, found valid by its form, now says; `lue`: the mark of the rule as it was read."""
    actuelle = _verrouiller("modifier_regle", regle, par, raison, lue)
    changements = []
    for nom, champ in CHANGEANTS.items():
        avant, apres = getattr(actuelle, nom), getattr(regle, nom)
        if avant != apres:
            changements.append({"champ": champ, "avant": _en_mots(avant), "apres": _en_mots(apres)})
            setattr(actuelle, nom, apres)
    if not changements:
        raise Empechement("La règle dit déjà cela : rien n’est à changer.")
    return _ecrire("modifier_regle", actuelle, par, raison, de=EN_VIGUEUR, changements=changements)


@transaction.atomic
def retirer(regle: Regle, *, par, raison: str, lue: str) -> Regle:
    """Set aside: it no longer counts in any reply."""
    actuelle = _verrouiller("retirer_regle", regle, par, raison, lue)
    actuelle.actif = False
    return _ecrire("retirer_regle", actuelle, par, raison, de=EN_VIGUEUR)


@transaction.atomic
def remettre(regle: Regle, *, par, raison: str, lue: str) -> Regle:
    actuelle = _verrouiller("remettre_regle", regle, par, raison, lue)
    actuelle.actif = True
    return _ecrire("remettre_regle", actuelle, par, raison, de=RETIREE)


def _exiger(par, raison: str) -> None:
    if not peut_moderer(par):
        raise PermissionDenied("Il faut être modérateur.")
    if not raison.strip():
        raise Empechement("Dites pourquoi, en une phrase : elle reste au journal.")


def _verrouiller(verbe: str, regle: Regle, par, raison: str, lue: str) -> Regle:
    """Return the rule as it is now, if it is still as it was read."""
    _exiger(par, raison)
    edition.verrouiller()
    actuelle = Regle.objects.select_related("dispositif").get(pk=regle.pk)
    if actuelle.etat not in REGLE[verbe].depuis:
        raise Empechement("Cette règle est retirée." if actuelle.etat == RETIREE else "Cette règle est en vigueur.")
    if actuelle.marque != lue:
        raise TexteModifie("Quelqu’un a changé cette règle depuis que vous l’avez ouverte.")
    return actuelle


def _ecrire(verbe: str, regle: Regle, par, raison: str, *, de: str = "", **detail: Any) -> Regle:
    regle.du_chargement = False  # from now on, it is no more kept in step with the content files
    regle.save()
    Edition.avancer()
    Journal.noter(verbe, regle, qui=par, de=de, texte=raison.strip(), **detail)
    return regle


def _en_mots(valeur: Any) -> str:
    return {True: "oui", False: "non"}[valeur] if isinstance(valeur, bool) else str(valeur)
