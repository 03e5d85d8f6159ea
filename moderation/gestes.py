"""What moderators do, each act once: the desk, /admin/ and the confirmation read this table.

From where and to where: contributions/models/transitions.py, which the journal, the follow-up page, the public figures
and docs/workflow.md read too.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from contributions.models import Dossier, Proposition, Recours
from contributions.models.transitions import DOSSIER, FICHE, PROPOSITION, RECOURS, REGLE
from contributions.verbes import avis, echanges, recours, retraits, signalements, workflow
from dispositifs.models import Regle
from fiches.models import Fiche, Version
from moderation import regles
from moderation.forms.fiches import Expose, Fusionner, Restaurer, Retablir
from moderation.forms.gestes import DemandeAvis, FormulaireGeste
from moderation.forms.propositions import Corrections, FormulaireDecision, Refus
from moderation.forms.recours import ReponseRecours
from moderation.forms.regles import RaisonRegle
from moderation.forms.signalements import DireCorrige, EcrireAuxSignalants, MasquerSignale, Rattacher, Repondre


@dataclass(frozen=True)
class Geste:
    titre: str
    bouton: str
    effet: str | Callable[[Any, Any, Any], str]  # what it will do: of the object, its form, what its rehearsal made
    fait: str  # what it did; names what was answered, and `fait`, what the verb returned
    depuis: Collection[str]  # the states it is offered in; the verb checks again
    faire: Callable[..., Any]  # the verb
    formulaire: Callable[..., Any] = FormulaireGeste  # where no page has its own
    icone: str = ""  # where it is folded
    danger: bool = False
    immediat: bool = False  # nothing to see before
    au_poste: bool = False  # at the desk only: it wants the whole page

    def annoncer(self, objet: Any, formulaire: Any, fait: Any = None) -> str:
        return self.effet if isinstance(self.effet, str) else self.effet(objet, formulaire, fait)

    def appliquer(self, objet: Any, par: Any, formulaire: Any) -> Any:
        return self.faire(objet, par=par, **formulaire.arguments)


def _publiera(proposition: Proposition, formulaire: FormulaireDecision, version: Version) -> str:
    suite = ", ajustée par vous" if formulaire.ajustements or formulaire.choix else ""
    partie = " Une partie n’est pas retenue." if formulaire.retenues is not None else ""
    return f"La version {version.numero} sera publiée, créditée « {proposition.nom_credite} »{suite}.{partie}"


def _fera_tomber(conteste: Recours, formulaire: ReponseRecours, fait: Any) -> str:  # noqa: ARG001
    if conteste.mesure:
        return "La mesure tombera : la fiche redevient publique, à l’instant. Les deux personnes sont prévenues."
    return "La décision tombera : ce qui était contesté revient dans la file. Les deux personnes sont prévenues."


def _prendre(faire: Callable[..., Any], depuis: Collection[str]) -> Geste:
    effet = "Personne d’autre ne pourra décider pendant deux heures."
    return Geste("Prendre", "Prendre", effet, "C’est pris, pour deux heures.", depuis, faire, immediat=True)


def _rendre(faire: Callable[..., Any], depuis: Collection[str]) -> Geste:
    effet = "N’importe quel modérateur pourra décider."
    return Geste("Rendre", "Rendre", effet, "C’est rendu à la file.", depuis, faire, immediat=True)


def _demander_avis(depuis: Collection[str]) -> Geste:
    return Geste(
        "Demander l’avis de…",
        "Envoyer",
        "Rien d’autre ne change.",
        "Votre question est envoyée à {a}.",
        depuis,
        avis.demander,
        DemandeAvis,
        icone="reponse",
        immediat=True,
        au_poste=True,
    )


CLOS = "Le dossier est clos, chaque personne est prévenue."
MASQUERA = "La fiche quittera la vue du public, à l’instant. Son adresse dira depuis quand et pourquoi."
DECIDE = "Le recours est décidé, les deux personnes sont prévenues."

GESTES: dict[type, dict[str, Geste]] = {
    Proposition: {
        "prendre": _prendre(workflow.prendre, PROPOSITION["prendre"].depuis),
        "rendre": _rendre(workflow.rendre, PROPOSITION["rendre"].depuis),
        "accepter": Geste(
            "Accepter",
            "Accepter",
            _publiera,
            "La version {fait.numero} est publiée.",
            PROPOSITION["accepter"].depuis,
            workflow.accepter,
            au_poste=True,
        ),
        "demander_corrections": Geste(
            "Demander des corrections",
            "Demander des corrections",
            "Le texte sera rendu à son auteur avec vos remarques. Rien ne sera publié.",
            "Les corrections sont demandées : le texte est rendu à son auteur.",
            PROPOSITION["demander_corrections"].depuis,
            workflow.demander_corrections,
            Corrections,
        ),
        "ecarter": Geste(
            "Écarter",
            "Écarter",
            "La proposition sera écartée. Rien ne sera publié. L’auteur pourra contester pendant six mois.",
            "La proposition est écartée, et l’auteur sait pourquoi.",
            PROPOSITION["ecarter"].depuis,
            workflow.ecarter,
            Refus,
        ),
        "avis": _demander_avis(Proposition.Statut.values),
    },
    Dossier: {
        "prendre": _prendre(signalements.prendre, DOSSIER["prendre"].depuis),
        "rendre": _rendre(signalements.rendre, DOSSIER["rendre"].depuis),
        "corriger": Geste(
            "La fiche dit juste maintenant",
            "Clore comme corrigé",
            "Le dossier sera clos : la fiche dit juste.",
            CLOS,
            DOSSIER["corriger"].depuis,
            signalements.corriger,
            DireCorrige,
            icone="coche",
        ),
        "masquer": Geste(
            "Masquer la fiche en attendant",
            "Masquer",
            MASQUERA,
            CLOS,
            DOSSIER["masquer"].depuis,
            signalements.masquer,
            MasquerSignale,
            icone="oeil",
            danger=True,
        ),
        "classer": Geste(
            "Sans suite",
            "Classer sans suite",
            "Le dossier sera clos sans rien changer.",
            CLOS,
            DOSSIER["classer"].depuis,
            signalements.classer,
            Repondre,
            icone="croix",
        ),
        "rattacher": Geste(
            "Doublon d’un autre dossier",
            "Rattacher",
            "Le dossier sera rattaché à l’autre.",
            CLOS,
            DOSSIER["rattacher"].depuis,
            signalements.rattacher,
            Rattacher,
            icone="fusion",
        ),
        "ecrire": Geste(
            "Écrire à qui a signalé",
            "Envoyer",
            "Chaque personne qui a signalé recevra votre message.",
            "Votre message est envoyé à chaque personne qui a signalé.",
            Dossier.Statut.values,
            echanges.repondre_aux_signalants,
            EcrireAuxSignalants,
            icone="courrier",
            immediat=True,
            au_poste=True,
        ),
        "avis": _demander_avis(Dossier.Statut.values),
    },
    Fiche: {
        "masquer": Geste(
            "Masquer en attendant",
            "Masquer",
            MASQUERA,
            "La fiche est masquée.",
            FICHE["masquer_fiche"].depuis,
            retraits.masquer,
            Expose,
            icone="oeil",
            danger=True,
        ),
        "retablir": Geste(
            "Rétablir",
            "Rétablir",
            "La fiche redeviendra publique, à l’instant.",
            "La fiche est rétablie.",
            FICHE["retablir_fiche"].depuis,
            retraits.retablir,
            Retablir,
            icone="coche",
        ),
        "restaurer": Geste(
            "Revenir à une version",
            "Publier cette version à nouveau",
            "Une nouvelle version dira ce que disait l’ancienne. Rien n’est effacé.",
            "La version est publiée à nouveau.",
            Fiche.Etat.values,
            retraits.restaurer,
            Restaurer,
            icone="historique",
            au_poste=True,
        ),
        "fusionner": Geste(
            "Fusionner dans une autre fiche",
            "Fusionner",
            "L’adresse de la fiche mènera désormais à l’autre.",
            "La fiche est fusionnée : son adresse mène à l’autre.",
            FICHE["fusionner_fiche"].depuis,
            retraits.fusionner,
            Fusionner,
            icone="fusion",
            danger=True,
        ),
        "retirer": Geste(
            "Retirer de la base",
            "Retirer",
            "La fiche sera retirée de la base. Son adresse répondra qu’elle l’a été, quand et pourquoi.",
            "La fiche est retirée.",
            FICHE["retirer_fiche"].depuis,
            retraits.retirer,
            Expose,
            icone="croix",
            danger=True,
        ),
    },
    Recours: {
        "infirmer": Geste(
            "Infirmer",
            "Infirmer",
            _fera_tomber,
            DECIDE,
            RECOURS["infirmer"].depuis,
            recours.infirmer,
            ReponseRecours,
        ),
        "confirmer": Geste(
            "Confirmer",
            "Confirmer",
            "La décision sera maintenue. La personne qui conteste et celle qui avait décidé sont prévenues.",
            DECIDE,
            RECOURS["confirmer"].depuis,
            recours.confirmer,
            ReponseRecours,
        ),
    },
    Regle: {
        "retirer": Geste(
            "Retirer la règle",
            "Retirer",
            "Elle ne comptera plus. Elle reste ici, avec son histoire.",
            "La règle est retirée : elle ne compte plus.",
            REGLE["retirer_regle"].depuis,
            regles.retirer,
            RaisonRegle,
            icone="croix",
            danger=True,
            immediat=True,
        ),
        "remettre": Geste(
            "Remettre la règle en vigueur",
            "Remettre en vigueur",
            lambda regle, *_: f"«\u00a0{regle.explication}\u00a0» comptera à nouveau.",
            "La règle compte à nouveau.",
            REGLE["remettre_regle"].depuis,
            regles.remettre,
            RaisonRegle,
            icone="coche",
            immediat=True,
        ),
    },
}


def offerts(objet: Any) -> dict[str, Geste]:
    """Return what the state of this object allows."""
    etat = objet.etat if isinstance(objet, Fiche) else objet.statut
    return {verbe: geste for verbe, geste in GESTES[type(objet)].items() if etat in geste.depuis}
