"""The addresses a person had: the change that can be undone for a week, and what is remembered of who she was."""

import secrets
from collections.abc import Callable
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from comptes import sessions
from comptes.avertissements import avertir
from comptes.models import AncienneAdresse, Utilisateur
from courriels.envoi import ecrire, rendre

DELAI = timedelta(days=7)


class AdresseReprise(Exception):
    """The former address now opens another account."""


@transaction.atomic
def changer(adresse: EmailAddress, confirmer: Callable[[], bool]) -> bool:
    """Let `confirmer()` make this address the one of its account; give the former one a link that undoes it.

    Returns what `confirmer` returns. The row of the former address is written by a trigger, whatever door was used.
    """
    ancienne = Utilisateur.objects.select_for_update().get(pk=adresse.user_id).email
    confirmee = confirmer()
    if not confirmee or ancienne == adresse.email:
        return confirmee
    retenue = AncienneAdresse.objects.filter(utilisateur=adresse.user_id, adresse=ancienne).latest("changee_le")
    retenue.jeton = secrets.token_urlsafe(24)
    retenue.save(update_fields=["jeton"])
    lien = settings.SITE_URL + reverse("annuler_adresse", args=[retenue.jeton])
    contexte = {"lien": lien, "jusqu_au": retenue.changee_le + DELAI}
    ecrire(ancienne, *rendre("comptes/adresse_changee", contexte), cle=f"compte-adresse-{retenue.pk}", duree=DELAI)
    avertir(adresse.email, "Cette adresse est maintenant celle de votre compte.")
    return confirmee


def a_annuler(jeton: str) -> AncienneAdresse | None:
    """Return the change this link undoes, None if it was undone, is too old or never was."""
    if not jeton.isprintable():  # PostgreSQL takes no NUL
        return None
    recentes = AncienneAdresse.objects.exclude(adresse="").filter(changee_le__gt=timezone.now() - DELAI)
    return recentes.select_related("utilisateur").filter(jeton=jeton).first()


@transaction.atomic
def annuler(jeton: str) -> Utilisateur | None:
    """Give its former address back to an account, with nothing of what came since; return it, None if it is too late.

    Every session ends; the second factors and the ProConnect identities added since the change go. Raises
    `AdresseReprise`.
    """
    changement = a_annuler(jeton)
    if changement is None:
        return None
    personne = Utilisateur.objects.select_for_update().get(pk=changement.utilisateur_id)
    if a_annuler(jeton) is None:  # somebody else did it while we waited for the lock
        return None
    autres = Utilisateur.objects.exclude(pk=personne.pk)
    if autres.filter(email=changement.adresse) or autres.filter(emailaddress__email=changement.adresse):
        raise AdresseReprise
    ecartee, depuis = personne.email, changement.changee_le
    EmailAddress.objects.filter(user=personne).delete()
    EmailAddress.objects.create(user=personne, email=changement.adresse, verified=True, primary=True)
    Authenticator.objects.filter(user=personne, created_at__gte=depuis).delete()
    SocialAccount.objects.filter(user=personne, date_joined__gte=depuis).delete()
    personne.email = changement.adresse
    personne.fermeture_prevue_le = None
    personne.save(update_fields=["email", "fermeture_prevue_le"])
    personne.anciennes_adresses.filter(changee_le__gte=depuis).update(jeton=None)
    sessions.finir(personne)
    phrase = f"Le changement d’adresse a été annulé\u00a0: le compte a de nouveau l’adresse {personne.email}."
    for adresse in (personne.email, ecartee):
        avertir(adresse, f"{phrase} Tous les appareils sont déconnectés.")
    return personne


def oublier() -> None:
    """Keep of the addresses left more than a week ago no more than what tells whether another one is the same."""
    for ancienne in AncienneAdresse.objects.exclude(adresse="").filter(changee_le__lte=timezone.now() - DELAI):
        ancienne.empreinte = AncienneAdresse.empreintes(ancienne.adresse)[0]
        ancienne.adresse, ancienne.jeton = "", None
        ancienne.save()
