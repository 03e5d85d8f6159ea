"""Who may do what to a contribution: one predicate for each act; views and verbs ask them, nobody else decides."""

from contributions.models import Proposition, Recours


def peut_moderer(utilisateur) -> bool:
    return bool(utilisateur and utilisateur.is_active and utilisateur.est_moderateur)


def peut_decider(utilisateur, proposition: Proposition) -> bool:
    """Nobody decides on what they wrote, with their account or with their address alone."""
    return (
        peut_moderer(utilisateur)
        and proposition.auteur_id != utilisateur.pk
        and proposition.courriel.lower() != utilisateur.email
    )


def peut_modifier(utilisateur, proposition: Proposition) -> bool:
    """Who follows a proposition by its account; the secret link gives the same right to whoever holds it."""
    return bool(utilisateur and proposition.auteur_id and proposition.auteur_id == utilisateur.pk)


def peut_decider_recours(utilisateur, recours: Recours) -> bool:
    """An appeal goes to somebody else than the first decider, and than the person who appeals."""
    cible = recours.proposition or recours.signalement
    return (
        peut_moderer(utilisateur)
        and recours.premier_decideur_id != utilisateur.pk
        and getattr(cible, "auteur_id", None) != utilisateur.pk
        and getattr(cible, "courriel", "").lower() != utilisateur.email
    )
