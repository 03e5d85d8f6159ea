"""Conversation: all that was said about a contribution, with the notes of moderators and what was decided of it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from contributions import delais
from contributions.models import Journal, Message, Proposition, Signalement
from contributions.models.messages import MessageQuerySet
from contributions.models.transitions import DOSSIER, PROPOSITION, TRANSITIONS, champ_du_journal
from fiches.unites import unites

Contribution = Proposition | Signalement
TUS = ("prendre", "confier", "rendre")  # what happens between moderators only


@dataclass(frozen=True)
class Parole:
    """What somebody said, or what happened."""

    sorte: str  # "" for the author, "moi" for moderators, "interne", "evenement"
    qui: str
    le: datetime
    texte: str
    partie: str = ""  # the unit a remark is about


def paroles(contribution: Contribution, *, avec_notes: bool) -> list[Parole]:
    """Return them oldest first; who wrote the contribution does not read what moderators note about it."""
    parties = {unite.cle: unite.titre for unite in unites(contribution.nature)}
    dites = [
        Parole(
            "moi" if message.de_la_moderation else "",
            str(message.auteur or "La modération") if message.de_la_moderation else nommer(contribution),
            message.le,
            message.texte,
            parties.get(message.unite, message.unite),
        )
        for message in contribution.messages.all()
    ]
    notes = contribution.notes.select_related("auteur") if avec_notes else ()
    dites += [Parole("interne", str(note.auteur), note.le, note.texte) for note in notes]
    examinee = contribution.decision
    faits = Journal.objects.filter(**{champ_du_journal(examinee): examinee})
    faits = faits.filter(verbe__in=[verbe for verbe in {**PROPOSITION, **DOSSIER} if verbe not in TUS])
    dites += [Parole("evenement", "", ligne.le, ligne.en_mots) for ligne in faits]
    return sorted(dites, key=lambda parole: parole.le)


@dataclass(frozen=True)
class Fil:
    """A line of the list of conversations: the message that waits, or the last one."""

    message: Message

    @property
    def auteur(self) -> str:
        return nommer(self.message.contribution)

    @property
    def attente(self) -> str:
        return delais.depuis_en_mots(self.message.le)

    @property
    def en_retard(self) -> bool:
        return self.message.attend and self.message.le + delais.reponse() < timezone.now()


@dataclass(frozen=True)
class Attendues:
    """What waits for an answer: how many conversations, since when the oldest."""

    nombre: int
    depuis: datetime | None

    @classmethod
    def parmi(cls, messages: MessageQuerySet) -> "Attendues":
        return cls(**messages.sans_reponse().comptes())

    @property
    def attente(self) -> str:
        return delais.depuis_en_mots(self.depuis) if self.depuis else ""


def nommer(contribution: Contribution) -> str:
    """Return how moderators call whoever wrote it, without the address."""
    if isinstance(contribution, Signalement):
        return contribution.nom or "Qui a signalé"
    return contribution.nom_credite


def rouvrable(contribution: Contribution) -> bool:
    """Return whether what was decided may be examined again."""
    examinee = contribution.decision
    return examinee.statut in TRANSITIONS[champ_du_journal(examinee)]["rouvrir"].depuis
