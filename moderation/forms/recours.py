"""The answer to an appeal."""

from django import forms

from contributions.verbes.echanges import MESSAGE_MAX
from fiches.forms import ChampTexte
from moderation.forms.gestes import FormulaireGeste


class ReponseRecours(FormulaireGeste):
    explication = ChampTexte(
        label="Votre explication",
        help_text="Envoyée à la personne qui conteste et à celle qui avait décidé.",
        required=True,
        max_length=MESSAGE_MAX,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
