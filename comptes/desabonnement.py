"""Links to receive no more e-mails of a kind: signed, without a session, good for ever (RFC 8058, RFC 2369)."""

from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.urls import reverse

from comptes.models import Utilisateur

SEL = "comptes.desabonnement"
CONTRIBUTIONS, RESUME = "contributions", "resume"
# Of each kind, the field of the account that rules it, and what it says when they are stopped.
GENRES = {
    CONTRIBUTIONS: ("courriels", Utilisateur.Courriels.ESSENTIELS.value),
    RESUME: ("resume", Utilisateur.Resume.JAMAIS.value),
}


class Abonnement(NamedTuple):
    """E-mails of one kind that somebody may refuse."""

    personne: Utilisateur
    genre: str

    @property
    def arretes(self) -> bool:
        champ, arret = GENRES[self.genre]
        return getattr(self.personne, champ) == arret


def jeton(personne: Utilisateur, genre: str = CONTRIBUTIONS) -> str:
    return signing.dumps([personne.pk, genre], salt=SEL)


def adresse(personne: Utilisateur, genre: str = CONTRIBUTIONS) -> str:
    """Return the whole address to put in the e-mails of this kind."""
    return f"{settings.SITE_URL}{reverse('arreter_courriels', args=[jeton(personne, genre)])}"


def designe(recu: str) -> Abonnement | None:
    """Return whose e-mails a link stops, and which; None if it is not ours."""
    try:
        numero, genre = signing.loads(recu, salt=SEL)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    personne = Utilisateur.objects.filter(pk=numero).first() if genre in GENRES else None
    return Abonnement(personne, genre) if personne else None


def arreter(abonnement: Abonnement) -> None:
    """Stop them; what must be told still is, and one may change one's mind on « Mes notifications »."""
    champ, arret = GENRES[abonnement.genre]
    Utilisateur.objects.filter(pk=abonnement.personne.pk).update(**{champ: arret})
    setattr(abonnement.personne, champ, arret)
