"""Permissions on contributions: one predicate for each act; views and verbs ask them, nobody else decides."""

from contributions.models import Dossier, Proposition, Recours, Signalement
from fiches.models import Fiche


def peut_moderer(utilisateur) -> bool:
    return bool(utilisateur and utilisateur.is_active and utilisateur.est_moderateur)


def peut_lire(utilisateur, fiche: Fiche | None) -> bool:
    """Say whether somebody may read a fiche from its form: once it is not published, only who moderates."""
    return fiche is None or fiche.etat == Fiche.Etat.PUBLIEE or peut_moderer(utilisateur)


def est_de(utilisateur, contribution: Proposition | Signalement | None) -> bool:
    """Say whether somebody wrote this, with the account or with an address that is, or was, hers."""
    if contribution is None:
        return False
    return contribution.auteur_id == utilisateur.pk or utilisateur.a_eu(contribution.courriel)


def peut_decider(utilisateur, proposition: Proposition) -> bool:
    """Nobody decides on what they wrote, with their account or with their address alone."""
    return peut_moderer(utilisateur) and not est_de(utilisateur, proposition)


def a_signale(utilisateur, dossier: Dossier) -> bool:
    """Say whether somebody made one of the reports of this case: nobody decides on what they reported."""
    recus = list(dossier.signalements.values_list("auteur", "courriel"))
    return any(auteur == utilisateur.pk for auteur, _ in recus) or utilisateur.a_eu(*(adresse for _, adresse in recus))


def peut_decider_recours(utilisateur, recours: Recours) -> bool:
    """An appeal goes to somebody else than the first decider, and than the person who appeals."""
    cible = recours.proposition or recours.signalement
    return (
        peut_moderer(utilisateur) and recours.premier_decideur_id != utilisateur.pk and not est_de(utilisateur, cible)
    )
