"""Examination, what propositions and the cases of reports share of it: taken, given back, closed, opened again.

Each room of verbs says who may, and tells people; here is what they share, inside their transaction.
"""

from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from contributions.models import Dossier, Journal, Proposition
from contributions.models.examen import RESERVATION
from contributions.models.transitions import TRANSITIONS, champ_du_journal
from contributions.verbes.empechements import DejaDecidee, Empechement
from contributions.verbes.permissions import peut_moderer

Objet = TypeVar("Objet", Proposition, Dossier)


def verrouiller(objet: Objet, *verbes: str) -> Objet:
    """Return it as it is now, locked until the end of the transaction, if one of these verbs may happen to it."""
    actuel = type(objet).objects.select_for_update(of=("self",)).get(pk=objet.pk)
    table = TRANSITIONS[champ_du_journal(actuel)]
    if not any(actuel.statut in table[verbe].depuis for verbe in verbes):
        raise (DejaDecidee if actuel.decidee_le else Empechement)(actuel.pourquoi_pas)
    return actuel


def verrouiller_pour(objet: Objet, verbe: str, par) -> Objet:
    """The same for a moderator: refused to others, and when somebody else has reserved it."""
    if not peut_moderer(par):
        raise PermissionDenied("Il faut être modérateur.")
    actuel = verrouiller(objet, verbe)
    if actuel.reservee_a_un_autre(par):
        raise Empechement(f"{actuel.prise_par} l’a {actuel.TOURNURES.pris}, jusqu’{actuel.fin_de_prise}.")
    return actuel


def passer(objet: Proposition | Dossier, verbe: str, vers: str = "", *, qui=None, **detail) -> Journal:
    """Write the state that the verb leads to (`vers` if there are several), what was set with it, and the journal."""
    possibles = TRANSITIONS[champ_du_journal(objet)][verbe].vers
    if not vers:
        (vers,) = possibles
    if vers not in possibles:
        raise ValueError(f"{verbe} ne mène pas à {vers}")
    de, objet.statut = objet.statut, vers
    objet.save()
    return Journal.noter(verbe, objet, qui=qui, de=de, motif=objet.motif, **detail)


def prendre(objet: Objet, par) -> Objet:
    """Reserve for two hours; what somebody else holds cannot be taken."""
    objet = verrouiller_pour(objet, "prendre", par)
    objet.prise_par, objet.prise_jusqua = par, timezone.now() + RESERVATION
    passer(objet, "prendre", qui=par)
    return objet


def rendre(objet: Objet, par) -> Objet:
    objet = verrouiller_pour(objet, "rendre", par)
    objet.liberer()
    passer(objet, "rendre", qui=par)
    return objet


def clore(objet: Proposition | Dossier, verbe: str, par, **detail) -> Journal:
    """Write the decision: who, when; its reason is on the row."""
    objet.decidee_par, objet.decidee_le = par, timezone.now()
    objet.liberer()
    return passer(objet, verbe, qui=par, **detail)


def rouvrir(objet: Proposition | Dossier, par, verbe: str = "rouvrir", **detail) -> None:
    """Put what was decided back in the queue, as if nobody had decided."""
    objet.decidee_par = objet.decidee_le = None
    objet.motif = objet.explication = ""
    objet.liberer()
    passer(objet, verbe, qui=par, **detail)
