"""Assignment: what a moderator gives another to examine, who is told; reserved longer than what one takes oneself."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from contributions.models import Dossier, Proposition
from contributions.models.examen import RESERVATION
from contributions.verbes import examen, notifications
from contributions.verbes.empechements import Empechement
from contributions.verbes.equipe import equipe
from contributions.verbes.permissions import a_signale, est_de, peut_moderer

RESERVEE_PENDANT = timedelta(days=2)


@transaction.atomic
def confier(objet: examen.Objet, *, par, a) -> examen.Objet:
    """Reserve it for two days for one of those whose scope holds it (`equipe`), who did not write nor report it.

    She may give it back before. What is urgent is kept from the others no longer than if she had taken it herself.
    """
    if not peut_moderer(par):
        raise PermissionDenied("Il faut être modérateur.")
    if a.pk == par.pk or a not in equipe(objet) or _concerne(a, objet):
        raise Empechement(f"{a} ne peut pas l’examiner : choisissez quelqu’un d’autre.")
    objet = examen.verrouiller_pour(objet, "confier", par)
    urgent = isinstance(objet, Dossier) and objet.urgent
    objet.prise_par, objet.prise_jusqua = a, timezone.now() + (RESERVATION if urgent else RESERVEE_PENDANT)
    ligne = examen.passer(objet, "confier", qui=par, a=a.pk, nom=str(a))
    notifications.confiee(objet, ligne, a)
    return objet


def _concerne(utilisateur, objet: Proposition | Dossier) -> bool:
    return a_signale(utilisateur, objet) if isinstance(objet, Dossier) else est_de(utilisateur, objet)
