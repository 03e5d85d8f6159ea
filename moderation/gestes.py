"""The state buttons of the administration: the verbs of the desk, with the reasons they ask for.

Accepting a proposition and going back to a version are not here: they want the whole examination, at the desk.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from contributions.models import Dossier, Proposition, Recours, transitions
from contributions.verbes import recours, retraits, signalements, workflow
from fiches.forms import ChampTexte
from fiches.models import Fiche
from moderation.forms.decider import MESSAGE_MAX
from moderation.forms.motiver import (
    CHOIX_MOTIF,
    DireCorrige,
    Expose,
    Fusionner,
    MasquerSignale,
    Rattacher,
    Repondre,
    ReponseRecours,
    Retablir,
)


@dataclass(frozen=True)
class Bouton:
    titre: str
    effet: str  # what will happen, said before it does
    depuis: Collection[str]  # the states it is offered in; the verb checks again
    formulaire: Callable[[Any, QueryDict | None], forms.Form]
    faire: Callable[[Any, Any, Any], object]  # the object, who, the form once valid


class Message(forms.Form):
    """To the author, about the text that was looked at."""

    explication = ChampTexte(
        label="Message à l’auteur", required=True, max_length=MESSAGE_MAX, widget=forms.Textarea(attrs={"rows": 4})
    )
    depot = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31)


class Refus(Message):
    motif = forms.ChoiceField(label="Motif", choices=CHOIX_MOTIF)
    field_order = ("motif", "explication")


def _avec(classe: type[forms.Form]) -> Callable[[Any, QueryDict | None], forms.Form]:
    return lambda objet, donnees: classe(donnees)


_sans = _avec(forms.Form)


def _sur_le_depot(classe: type[forms.Form]) -> Callable[[Proposition, QueryDict | None], forms.Form]:
    return lambda proposition, donnees: classe(
        donnees, initial={"depot": proposition.depot.numero if proposition.depot else None}
    )


PRENDRE = "Personne d’autre ne pourra décider pendant deux heures."
RENDRE = "N’importe quel modérateur pourra décider."

PROPOSITION = {
    "prendre": Bouton("Prendre", PRENDRE, Proposition.A_TRAITER, _sans, lambda o, par, f: workflow.prendre(o, par=par)),
    "rendre": Bouton(
        "Rendre", RENDRE, transitions.PROPOSITION["rendre"].depuis, _sans, lambda o, par, f: workflow.rendre(o, par=par)
    ),
    "demander_corrections": Bouton(
        "Demander des corrections",
        "Le texte retourne à son auteur, qui reçoit votre message.",
        Proposition.A_TRAITER,
        _sur_le_depot(Message),
        lambda o, par, f: workflow.demander_corrections(o, par=par, **f.cleaned_data),
    ),
    "ecarter": Bouton(
        "Écarter",
        "Rien ne sera publié. L’auteur reçoit le motif et votre message, et peut contester.",
        Proposition.A_TRAITER,
        _sur_le_depot(Refus),
        lambda o, par, f: workflow.ecarter(o, par=par, **f.cleaned_data),
    ),
}

DOSSIER = {
    "prendre": Bouton("Prendre", PRENDRE, Dossier.A_TRAITER, _sans, lambda o, par, f: signalements.prendre(o, par=par)),
    "rendre": Bouton(
        "Rendre",
        RENDRE,
        transitions.DOSSIER["rendre"].depuis,
        _sans,
        lambda o, par, f: signalements.rendre(o, par=par),
    ),
    "corriger": Bouton(
        "Clore : corrigé",
        "Le dossier se clôt, chaque personne qui a signalé reçoit la réponse.",
        Dossier.A_TRAITER,
        _avec(DireCorrige),
        lambda o, par, f: signalements.corriger(o, par=par, explication=f.cleaned_data["explication"].strip()),
    ),
    "masquer": Bouton(
        "Masquer la fiche",
        "La fiche quitte la vue du public, à l’instant, et dit pourquoi. Le dossier se clôt.",
        Dossier.A_TRAITER,
        _avec(MasquerSignale),
        lambda o, par, f: signalements.masquer(o, par=par, motif=f.cleaned_data["motif"], explication=f.explication),
    ),
    "classer": Bouton(
        "Classer sans suite",
        "Rien ne change sur la fiche. Chaque personne qui a signalé reçoit la réponse, et peut contester.",
        Dossier.A_TRAITER,
        _avec(Repondre),
        lambda o, par, f: signalements.classer(o, par=par, **f.cleaned_data),
    ),
    "rattacher": Bouton(
        "Rattacher à un autre dossier",
        "Ce dossier se clôt comme un double. Chaque personne qui a signalé reçoit la réponse.",
        Dossier.A_TRAITER,
        lambda dossier, donnees: Rattacher(donnees, dossier=dossier),
        lambda o, par, f: signalements.rattacher(o, par=par, **f.cleaned_data),
    ),
}

FICHE = {
    "masquer": Bouton(
        "Masquer",
        "La fiche quitte la vue du public, à l’instant. Son adresse dit depuis quand et pourquoi.",
        transitions.FICHE["masquer_fiche"].depuis,
        _avec(Expose),
        lambda o, par, f: retraits.masquer(o, par=par, motif=f.cleaned_data["motif"], explication=f.explication),
    ),
    "retirer": Bouton(
        "Archiver",
        "La fiche sort de la base. Son adresse dit qu’elle a été retirée, quand et pourquoi.",
        transitions.FICHE["retirer_fiche"].depuis,
        _avec(Expose),
        lambda o, par, f: retraits.retirer(o, par=par, motif=f.cleaned_data["motif"], explication=f.explication),
    ),
    "fusionner": Bouton(
        "Fusionner dans une autre",
        "L’adresse de la fiche mène désormais à l’autre.",
        transitions.FICHE["fusionner_fiche"].depuis,
        lambda fiche, donnees: Fusionner(donnees, fiche=fiche),
        lambda o, par, f: retraits.fusionner(o, par=par, **f.cleaned_data),
    ),
    "retablir": Bouton(
        "Rétablir",
        "La fiche redevient publique, à l’instant.",
        transitions.FICHE["retablir_fiche"].depuis,
        _avec(Retablir),
        lambda o, par, f: retraits.retablir(o, par=par, **f.cleaned_data),
    ),
}

RECOURS = {
    "confirmer": Bouton(
        "Confirmer la décision",
        "La décision contestée est maintenue.",
        [Recours.Statut.DEPOSE],
        _avec(ReponseRecours),
        lambda o, par, f: recours.confirmer(o, par=par, **f.cleaned_data),
    ),
    "infirmer": Bouton(
        "Infirmer la décision",
        "Ce qui est contesté retourne dans la file, pour être réexaminé.",
        [Recours.Statut.DEPOSE],
        _avec(ReponseRecours),
        lambda o, par, f: recours.infirmer(o, par=par, **f.cleaned_data),
    ),
}
BOUTONS: dict[type, dict[str, Bouton]] = {
    Proposition: PROPOSITION,
    Dossier: DOSSIER,
    Fiche: FICHE,
    Recours: RECOURS,
}


def offerts(objet: Any) -> dict[str, Bouton]:
    """Return the buttons that the state of this object allows."""
    etat = objet.etat if isinstance(objet, Fiche) else objet.statut
    return {verbe: bouton for verbe, bouton in BOUTONS[type(objet)].items() if etat in bouton.depuis}
