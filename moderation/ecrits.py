"""What moderators write, rules of « Choisir » and of the queue, synonyms: a change says why, and shows at once.

A row is never erased: withdrawn, it stays with its history, and a loading of the content files does not bring it back.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import transaction

from contributions.models import Journal, RegleDeFile
from contributions.models.transitions import RETIREE, TRANSITIONS, Transition, champ_du_journal
from contributions.verbes.empechements import Empechement, TexteModifie
from contributions.verbes.permissions import peut_moderer
from dispositifs.models import Regle
from fiches import edition
from fiches.models import Edition
from recherche.models import Synonyme

Ecrit = TypeVar("Ecrit", Regle, Synonyme, RegleDeFile)


@dataclass(frozen=True)
class Sorte:
    """What tells a kind of row from the other: how to find its like, what of it changes, and the words of refusals."""

    semblable: Callable[[Any], Any]  # the row that says the same already, if there is one
    changeants: dict[str, str]  # in words; another value of the other fields makes another row
    celui_ci: str
    retire: str
    deja_la: str
    inchange: str
    depassee: str


SORTES: dict[type, Sorte] = {
    Regle: Sorte(
        semblable=lambda regle: Regle.objects.liant(regle.dispositif.slug, regle.question, regle.reponse),
        changeants={
            "poids": "poids",
            "exclut": "écarte le dispositif",
            "explication": "explication",
            "source": "source",
            "url": "adresse de la source",
        },
        celui_ci="Cette règle",
        retire="retirée",
        deja_la="Une règle lie déjà cette réponse à ce dispositif : c’est elle qu’il faut changer.",
        inchange="La règle dit déjà cela : rien n’est à changer.",
        depassee="Quelqu’un a changé cette règle depuis que vous l’avez ouverte.",
    ),
    Synonyme: Sorte(
        semblable=lambda synonyme: Synonyme.objects.rapprochant(synonyme.terme, synonyme.voisin),
        changeants={"sens": "sens", "raison": "raison"},
        celui_ci="Ce synonyme",
        retire="retiré",
        deja_la="Un synonyme rapproche déjà ces mots : c’est lui qu’il faut changer.",
        inchange="Le synonyme dit déjà cela : rien n’est à changer.",
        depassee="Quelqu’un a changé ce synonyme depuis que vous l’avez ouvert.",
    ),
    RegleDeFile: Sorte(
        semblable=lambda regle: RegleDeFile.objects.filter(cle=regle.cle).first(),
        changeants={"seuil": "premier nombre", "borne": "second nombre", "raison": "raison"},
        celui_ci="Cette règle",
        retire="retirée",
        deja_la="Cette règle est déjà là : c’est elle qu’il faut changer.",
        inchange="La règle dit déjà cela : rien n’est à changer.",
        depassee="Quelqu’un a changé cette règle depuis que vous l’avez ouverte.",
    ),
}


@transaction.atomic
def ajouter(ecrit: Ecrit, *, par, raison: str) -> Ecrit:
    """Add a row that its form has found valid."""
    _exiger(par, raison)
    edition.verrouiller()
    sorte = SORTES[type(ecrit)]
    if sorte.semblable(ecrit):
        raise Empechement(sorte.deja_la)
    ecrit.actif = True
    return _ecrire("ajouter", ecrit, par, raison)


@transaction.atomic
def modifier(ecrit: Ecrit, *, par, raison: str, lue: str) -> Ecrit:
    """Write what this row, found valid by its form, now says; `lue`: its mark as it was read."""
    actuel, sorte = _verrouiller("modifier", ecrit, par, raison, lue), SORTES[type(ecrit)]
    changements = _changer(actuel, ecrit, sorte.changeants)
    if not changements:
        raise Empechement(sorte.inchange)
    return _ecrire("modifier", actuel, par, raison, changements=changements)


@transaction.atomic
def retirer(ecrit: Ecrit, *, par, raison: str, lue: str) -> Ecrit:
    """Set aside: the site no longer counts it."""
    actuel = _verrouiller("retirer", ecrit, par, raison, lue)
    actuel.actif = False
    return _ecrire("retirer", actuel, par, raison)


@transaction.atomic
def remettre(ecrit: Ecrit, *, par, raison: str, lue: str) -> Ecrit:
    actuel = _verrouiller("remettre", ecrit, par, raison, lue)
    actuel.actif = True
    return _ecrire("remettre", actuel, par, raison)


def _exiger(par, raison: str) -> None:
    """Raise PermissionDenied, or the Empechement of a change that does not say why."""
    if not peut_moderer(par):
        raise PermissionDenied("Il faut être modérateur.")
    if not raison.strip():
        raise Empechement("Dites pourquoi, en une phrase : elle reste au journal.")


def _transition(verbe: str, ecrit: Ecrit) -> tuple[str, Transition]:
    """Return what the journal calls this verb, and from where to where it goes."""
    champ = champ_du_journal(ecrit)
    return f"{verbe}_{champ}", TRANSITIONS[champ][f"{verbe}_{champ}"]


def _verrouiller(verbe: str, ecrit: Ecrit, par, raison: str, lue: str) -> Ecrit:
    """Return the row as it is now, if the verb may start from there and if it is still as it was read."""
    _exiger(par, raison)
    edition.verrouiller()
    actuel, sorte = type(ecrit).objects.get(pk=ecrit.pk), SORTES[type(ecrit)]
    if actuel.etat not in _transition(verbe, actuel)[1].depuis:
        raise Empechement(f"{sorte.celui_ci} est {sorte.retire if actuel.etat == RETIREE else 'en vigueur'}.")
    if actuel.marque != lue:
        raise TexteModifie(sorte.depassee)
    return actuel


def _changer(actuel: Ecrit, voulu: Ecrit, champs: dict[str, str]) -> list[dict[str, str]]:
    """Set these fields as wanted, and return what that changes, for the journal."""
    changements = []
    for nom, champ in champs.items():
        avant, apres = getattr(actuel, nom), getattr(voulu, nom)
        if avant != apres:
            changements.append({"champ": champ, "avant": _en_mots(avant), "apres": _en_mots(apres)})
            setattr(actuel, nom, apres)
    return changements


def _ecrire(verbe: str, ecrit: Ecrit, par, raison: str, **detail: Any) -> Ecrit:
    """Save the row, out of step with the content files from now on; readers see it at their next request."""
    ecrit.du_chargement = False
    ecrit.save()
    Edition.avancer()
    nom, transition = _transition(verbe, ecrit)
    Journal.noter(nom, ecrit, qui=par, de="".join(transition.depuis), texte=raison.strip(), **detail)
    return ecrit


def _en_mots(valeur: Any) -> str:
    return {True: "oui", False: "non"}[valeur] if isinstance(valeur, bool) else str(valeur)
