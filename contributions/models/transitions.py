"""Each verb: the states it leaves, those it leads to, its words in the journal and among the public outcomes.

docs/workflow.md says the same, and a test compares. The functions: contributions/verbes/ and moderation/regles.py.
"""

from typing import NamedTuple

from django.db import models

from contributions.models.propositions import Proposition
from contributions.models.recours import Recours
from contributions.models.signalements import Dossier
from dispositifs.models import Regle
from fiches.models import Fiche

P, D, R, E = Proposition.Statut, Dossier.Statut, Recours.Statut, Fiche.Etat
EN_VIGUEUR, RETIREE = "en_vigueur", "retiree"  # see Regle.etat


class Transition(NamedTuple):
    depuis: tuple[str, ...]  # nothing: it makes what it is about
    vers: tuple[str, ...]
    journal: str  # nothing: another verb writes the line
    issue: str = ""  # of a decision, as « Transparence » counts it


PROPOSITION = {
    "deposer": Transition(
        (P.BROUILLON, P.A_CONFIRMER, P.SOUMISE, P.CORRECTIONS_DEMANDEES),
        (P.A_CONFIRMER, P.SOUMISE),
        "Proposition déposée",
    ),
    "redeposer": Transition((P.EN_EXAMEN,), (P.EN_EXAMEN,), "Texte changé pendant l’examen"),
    "confirmer": Transition((P.A_CONFIRMER,), (P.SOUMISE,), "Adresse confirmée"),
    "retirer": Transition((P.BROUILLON, *Proposition.OUVERTES), (P.RETIREE,), "Proposition retirée"),
    "prendre": Transition(Proposition.A_TRAITER, (P.EN_EXAMEN,), "Pris en charge"),
    "rendre": Transition((P.EN_EXAMEN,), (P.SOUMISE,), "Rendu à la file"),
    "accepter": Transition(Proposition.A_TRAITER, (P.ACCEPTEE,), "Proposition acceptée", issue="acceptée telle quelle"),
    "accepter_en_partie": Transition(
        Proposition.A_TRAITER, (P.ACCEPTEE_EN_PARTIE,), "Proposition acceptée en partie", issue="acceptée en partie"
    ),
    "demander_corrections": Transition(
        Proposition.A_TRAITER, (P.CORRECTIONS_DEMANDEES,), "Corrections demandées", issue="corrections demandées"
    ),
    "ecarter": Transition(Proposition.A_TRAITER, (P.ECARTEE,), "Proposition écartée", issue="écartée"),
    "rouvrir": Transition(Proposition.ADVERSES, (P.SOUMISE,), "Rouvert après un recours"),
}
DOSSIER = {
    "prendre": Transition(Dossier.A_TRAITER, (D.EN_EXAMEN,), "Pris en charge"),
    "rendre": Transition((D.EN_EXAMEN,), (D.RECU,), "Rendu à la file"),
    "corriger": Transition(
        Dossier.A_TRAITER, (D.CORRIGE,), "Signalement suivi d’une correction", issue="fiche corrigée"
    ),
    "masquer": Transition(Dossier.A_TRAITER, (D.MASQUE,), "Signalement suivi d’un masquage", issue="fiche masquée"),
    "classer": Transition(Dossier.A_TRAITER, (D.SANS_SUITE,), "Signalement classé sans suite", issue="sans suite"),
    "rattacher": Transition(
        Dossier.A_TRAITER, (D.DOUBLON,), "Signalement rattaché à un autre dossier", issue="rattaché à un autre dossier"
    ),
    "rouvrir": Transition(Dossier.CLOS, (D.RECU,), "Rouvert après un recours"),
}
RECOURS = {
    "contester": Transition((), (R.DEPOSE,), "Décision contestée"),
    "contester_mesure": Transition((), (R.DEPOSE,), ""),
    "confirmer": Transition((R.DEPOSE,), (R.CONFIRME,), "Décision maintenue", issue="décision maintenue"),
    "infirmer": Transition((R.DEPOSE,), (R.INFIRME,), "Décision infirmée", issue="décision infirmée"),
}
FICHE = {
    "masquer_fiche": Transition((E.PUBLIEE,), (E.MASQUEE,), "Fiche masquée", issue="fiche masquée"),
    "retirer_fiche": Transition((E.PUBLIEE, E.MASQUEE), (E.ARCHIVEE,), "Fiche retirée", issue="fiche retirée"),
    "fusionner_fiche": Transition((E.PUBLIEE, E.MASQUEE), (E.ARCHIVEE,), "Fiche fusionnée dans une autre"),
    "retablir_fiche": Transition((E.MASQUEE, E.ARCHIVEE), (E.PUBLIEE,), "Fiche rétablie"),
}
REGLE = {
    "ajouter_regle": Transition((), (EN_VIGUEUR,), "Règle de « Choisir » ajoutée"),
    "modifier_regle": Transition((EN_VIGUEUR,), (EN_VIGUEUR,), "Règle de « Choisir » modifiée"),
    "retirer_regle": Transition((EN_VIGUEUR,), (RETIREE,), "Règle de « Choisir » retirée"),
    "remettre_regle": Transition((RETIREE,), (EN_VIGUEUR,), "Règle de « Choisir » remise en vigueur"),
}
# By the column of the journal. A line about something else may also say which fiche: it comes last.
TRANSITIONS = {"proposition": PROPOSITION, "dossier": DOSSIER, "recours": RECOURS, "regle": REGLE, "fiche": FICHE}
# What the journal notes and that changes no state.
AUTRES = {
    "signaler": "Signalement reçu",
    "restaurer": "Version restaurée",
    "relire": "Fiche relue, toujours valable",
    "demander_avis": "Avis demandé",
    "changer_credit": "Mention de l’auteur changée",
}


def champ_du_journal(objet: models.Model) -> str:
    """Return the column of the journal that says what a line is about."""
    champs = {Proposition: "proposition", Dossier: "dossier", Recours: "recours", Regle: "regle"}
    return champs.get(type(objet), "fiche")
