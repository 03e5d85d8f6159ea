"""Advice asked of another moderator: a line of the journal and an e-mail; nothing else changes."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from contributions.models import Dossier, Journal, Proposition, Recours
from contributions.verbes import notifications
from contributions.verbes.permissions import peut_moderer


@transaction.atomic
def demander(objet: Proposition | Dossier | Recours, *, par, a, texte: str) -> Journal:
    """Ask `a`, a moderator too, about what one examines; she answers the same way."""
    if not (peut_moderer(par) and peut_moderer(a)):
        raise PermissionDenied("L’avis se demande entre modérateurs.")
    ligne = Journal.noter("demander_avis", objet, qui=par, de=objet.statut, a=a.pk, texte=texte.strip())
    notifications.avis_demande(objet, ligne, a)
    return ligne
