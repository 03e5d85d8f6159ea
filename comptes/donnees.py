"""Data kept about a person: taken away, or let go. Applications that keep something declare it here.

An application above this one calls `declarer` from `AppConfig.ready()`:

    donnees.declarer("contributions", exporter=tout_ce_que, effacer=oublier)

`exporter(utilisateur)` returns what JSON can write. `effacer(utilisateur, garder_nom=…)` removes what identifies the
person, or all but the published name; called again, it does nothing more. It must not delete the account.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol
from uuid import uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from comptes import sessions
from comptes.avertissements import avertir
from comptes.models import Utilisateur
from courriels.envoi import ecrire, rendre
from courriels.models import Courriel

DELAI = timedelta(days=7)  # between the request to close an account and its closing
SEL = "comptes.donnees.garder"


class Effaceur(Protocol):
    def __call__(self, utilisateur: Utilisateur, *, garder_nom: bool) -> None: ...


@dataclass(frozen=True)
class Detenteur:
    exporter: Callable[[Utilisateur], Any]
    effacer: Effaceur


_DETENTEURS: dict[str, Detenteur] = {}


def declarer(nom: str, *, exporter: Callable[[Utilisateur], Any], effacer: Effaceur) -> None:
    """Say that an application keeps something about people; `nom` is its entry in the export."""
    _DETENTEURS[nom] = Detenteur(exporter, effacer)


def exporter(utilisateur: Utilisateur) -> dict[str, Any]:
    """Return everything the site knows of this person, ready for JSON."""
    return {
        "exporté le": timezone.now().isoformat(),
        "compte": _compte(utilisateur),
        "appareils connectés": [
            {"depuis": session.created_at.isoformat(), "adresse IP": session.ip, "navigateur": session.user_agent}
            for session in UserSession.objects.filter(user=utilisateur).order_by("created_at")
        ],
        # Not their secrets: this file may lie about.
        "seconds facteurs": [
            {"type": facteur.get_type_display(), "ajouté le": facteur.created_at.isoformat()}
            for facteur in Authenticator.objects.filter(user=utilisateur).order_by("created_at")
        ],
        "identités ProConnect": [
            {"identifiant": identite.uid, "depuis": identite.date_joined.isoformat()}
            for identite in SocialAccount.objects.filter(user=utilisateur).order_by("date_joined")
        ],
        "anciennes adresses": [
            {"adresse": ancienne.adresse or "oubliée", "quittée le": ancienne.changee_le.isoformat()}
            for ancienne in utilisateur.anciennes_adresses.order_by("changee_le")
        ],
        "courriels des trente derniers jours": [
            {
                "objet": _sans_code(courriel, courriel.objet),
                "écrit le": courriel.ecrit_le.isoformat(),
                "texte": _sans_code(courriel, courriel.corps),
            }
            for courriel in Courriel.objects.filter(destinataire=utilisateur.email).order_by("ecrit_le")
        ],
        **{nom: detenteur.exporter(utilisateur) for nom, detenteur in sorted(_DETENTEURS.items())},
    }


def _compte(utilisateur: Utilisateur) -> dict[str, Any]:
    return {
        "adresse électronique": utilisateur.email,
        "nom affiché": utilisateur.nom_affiche,
        "pseudonyme": utilisateur.pseudonyme,
        "lien public": utilisateur.lien,
        "crédit préféré": utilisateur.get_credit_prefere_display(),
        "courriels voulus": utilisateur.get_courriels_display(),
        "rôles": sorted(utilisateur.roles),
        "inscrit le": utilisateur.inscrit_le.isoformat(),
        "dernière connexion": utilisateur.last_login and utilisateur.last_login.isoformat(),
    }


def _sans_code(courriel: Courriel, texte: str) -> str:
    """Return a text without the code or the secret link it may hold: this file may lie about."""
    if not courriel.cle.startswith("compte-"):
        return texte
    return re.sub(r"(?<!\d)\d{6}(?!\d)", "••••••", re.sub(r"(?<=/comptes/)\S+/\S+", "…", texte))


@transaction.atomic
def demander_fermeture(utilisateur: Utilisateur, *, garder_nom: bool) -> None:
    """Note that the account will be closed after `DELAI`; until then everything stays, but its sessions."""
    utilisateur.fermeture_prevue_le = timezone.now() + DELAI
    utilisateur.garder_nom = garder_nom
    utilisateur.save(update_fields=["fermeture_prevue_le", "garder_nom"])
    sessions.finir(utilisateur)
    lien = settings.SITE_URL + reverse("garder_mon_compte", args=[_signer(utilisateur)])
    textes = rendre("comptes/fermeture_prevue", {"le": utilisateur.fermeture_prevue_le, "lien": lien})
    ecrire(utilisateur.email, *textes, cle=f"compte-fermeture-{uuid4()}", duree=DELAI)


def a_garder(jeton: str) -> Utilisateur | None:
    """Return whom a link of `demander_fermeture` lets keep her account, None if there is nothing to take back."""
    try:
        pk, prevue = signing.loads(jeton, salt=SEL)
    except signing.BadSignature:
        return None
    attendant = Utilisateur.objects.filter(pk=pk, ferme_le=None).exclude(fermeture_prevue_le=None).first()
    return attendant if attendant and _instant(attendant) == prevue else None


def garder(utilisateur: Utilisateur) -> None:
    """Take back the closing that was asked, if one was; tell its owner."""
    attendant = Utilisateur.objects.filter(pk=utilisateur.pk, ferme_le=None).exclude(fermeture_prevue_le=None)
    if attendant.update(fermeture_prevue_le=None):
        utilisateur.fermeture_prevue_le = None
        avertir(utilisateur.email, "Votre compte ne sera pas fermé\u00a0: la demande de fermeture est annulée.")


def fermer_ceux_qui_attendent() -> None:
    """Close for good the accounts whose delay is over."""
    echus = Utilisateur.objects.filter(ferme_le=None, fermeture_prevue_le__lte=timezone.now())
    for pk in list(echus.values_list("pk", flat=True)):
        with transaction.atomic():
            # Read again under the lock: she may have taken it back while others were being closed.
            if utilisateur := echus.select_for_update().filter(pk=pk).first():
                fermer(utilisateur, garder_nom=utilisateur.garder_nom)


def _signer(utilisateur: Utilisateur) -> str:
    return signing.dumps([utilisateur.pk, _instant(utilisateur)], salt=SEL)


def _instant(utilisateur: Utilisateur) -> float | None:
    prevue = utilisateur.fermeture_prevue_le
    return prevue.timestamp() if prevue else None


@transaction.atomic
def fermer(utilisateur: Utilisateur, *, garder_nom: bool) -> None:
    """Close an account for good: everything that identifies goes, or all but the name already published.

    The row stays, emptied: the journal of what happened, which nobody may change, points to it.
    """
    utilisateur = Utilisateur.objects.select_for_update().get(pk=utilisateur.pk)
    if utilisateur.ferme_le:
        return
    for detenteur in _DETENTEURS.values():
        detenteur.effacer(utilisateur, garder_nom=garder_nom)
    adresse = utilisateur.email
    Courriel.objects.filter(destinataire=adresse).delete()
    EmailAddress.objects.filter(user=utilisateur).delete()
    Authenticator.objects.filter(user=utilisateur).delete()
    SocialAccount.objects.filter(user=utilisateur).delete()
    sessions.finir(utilisateur)
    utilisateur.groups.clear()
    utilisateur.email = f"compte-{utilisateur.pk}@ferme.invalid"
    utilisateur.lien = ""
    if not garder_nom:
        utilisateur.nom_affiche = utilisateur.pseudonyme = ""
        utilisateur.credit_prefere = Utilisateur.Credit.ANONYME
    utilisateur.is_active = utilisateur.is_staff = utilisateur.is_superuser = False
    utilisateur.last_login = None
    utilisateur.ferme_le, utilisateur.fermeture_prevue_le = timezone.now(), None
    utilisateur.set_unusable_password()
    utilisateur.save()
    utilisateur.anciennes_adresses.all().delete()
    ecrire(adresse, *rendre("comptes/compte_ferme", {"garder_nom": garder_nom}), cle=f"compte-ferme-{utilisateur.pk}")
