"""Gestes: what moderators do, each act once; the desk, /admin/ and the confirmation read this table.

From where and to where: contributions/models/transitions.py, which the journal, the follow-up page, the public figures
and docs/workflow.md read too.
"""

from collections.abc import Callable
from typing import Any

from contributions.models import Dossier, Message, Proposition, Recours
from contributions.models.transitions import TRANSITIONS, Transition, champ_du_journal
from contributions.verbes import (
    annulation,
    assignation,
    avis,
    echanges,
    indesirables,
    propositions,
    recours,
    retraits,
    signalements,
    suites,
)
from fiches.models import Fiche, Version
from moderation.forms.fiches import Expose, Fusionner, Restaurer, Retablir
from moderation.forms.gestes import Confier, DemandeAvis
from moderation.forms.messages import EcrireALAuteur, Reponse, SansReponse
from moderation.forms.propositions import Corrections, FormulaireDecision, Reexamen, Refus
from moderation.forms.recours import ReponseRecours
from moderation.forms.signalements import DireCorrige, EcrireAuxSignalants, MasquerSignale, Rattacher, Repondre
from moderation.geste import Geste
from moderation.gestes_des_ecrits import DES_ECRITS


def _publiera(proposition: Proposition, formulaire: FormulaireDecision, version: Version) -> str:
    if formulaire.examen.depot.absence:
        return "L’absence sera écrite, avec sa date et sa source\u00a0; la fiche ne change pas."
    suite = ", ajustée par vous" if any(credit["role"] == "ajustement" for credit in version.credits) else ""
    partie = " Une partie n’est pas retenue." if formulaire.retenues is not None else ""
    return f"La version {version.numero} sera publiée, créditée « {proposition.nom_credite} »{suite}.{partie}"


def _fera_tomber(conteste: Recours, formulaire: ReponseRecours, fait: Any) -> str:  # noqa: ARG001
    if conteste.mesure:
        return "La mesure tombera : la fiche redevient publique, à l’instant. Les deux personnes sont prévenues."
    return "La décision tombera : ce qui était contesté revient dans la file. Les deux personnes sont prévenues."


def _fera_suivre(fiche: Fiche, formulaire: Fusionner, fait: Any) -> str:  # noqa: ARG001
    """Say what becomes of what waits there."""
    comptes = suites.bilan(fiche)
    formes = {
        "reportee": ("proposition y sera reportée", "propositions y seront reportées"),
        "rendue": ("proposition sera rendue à qui l’a écrite", "propositions seront rendues à qui les a écrites"),
        "deja_dite": (
            "proposition, que l’autre dit déjà, sera close",
            "propositions, que l’autre dit déjà, seront closes",
        ),
        "signalement": ("signalement y sera reporté", "signalements y seront reportés"),
    }
    suite = [f"{comptes[issue]}\u00a0{formes[issue][comptes[issue] > 1]}" for issue in formes if comptes[issue]]
    return " ".join(["L’adresse de la fiche mènera désormais à l’autre.", *(f"{phrase}." for phrase in suite)])


def _prendre(faire: Callable[..., Any]) -> Geste:
    effet = "Personne d’autre ne pourra décider pendant deux heures."
    return Geste("Prendre", effet, "C’est pris, pour deux heures.", faire, immediat=True)


def _rendre(faire: Callable[..., Any]) -> Geste:
    return Geste("Rendre", "N’importe quel modérateur pourra décider.", "C’est rendu à la file.", faire, immediat=True)


CONFIER = Geste(
    "Confier à…",
    "Personne d’autre ne pourra décider pendant deux jours (deux heures, si c’est urgent).",
    "C’est confié à {a}.",
    assignation.confier,
    Confier,
    au_bouton="Confier",
    icone="personnes",
    immediat=True,
    au_poste=True,
)
DEMANDER_AVIS = Geste(
    "Demander l’avis de…",
    "Rien d’autre ne change.",
    "Votre question est envoyée à {a}.",
    avis.demander,
    DemandeAvis,
    au_bouton="Envoyer",
    icone="reponse",
    immediat=True,
    au_poste=True,
)
CLOS = "Le dossier est clos, chaque personne est prévenue."
MASQUERA = "La fiche quittera la vue du public, à l’instant. Son adresse dira depuis quand et pourquoi."
DECIDE = "Le recours est décidé, les deux personnes sont prévenues."

GESTES: dict[type, dict[str, Geste]] = {
    Proposition: {
        "prendre": _prendre(propositions.prendre),
        "rendre": _rendre(propositions.rendre),
        "accepter": Geste(
            "Accepter",
            _publiera,
            "La version {fait.numero} est publiée.",
            propositions.accepter,
            au_poste=True,
        ),
        "demander_corrections": Geste(
            "Demander des corrections",
            "Le texte sera rendu à son auteur avec vos remarques. Rien ne sera publié.",
            "Les corrections sont demandées : le texte est rendu à son auteur.",
            propositions.demander_corrections,
            Corrections,
        ),
        "ecarter": Geste(
            "Écarter",
            "La proposition sera écartée. Rien ne sera publié. L’auteur pourra contester pendant six mois.",
            "La proposition est écartée, et l’auteur sait pourquoi.",
            propositions.ecarter,
            Refus,
        ),
        "ecrire": Geste(
            "Écrire à l’auteur",
            "L’auteur recevra votre message.",
            "Votre message est envoyé à l’auteur.",
            echanges.repondre,
            EcrireALAuteur,
            au_bouton="Envoyer",
            icone="courrier",
            immediat=True,
            au_poste=True,
        ),
        "annuler": Geste(
            "Annuler la décision",
            "La proposition attendra à nouveau. Ce qui a été publié revient au texte d’avant, aucun courriel ne part.",
            "La décision est annulée : la proposition attend à nouveau, aucun courriel n’est parti.",
            annulation.annuler,
            au_bouton="Annuler",
            icone="reponse",
            immediat=True,
            au_poste=True,
        ),
        "rouvrir": Geste(
            "Rouvrir l’examen",
            "La proposition attendra à nouveau, et son auteur saura pourquoi. Ce qui est publié le reste.",
            "La proposition est rouverte, et son auteur sait pourquoi.",
            annulation.reexaminer,
            Reexamen,
            au_bouton="Rouvrir",
            icone="historique",
            au_poste=True,
        ),
        "disculper": Geste(
            "Ce n’est pas un indésirable",
            "La proposition revient dans la file. Ce qu’elle a de commun avec d’autres ne mettra plus rien à part.",
            "La proposition est revenue dans la file.",
            indesirables.disculper,
            icone="coche",
            immediat=True,
            au_poste=True,
        ),
        "confier": CONFIER,
        "avis": DEMANDER_AVIS,
    },
    Dossier: {
        "prendre": _prendre(signalements.prendre),
        "rendre": _rendre(signalements.rendre),
        "corriger": Geste(
            "La fiche dit juste maintenant",
            "Le dossier sera clos : la fiche dit juste.",
            CLOS,
            signalements.corriger,
            DireCorrige,
            au_bouton="Clore comme corrigé",
            icone="coche",
        ),
        "masquer": Geste(
            "Masquer la fiche en attendant",
            MASQUERA,
            CLOS,
            signalements.masquer,
            MasquerSignale,
            au_bouton="Masquer",
            icone="oeil",
            danger=True,
        ),
        "classer": Geste(
            "Sans suite",
            "Le dossier sera clos sans rien changer.",
            CLOS,
            signalements.classer,
            Repondre,
            au_bouton="Classer sans suite",
            icone="croix",
        ),
        "rattacher": Geste(
            "Doublon d’un autre dossier",
            "Le dossier sera rattaché à l’autre.",
            CLOS,
            signalements.rattacher,
            Rattacher,
            au_bouton="Rattacher",
            icone="fusion",
        ),
        "ecrire": Geste(
            "Écrire à qui a signalé",
            "Chaque personne qui a signalé recevra votre message.",
            "Votre message est envoyé à chaque personne qui a signalé.",
            echanges.repondre_aux_signalants,
            EcrireAuxSignalants,
            au_bouton="Envoyer",
            icone="courrier",
            immediat=True,
            au_poste=True,
        ),
        "confier": CONFIER,
        "avis": DEMANDER_AVIS,
    },
    Fiche: {
        "masquer": Geste(
            "Masquer en attendant",
            MASQUERA,
            "La fiche est masquée.",
            retraits.masquer,
            Expose,
            au_bouton="Masquer",
            icone="oeil",
            danger=True,
        ),
        "retablir": Geste(
            "Rétablir",
            "La fiche redeviendra publique, à l’instant.",
            "La fiche est rétablie.",
            retraits.retablir,
            Retablir,
            icone="coche",
        ),
        "restaurer": Geste(
            "Revenir à une version",
            "Une nouvelle version dira ce que disait l’ancienne. Rien n’est effacé.",
            "La version est publiée à nouveau.",
            retraits.restaurer,
            Restaurer,
            au_bouton="Publier cette version à nouveau",
            icone="historique",
            au_poste=True,
        ),
        "fusionner": Geste(
            "Fusionner dans une autre fiche",
            _fera_suivre,
            "La fiche est fusionnée : son adresse mène à l’autre.",
            retraits.fusionner,
            Fusionner,
            au_bouton="Fusionner",
            icone="fusion",
            danger=True,
        ),
        "retirer": Geste(
            "Retirer de la base",
            "La fiche sera retirée de la base. Son adresse répondra qu’elle l’a été, quand et pourquoi. "
            "Ce qui y attend sera écarté avec ce motif, et chacun prévenu.",
            "La fiche est retirée.",
            retraits.retirer,
            Expose,
            au_bouton="Retirer",
            icone="croix",
            danger=True,
        ),
    },
    Recours: {
        "infirmer": Geste(
            "Infirmer",
            _fera_tomber,
            DECIDE,
            recours.infirmer,
            ReponseRecours,
        ),
        "confirmer": Geste(
            "Confirmer",
            "La décision sera maintenue. La personne qui conteste et celle qui avait décidé sont prévenues.",
            DECIDE,
            recours.confirmer,
            ReponseRecours,
        ),
    },
    # What one does of what an author wrote; the verbs are given the contribution it is about.
    Message: {
        "repondre": Geste(
            "Répondre",
            "L’auteur recevra votre réponse.",
            "Votre réponse est envoyée.",
            echanges.repondre,
            Reponse,
            immediat=True,
        ),
        "repondre_et_rouvrir": Geste(
            "Répondre et rouvrir",
            "L’auteur recevra votre réponse, et ce qui était décidé revient dans la file.",
            "Votre réponse est envoyée, et l’examen rouvert.",
            echanges.repondre_et_rouvrir,
            Reponse,
            immediat=True,
        ),
        "noter": Geste(
            "Garder en note interne",
            "Les autres modérateurs liront cette note. Elle n’est jamais envoyée.",
            "Votre note est gardée ; rien n’est envoyé.",
            echanges.noter,
            Reponse,
            immediat=True,
        ),
        "clore": Geste(
            "Clore sans répondre",
            "Le message n’attendra plus de réponse.",
            "Le message est clos, sans réponse.",
            echanges.clore,
            SansReponse,
            immediat=True,
        ),
    },
    **DES_ECRITS,
}


def offerts(objet: Any) -> dict[str, Geste]:
    """Return what the state of this object allows (the verb checks again); what changes no state is always offered."""
    etat = getattr(objet, "statut", "") or objet.etat
    return {
        verbe: geste
        for verbe, geste in GESTES[type(objet)].items()
        if (transition := _transition(objet, verbe)) is None or etat in transition.depuis
    }


def _transition(objet: Any, verbe: str) -> Transition | None:
    """Return what a verb does to the state. Those of fiches and rules end with their name: « retirer_fiche »."""
    champ = champ_du_journal(objet)
    return TRANSITIONS[champ].get(verbe) or TRANSITIONS[champ].get(f"{verbe}_{champ}")
