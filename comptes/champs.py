"""Fields of forms that ask people who they are: an e-mail address, a public link."""

from django import forms
from django.core.exceptions import ValidationError

from francais.caracteres import refuser_les_trompeurs

ADRESSE_INCOMPLETE = "Cette adresse n’est pas complète. Exemple : prenom.nom@ville.fr"


class ChampCourriel(forms.EmailField):
    widget = forms.EmailInput(attrs={"autocomplete": "email"})
    default_validators = [*forms.EmailField.default_validators, refuser_les_trompeurs]
    default_error_messages = {"invalid": ADRESSE_INCOMPLETE}


class ChampLienPublic(forms.URLField):
    """A page about who contributes, shown beside their name: https only, for the sake of those who follow it."""

    default_validators = [*forms.URLField.default_validators, refuser_les_trompeurs]
    default_error_messages = {"invalid": "Ce lien n’est pas complet. Exemple : https://www.ville.fr/sante"}

    def __init__(self, **kwargs):
        super().__init__(**{"required": False, "assume_scheme": "https", **kwargs})

    def clean(self, value) -> str:
        lien = super().clean(value)
        if lien and not lien.startswith("https://"):
            raise ValidationError("Le lien commence par https://, pour protéger celles et ceux qui le suivront.")
        return lien
