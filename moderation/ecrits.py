"""A row that moderators write, a rule or a synonym: changed as it was read, with a reason, on the record, at once.

It is never erased: withdrawn, it stays with its history, and a loading of the content files does not bring it back.
"""

from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied

from contributions.models import Journal
from contributions.models.transitions import RETIREE, TRANSITIONS, champ_du_journal
from contributions.verbes.empechements import Empechement, TexteModifie
from contributions.verbes.permissions import peut_moderer
from dispositifs.models import Regle
from fiches import edition
from fiches.models import Edition
from recherche.models import Synonyme

Ecrit = TypeVar("Ecrit", Regle, Synonyme)
CELUI_CI = {Regle: ("Cette règle", "retirée"), Synonyme: ("Ce synonyme", "retiré")}


def exiger(par, raison: str) -> None:
    """Raise PermissionDenied, or the Empechement of a change that does not say why."""
    if not peut_moderer(par):
        raise PermissionDenied("Il faut être modérateur.")
    if not raison.strip():
        raise Empechement("Dites pourquoi, en une phrase : elle reste au journal.")


def verrouiller(verbe: str, ecrit: Ecrit, par, raison: str, lue: str) -> Ecrit:
    """Return the row as it is now, if the verb may start from there and if it is still as it was read."""
    exiger(par, raison)
    edition.verrouiller()
    modele = type(ecrit)
    actuel = modele.objects.get(pk=ecrit.pk)
    celui_ci, retire = CELUI_CI[modele]
    if actuel.etat not in TRANSITIONS[champ_du_journal(actuel)][verbe].depuis:
        raise Empechement(f"{celui_ci} est {retire if actuel.etat == RETIREE else 'en vigueur'}.")
    if actuel.marque != lue:
        objet = f"{celui_ci[0].lower()}{celui_ci[1:]}"
        raise TexteModifie(f"Quelqu’un a changé {objet} depuis que vous l’avez ouvert{'e' if modele is Regle else ''}.")
    return actuel


def changer(actuel: Ecrit, voulu: Ecrit, champs: dict[str, str]) -> list[dict[str, str]]:
    """Set these fields as wanted, and return what that changes, for the journal."""
    changements = []
    for nom, champ in champs.items():
        avant, apres = getattr(actuel, nom), getattr(voulu, nom)
        if avant != apres:
            changements.append({"champ": champ, "avant": _en_mots(avant), "apres": _en_mots(apres)})
            setattr(actuel, nom, apres)
    return changements


def ecrire(verbe: str, ecrit: Ecrit, par, raison: str, *, de: str = "", **detail: Any) -> Ecrit:
    """Save the row, out of step with the content files from now on; readers see it at their next request."""
    ecrit.du_chargement = False
    ecrit.save()
    Edition.avancer()
    Journal.noter(verbe, ecrit, qui=par, de=de, texte=raison.strip(), **detail)
    return ecrit


def _en_mots(valeur: Any) -> str:
    return {True: "oui", False: "non"}[valeur] if isinstance(valeur, bool) else str(valeur)
