"""Transitions: of each verb, the states it leaves and leads to, its words in the journal and among public outcomes.

docs/workflow.md says the same, and a test compares. The functions: contributions/verbes/,
moderation/ecrits.py.
"""

from typing import NamedTuple

from django.db import models

from contributions.models.confirmations import Demande
from contributions.models.lots import Lot
from contributions.models.propositions import Proposition
from contributions.models.recours import Recours
from contributions.models.regles_de_file import RegleDeFile
from contributions.models.signalements import Dossier
from dispositifs.models import Regle
from fiches.models import Fiche
from recherche.models import Synonyme
from territoires.models import Importation

StatutProposition, StatutDossier, StatutRecours = Proposition.Statut, Dossier.Statut, Recours.Statut
StatutDemande, EtatImportation = Demande.Statut, Importation.Etat
EN_VIGUEUR, RETIREE = "en_vigueur", "retiree"  # see Regle.etat, Synonyme.etat


class Transition(NamedTuple):
    depuis: tuple[str, ...]  # nothing: it makes what it is about
    vers: tuple[str, ...]
    journal: str  # nothing: another verb writes the line
    issue: str = ""  # of a decision, as « Transparence » counts it


PROPOSITION = {
    "deposer": Transition(
        (
            StatutProposition.BROUILLON,
            StatutProposition.A_CONFIRMER,
            StatutProposition.SOUMISE,
            StatutProposition.CORRECTIONS_DEMANDEES,
        ),
        (StatutProposition.A_CONFIRMER, StatutProposition.SOUMISE),
        "Proposition déposée",
    ),
    "redeposer": Transition(
        (StatutProposition.EN_EXAMEN,), (StatutProposition.EN_EXAMEN,), "Texte changé pendant l’examen"
    ),
    "confirmer": Transition((StatutProposition.A_CONFIRMER,), (StatutProposition.SOUMISE,), "Adresse confirmée"),
    "retirer": Transition(
        (StatutProposition.BROUILLON, *Proposition.OUVERTES), (StatutProposition.RETIREE,), "Proposition retirée"
    ),
    "prendre": Transition(Proposition.A_TRAITER, (StatutProposition.EN_EXAMEN,), "Pris en charge"),
    "confier": Transition(Proposition.A_TRAITER, (StatutProposition.EN_EXAMEN,), "Confié à un autre modérateur"),
    "rendre": Transition((StatutProposition.EN_EXAMEN,), (StatutProposition.SOUMISE,), "Rendu à la file"),
    "accepter": Transition(
        Proposition.A_TRAITER, (StatutProposition.ACCEPTEE,), "Proposition acceptée", issue="acceptée telle quelle"
    ),
    "accepter_en_partie": Transition(
        Proposition.A_TRAITER,
        (StatutProposition.ACCEPTEE_EN_PARTIE,),
        "Proposition acceptée en partie",
        issue="acceptée en partie",
    ),
    "publier": Transition(
        (StatutProposition.SOUMISE,),
        (StatutProposition.PUBLIEE,),
        "Publiée par son auteur, habilité",
        issue="publiée par une personne habilitée",
    ),
    "demander_corrections": Transition(
        Proposition.A_TRAITER,
        (StatutProposition.CORRECTIONS_DEMANDEES,),
        "Corrections demandées",
        issue="corrections demandées",
    ),
    "ecarter": Transition(Proposition.A_TRAITER, (StatutProposition.ECARTEE,), "Proposition écartée", issue="écartée"),
    "deplacer": Transition(
        Proposition.OUVERTES,
        (
            StatutProposition.A_CONFIRMER,
            StatutProposition.SOUMISE,
            StatutProposition.CORRECTIONS_DEMANDEES,
            StatutProposition.RETIREE,
        ),
        "Fiche fusionnée, proposition reportée",
    ),
    "rouvrir": Transition(Proposition.ADVERSES, (StatutProposition.SOUMISE,), "Examen rouvert"),
    "annuler": Transition(Proposition.DECIDEES, (StatutProposition.SOUMISE,), "Décision annulée par qui l’a prise"),
}
DOSSIER = {
    "prendre": Transition(Dossier.A_TRAITER, (StatutDossier.EN_EXAMEN,), "Pris en charge"),
    "confier": Transition(Dossier.A_TRAITER, (StatutDossier.EN_EXAMEN,), "Confié à un autre modérateur"),
    "rendre": Transition((StatutDossier.EN_EXAMEN,), (StatutDossier.RECU,), "Rendu à la file"),
    "corriger": Transition(
        Dossier.A_TRAITER, (StatutDossier.CORRIGE,), "Signalement suivi d’une correction", issue="fiche corrigée"
    ),
    "masquer": Transition(
        Dossier.A_TRAITER, (StatutDossier.MASQUE,), "Signalement suivi d’un masquage", issue="fiche masquée"
    ),
    "classer": Transition(
        Dossier.A_TRAITER, (StatutDossier.SANS_SUITE,), "Signalement classé sans suite", issue="sans suite"
    ),
    "rattacher": Transition(
        Dossier.A_TRAITER,
        (StatutDossier.DOUBLON,),
        "Signalement rattaché à un autre dossier",
        issue="rattaché à un autre dossier",
    ),
    "deplacer": Transition(Dossier.A_TRAITER, (StatutDossier.RECU,), "Fiche fusionnée, signalement reporté"),
    "rouvrir": Transition(Dossier.CLOS, (StatutDossier.RECU,), "Examen rouvert"),
    "annuler": Transition((StatutDossier.CORRIGE,), (StatutDossier.RECU,), "Correction annulée par qui l’a publiée"),
}
RECOURS = {
    "contester": Transition((), (StatutRecours.DEPOSE,), "Décision contestée"),
    "contester_mesure": Transition((), (StatutRecours.DEPOSE,), ""),
    "confirmer": Transition(
        (StatutRecours.DEPOSE,), (StatutRecours.CONFIRME,), "Décision maintenue", issue="décision maintenue"
    ),
    "infirmer": Transition(
        (StatutRecours.DEPOSE,), (StatutRecours.INFIRME,), "Décision infirmée", issue="décision infirmée"
    ),
}
FICHE = {
    "masquer_fiche": Transition((Fiche.Etat.PUBLIEE,), (Fiche.Etat.MASQUEE,), "Fiche masquée", issue="fiche masquée"),
    "retirer_fiche": Transition(
        (Fiche.Etat.PUBLIEE, Fiche.Etat.MASQUEE), (Fiche.Etat.ARCHIVEE,), "Fiche retirée", issue="fiche retirée"
    ),
    "fusionner_fiche": Transition(
        (Fiche.Etat.PUBLIEE, Fiche.Etat.MASQUEE), (Fiche.Etat.ARCHIVEE,), "Fiche fusionnée dans une autre"
    ),
    "retablir_fiche": Transition((Fiche.Etat.MASQUEE, Fiche.Etat.ARCHIVEE), (Fiche.Etat.PUBLIEE,), "Fiche rétablie"),
}
REGLE = {
    "ajouter_regle": Transition((), (EN_VIGUEUR,), "Règle de « Choisir » ajoutée"),
    "modifier_regle": Transition((EN_VIGUEUR,), (EN_VIGUEUR,), "Règle de « Choisir » modifiée"),
    "retirer_regle": Transition((EN_VIGUEUR,), (RETIREE,), "Règle de « Choisir » retirée"),
    "remettre_regle": Transition((RETIREE,), (EN_VIGUEUR,), "Règle de « Choisir » remise en vigueur"),
}
SYNONYME = {
    "ajouter_synonyme": Transition((), (EN_VIGUEUR,), "Synonyme ajouté"),
    "modifier_synonyme": Transition((EN_VIGUEUR,), (EN_VIGUEUR,), "Synonyme modifié"),
    "retirer_synonyme": Transition((EN_VIGUEUR,), (RETIREE,), "Synonyme retiré"),
    "remettre_synonyme": Transition((RETIREE,), (EN_VIGUEUR,), "Synonyme remis en vigueur"),
}
REGLE_DE_FILE = {
    "modifier_regle_de_file": Transition((EN_VIGUEUR,), (EN_VIGUEUR,), "Règle de la file modifiée"),
    "retirer_regle_de_file": Transition((EN_VIGUEUR,), (RETIREE,), "Règle de la file retirée"),
    "remettre_regle_de_file": Transition((RETIREE,), (EN_VIGUEUR,), "Règle de la file remise en vigueur"),
}
DEMANDE = {
    "preparer_demande": Transition((), (StatutDemande.PREPAREE,), "Demande de confirmation préparée"),
    "relire_demande": Transition((StatutDemande.PREPAREE,), (StatutDemande.RELUE,), "Demande de confirmation relue"),
    "envoyer_demande": Transition((StatutDemande.RELUE,), (StatutDemande.ENVOYEE,), "Demande de confirmation envoyée"),
    "retirer_demande": Transition(Demande.A_ENVOYER, (StatutDemande.RETIREE,), "Demande de confirmation retirée"),
    "repondre_demande": Transition(
        Demande.PARTIES, (StatutDemande.PROPOSEE, StatutDemande.A_LIRE), "Réponse d’une institution reçue"
    ),
    "classer_demande": Transition((StatutDemande.A_LIRE,), (StatutDemande.CLASSEE,), "Réponse d’une institution lue"),
}
IMPORTATION = {
    "apporter_fichier": Transition((), (EtatImportation.A_COMPARER,), "Fichier officiel apporté"),
    "confirmer_fichier": Transition(
        (EtatImportation.COMPAREE,), (EtatImportation.A_APPLIQUER,), "Fichier officiel relu et confirmé"
    ),
    "appliquer_fichier": Transition(
        (EtatImportation.A_APPLIQUER,), (EtatImportation.APPLIQUEE,), "Fichier officiel appliqué"
    ),
    "refuser_fichier": Transition(Importation.EN_COURS, (EtatImportation.REFUSEE,), "Fichier officiel refusé"),
    "abandonner_fichier": Transition(
        (EtatImportation.COMPAREE,), (EtatImportation.ABANDONNEE,), "Fichier officiel abandonné"
    ),
}
# By the column of the journal. A line about something else may also say which fiche: it comes last.
TRANSITIONS = {
    "proposition": PROPOSITION,
    "lot": {},  # it has no state: its propositions have
    "dossier": DOSSIER,
    "recours": RECOURS,
    "regle": REGLE,
    "synonyme": SYNONYME,
    "regle_de_file": REGLE_DE_FILE,
    "demande": DEMANDE,
    "importation": IMPORTATION,
    "fiche": FICHE,
}
# What the journal notes and that changes no state.
AUTRES = {
    "deposer_lot": "Tableau déposé",
    "retirer_lot": "Tableau retiré",
    "decider_lot": "Tableau décidé",
    "signaler": "Signalement reçu",
    "restaurer": "Version restaurée",
    "relire": "Fiche relue, toujours valable",
    "demander_avis": "Avis demandé",
    "clore_messages": "Message clos sans réponse",
    "arreter_demandes": "Une institution ne veut plus être interrogée",
    "changer_credit": "Mention de l’auteur changée",
    "mettre_a_part": "Mise à part par une règle de la file",
    "disculper": "Rendue à la file, ce n’est pas un indésirable",
}


def champ_du_journal(objet: models.Model) -> str:
    """Return the column of the journal that says what a line is about."""
    champs = {
        Proposition: "proposition",
        Lot: "lot",
        Dossier: "dossier",
        Recours: "recours",
        Regle: "regle",
        Synonyme: "synonyme",
        RegleDeFile: "regle_de_file",
        Demande: "demande",
        Importation: "importation",
    }
    return champs.get(type(objet), "fiche")
