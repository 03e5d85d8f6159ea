"""Credit: how to name who contributed, asked alike when a text is handed in and when its author changes their mind."""

from typing import Any

from django import forms

from comptes.champs import ChampLienPublic
from contributions.models import Proposition
from fiches.forms import ChampTexte

DETAILS = ("credit_nom", "credit_lien", "credit_role")


class FormulaireCredit(forms.Form):
    """Fields named as the columns of a proposition. What is typed beside « Anonymement » stays typed, not kept."""

    use_required_attribute = False  # browsers tell as wrong a choice that nobody made yet

    credit = forms.ChoiceField(
        label="Comment vous créditer\u00a0?",
        choices=Proposition.Credit.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez comment vous créditer."},
    )
    credit_nom = ChampTexte(
        label="Nom à afficher",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    credit_role = ChampTexte(
        label="Rôle",
        max_length=100,
        help_text="Par exemple\u00a0: coordinatrice du contrat local de santé.",
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    credit_lien = ChampLienPublic(
        label="Lien",
        max_length=300,
        help_text="Votre page ou celle de votre structure, en https://.",
        widget=forms.URLInput(attrs={"autocomplete": "url"}),
    )

    @staticmethod
    def depart(proposition: Proposition) -> dict[str, str]:
        """Return how this proposition is credited today."""
        return {nom: getattr(proposition, nom) for nom in ("credit", *DETAILS)}

    def clean(self) -> dict[str, Any]:
        propre = super().clean() or {}
        if propre.get("credit") == Proposition.Credit.ANONYME:
            for nom in DETAILS:
                self.errors.pop(nom, None)
                propre[nom] = ""
        elif propre.get("credit") and not propre.get("credit_nom") and "credit_nom" not in self.errors:
            self.add_error("credit_nom", "Indiquez le nom à afficher, ou choisissez «\u00a0Anonymement\u00a0».")
        return propre

    @property
    def credits(self) -> dict[str, str]:
        return {nom: self.cleaned_data[nom] for nom in ("credit", *DETAILS)}
