"""What the site keeps about a person: take it away, or leave. Applications that keep something declare it here.

An application above this one calls `declarer` from `AppConfig.ready()`:

    donnees.declarer("contributions", exporter=tout_ce_que, effacer=oublier)

`exporter(utilisateur)` returns what JSON can write. `effacer(utilisateur, garder_nom=…)` removes what identifies the
person, or all but the published name; called again, it does nothing more. It must not delete the account.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone

from comptes.models import Utilisateur
from courriels.envoi import ecrire, rendre
from courriels.models import Courriel


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
        "compte": {
            "adresse électronique": utilisateur.email,
            "nom affiché": utilisateur.nom_affiche,
            "pseudonyme": utilisateur.pseudonyme,
            "lien public": utilisateur.lien,
            "crédit préféré": utilisateur.get_credit_prefere_display(),
            "courriels voulus": utilisateur.get_courriels_display(),
            "rôles": sorted(utilisateur.roles),
            "inscrit le": utilisateur.inscrit_le.isoformat(),
            "dernière connexion": utilisateur.last_login and utilisateur.last_login.isoformat(),
        },
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
        "courriels des trente derniers jours": [
            {"objet": courriel.objet, "écrit le": courriel.ecrit_le.isoformat(), "texte": courriel.corps}
            for courriel in Courriel.objects.filter(destinataire=utilisateur.email).order_by("ecrit_le")
        ],
        **{nom: detenteur.exporter(utilisateur) for nom, detenteur in sorted(_DETENTEURS.items())},
    }


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
    for session in UserSession.objects.filter(user=utilisateur):
        session.end()
    utilisateur.groups.clear()
    utilisateur.email = f"compte-{utilisateur.pk}@ferme.invalid"
    utilisateur.lien = ""
    if not garder_nom:
        utilisateur.nom_affiche = utilisateur.pseudonyme = ""
        utilisateur.credit_prefere = Utilisateur.Credit.ANONYME
    utilisateur.is_active = utilisateur.is_staff = utilisateur.is_superuser = False
    utilisateur.last_login = None
    utilisateur.ferme_le = timezone.now()
    utilisateur.set_unusable_password()
    utilisateur.save()
    ecrire(adresse, *rendre("comptes/compte_ferme", {"garder_nom": garder_nom}), cle=f"compte-ferme-{utilisateur.pk}")
