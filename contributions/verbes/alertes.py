"""Alerts: what moderators are told of what arrives, without waiting for them to come and look.

At once: illicit content, personal data, appeals. When it is late: what nobody took or answered. No word of who sent it
travels: it is read at the desk.
"""

from collections.abc import Iterable

from django.conf import settings

from comptes.models import Utilisateur
from contributions import delais
from contributions.models import Dossier, Message, Recours
from contributions.verbes import equipe
from contributions.verbes.notifications import prevenir
from contributions.verbes.permissions import a_signale, peut_decider_recours
from courriels.envoi import ecrire, rendre


def urgence(dossier: Dossier) -> None:
    """Tell the team that something nobody lets wait was reported; the fallback address, if there is no team."""
    contexte = {"dossier": dossier, "echeance": dossier.ouvert_le + delais.decision(urgente=True)}
    _dire("urgence", dossier, [un for un in equipe.equipe(dossier) if not a_signale(un, dossier)], contexte)


def urgence_sans_prise(dossier: Dossier) -> None:
    """Half the delay has passed and nobody took it: tell the fallback address and every moderator. Once."""
    contexte = {"dossier": dossier, "echeance": dossier.ouvert_le + delais.decision(urgente=True)}
    tous = [un for un in equipe.moderateurs() if not a_signale(un, dossier)]
    _dire("urgence_sans_prise", dossier, tous, contexte, secours=True)


def recours_recu(recours: Recours) -> None:
    """Tell those of the team who may decide it, or all who may; the fallback address, if nobody may."""
    contribution = recours.proposition or recours.signalement
    if contribution is None:
        raise ValueError("un recours porte sur une décision")
    equipiers = [un for un in equipe.equipe(contribution.decision) if peut_decider_recours(un, recours)]
    tous = equipiers or [un for un in equipe.moderateurs() if peut_decider_recours(un, recours)]
    _dire("recours_a_decider", recours, tous, {"recours": recours, "delai": delais.promis()})


def messages_en_retard(moderateur: Utilisateur, messages: Iterable[Message]) -> None:
    """Tell somebody of the team, in one e-mail, which messages waited longer than promised."""
    attendus = sorted(messages, key=lambda message: message.le)
    contexte = {"messages": attendus, "delai": delais.en_mots(delais.reponse())}
    cle = f"messages_en_retard-{attendus[0].pk}-{moderateur.pk}"
    prevenir(moderateur, rendre("moderation/messages_en_retard", contexte), cle, attendus[0].adresse_au_poste)


def _dire(
    gabarit: str, objet: Dossier | Recours, personnes: list[Utilisateur], contexte: dict, *, secours: bool = False
) -> None:
    cle = f"{gabarit}-{objet.pk}"
    corps = rendre(f"moderation/{gabarit}", {**contexte, "objet": objet, "prevenus": personnes})
    for personne in personnes:
        prevenir(personne, corps, f"{cle}-{personne.pk}", objet.adresse_au_poste)
    if settings.ADRESSE_DE_SECOURS and (secours or not personnes):
        ecrire(settings.ADRESSE_DE_SECOURS, *corps, cle=f"{cle}-secours")
