"""Messages about a contribution, both ways: its author writes from the follow-up page, moderators from the desk."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from contributions.models import Dossier, Message, Proposition, Signalement
from contributions.verbes import notifications
from contributions.verbes.empechements import Empechement
from contributions.verbes.permissions import peut_moderer

MESSAGE_MAX = 3000
PAR_JOUR = 10
MEME_CLIC = timedelta(minutes=10)
GARDE = timedelta(days=183)  # how long after the end one may still write, and addresses are kept

Contribution = Proposition | Signalement


def ouvert(contribution: Contribution) -> bool:
    """Return whether its author may write about it: from the moment it is handed in to six months after its end."""
    fin = contribution.close_le
    return contribution.deposee_le is not None and (fin is None or fin + GARDE > timezone.now())


@transaction.atomic
def ecrire(contribution: Contribution, *, texte: str) -> Message:
    """What the author writes: it waits for moderators. The same words twice (a double click) are written once."""
    contribution = _verrouiller(contribution)
    texte = _propre(texte)
    if not ouvert(contribution):
        raise Empechement("Cette contribution est close depuis longtemps, ou pas encore déposée : on n’y écrit pas.")
    recents = contribution.messages.filter(de_la_moderation=False, le__gt=timezone.now() - timedelta(days=1))
    deja = recents.filter(texte=texte, le__gt=timezone.now() - MEME_CLIC).first()
    if deja:
        return deja
    if recents.count() >= PAR_JOUR:
        raise Empechement(f"Déjà {PAR_JOUR} messages en vingt-quatre heures : gardez celui-ci pour demain.")
    return contribution.messages.create(texte=texte, de_la_moderation=False, auteur=contribution.auteur)


@transaction.atomic
def repondre(contribution: Contribution, *, par, texte: str) -> Message:
    """What a moderator writes: the author is told by e-mail, with the words."""
    if not peut_moderer(par):
        raise PermissionDenied("Il faut être modérateur.")
    contribution = _verrouiller(contribution)
    texte = _propre(texte)
    recents = contribution.messages.filter(auteur=par, le__gt=timezone.now() - MEME_CLIC, unite="")
    deja = recents.filter(texte=texte, de_la_moderation=True).first()
    if deja:
        return deja
    message = contribution.messages.create(texte=texte, de_la_moderation=True, auteur=par)
    notifications.message_ecrit(message)
    return message


@transaction.atomic
def repondre_aux_signalants(dossier: Dossier, *, par, texte: str) -> None:
    """The same to each person who reported."""
    for signalement in dossier.signalements.select_related("auteur"):
        repondre(signalement, par=par, texte=texte)


def _verrouiller(contribution: Contribution) -> Contribution:
    return type(contribution).objects.select_for_update(of=("self",)).get(pk=contribution.pk)


def _propre(texte: str) -> str:
    if not texte.strip():
        raise Empechement("Écrivez votre message.")
    if len(texte) > MESSAGE_MAX:
        raise Empechement(f"Ce message est trop long : {MESSAGE_MAX} caractères au plus.")
    return texte.strip()
