"""Links to receive no more e-mails of a kind: signed, without a session, good for ever (RFC 8058, RFC 2369)."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from comptes.models import Utilisateur

SEL = "comptes.desabonnement"
CONTRIBUTIONS = "contributions"  # the kind that `Utilisateur.courriels` rules


def jeton(personne: Utilisateur) -> str:
    return signing.dumps([personne.pk, CONTRIBUTIONS], salt=SEL)


def adresse(personne: Utilisateur) -> str:
    """Return the whole address to put in the e-mails this person may refuse."""
    return f"{settings.SITE_URL}{reverse('arreter_courriels', args=[jeton(personne)])}"


def designe(recu: str) -> Utilisateur | None:
    """Return whose e-mails a link stops; None if it is not ours."""
    try:
        numero, genre = signing.loads(recu, salt=SEL)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return Utilisateur.objects.filter(pk=numero).first() if genre == CONTRIBUTIONS else None


def arreter(personne: Utilisateur) -> None:
    """Keep only what must be told; the rest stays on « Mes notifications », where one may change one's mind."""
    Utilisateur.objects.filter(pk=personne.pk).update(courriels=Utilisateur.Courriels.ESSENTIELS)
    personne.courriels = Utilisateur.Courriels.ESSENTIELS
