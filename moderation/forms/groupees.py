"""Forms of the decisions on several things: those that are ticked, and why they are refused."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from contributions.models import Motif
from contributions.verbes.echanges import MESSAGE_MAX
from fiches.forms import ChampTexte
from moderation.forms.gestes import CHOIX_MOTIF, FormulaireGeste
from moderation.groupees import BORNE

VALEUR = re.compile(r"([1-9]\d{0,17})-([1-9]\d{0,4})")  # Element.valeur
EXPLICATION = (
    "Le même texte, ou le même lien, nous a été envoyé plusieurs fois : il n’apprend rien sur cette fiche. "
    "Si vous vouliez dire autre chose, écrivez-le avec sa source."
)


class ChampChoisies(forms.MultipleChoiceField):
    """Those ticked, as (number, deposit): what somebody decided meanwhile is told by the decision, not refused here."""

    default_error_messages = {"required": "Cochez au moins une proposition."}

    def valid_value(self, value: str) -> bool:
        return bool(VALEUR.fullmatch(value))

    def clean(self, value: Any) -> list[tuple[int, int]]:
        cochees = super().clean(value)
        if len({*cochees}) > BORNE:
            raise ValidationError(f"Pas plus de {BORNE} à la fois.")
        return [(int(pk), int(depot)) for pk, _, depot in (cochee.partition("-") for cochee in cochees)]


class DecisionGroupee(FormulaireGeste):
    choisies = ChampChoisies(label="Propositions", widget=forms.MultipleHiddenInput)

    @property
    def arguments(self) -> dict[str, Any]:
        return {nom: dit for nom, dit in self.cleaned_data.items() if nom != "choisies"}


class RefusGroupe(DecisionGroupee):
    motif = forms.ChoiceField(label="Motif", choices=CHOIX_MOTIF, initial=Motif.PROMOTIONNEL)
    explication = ChampTexte(
        label="Message à chaque auteur",
        required=True,
        max_length=MESSAGE_MAX,
        initial=EXPLICATION,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
