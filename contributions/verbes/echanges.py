"""Messages about a contribution, both ways: its author writes from the follow-up page, moderators from the desk."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from contributions.models import Dossier, Journal, Message, Note, Proposition, Signalement
from contributions.verbes import notifications, propositions, signalements
from contributions.verbes.empechements import Empechement
from contributions.verbes.permissions import est_de, peut_moderer

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
    """What the author writes: it waits at the desk until somebody answers or closes, and who follows it is told.

    The same words twice (a double click) are written once.
    """
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
    message = contribution.messages.create(texte=texte, de_la_moderation=False, auteur=contribution.auteur)
    notifications.message_recu(message)
    return message


@transaction.atomic
def repondre(contribution: Contribution, *, par, texte: str) -> Message:
    """What a moderator writes: the author is told by e-mail, with the words, and waits for nothing more."""
    contribution = _pour_repondre(contribution, par)
    texte = _propre(texte)
    recents = contribution.messages.filter(auteur=par, le__gt=timezone.now() - MEME_CLIC, unite="")
    deja = recents.filter(texte=texte, de_la_moderation=True).first()
    if deja and not contribution.messages.sans_reponse().exists():  # the same words may answer what came since
        return deja
    message = contribution.messages.create(texte=texte, de_la_moderation=True, auteur=par)
    contribution.messages.sans_reponse().update(traite_le=message.le)
    notifications.message_ecrit(message)
    return message


@transaction.atomic
def repondre_aux_signalants(dossier: Dossier, *, par, texte: str) -> None:
    """The same to each person who reported, oneself left out."""
    autres = [recu for recu in dossier.signalements.select_related("auteur") if not est_de(par, recu)]
    if peut_moderer(par) and not autres:
        raise Empechement("Vous seul avez signalé ceci : il n’y a personne d’autre à qui écrire.")
    for signalement in autres or dossier.signalements.all():
        repondre(signalement, par=par, texte=texte)


@transaction.atomic
def repondre_et_rouvrir(contribution: Contribution, *, par, texte: str) -> Message:
    """Answer, and put what was decided back in the queue."""
    message = repondre(contribution, par=par, texte=texte)
    if isinstance(contribution, Proposition):
        propositions.rouvrir(contribution, par=par, message=message.pk)
    else:
        signalements.rouvrir(contribution.dossier, par=par, message=message.pk)
    return message


@transaction.atomic
def noter(contribution: Contribution, *, par, texte: str) -> Note:
    """What a moderator keeps for the others; the author never sees it, and still waits for an answer."""
    contribution = _pour_repondre(contribution, par)
    texte = _propre(texte)
    deja = contribution.notes.filter(auteur=par, texte=texte, le__gt=timezone.now() - MEME_CLIC).first()
    return deja or contribution.notes.create(auteur=par, texte=texte)


@transaction.atomic
def clore(contribution: Contribution, *, par) -> int:
    """Say that what the author wrote calls for no answer; return how many messages it was."""
    contribution = _pour_repondre(contribution, par)
    clos = contribution.messages.sans_reponse().update(traite_le=timezone.now())
    if clos:
        Journal.noter("clore_messages", contribution.decision, qui=par, messages=clos)
    return clos


def _pour_repondre(contribution: Contribution, par) -> Contribution:
    if not peut_moderer(par):
        raise PermissionDenied("Il faut être modérateur.")
    if est_de(par, contribution):
        raise PermissionDenied("On ne se répond pas à soi-même.")
    return _verrouiller(contribution)


def _verrouiller(contribution: Contribution) -> Contribution:
    return type(contribution).objects.select_for_update(of=("self",)).get(pk=contribution.pk)


def _propre(texte: str) -> str:
    if not texte.strip():
        raise Empechement("Écrivez votre message.")
    if len(texte) > MESSAGE_MAX:
        raise Empechement(f"Ce message est trop long : {MESSAGE_MAX} caractères au plus.")
    return texte.strip()
