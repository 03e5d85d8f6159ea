"""Fields of forms that ask people who they are: an e-mail address, a public link."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from francais.caracteres import refuser_les_trompeurs

ADRESSE_MAX = 500  # characters read to say what is wrong
RESSEMBLE = re.compile(r"[^\s<>(),;:\"@]{1,64}@[^\s<>(),;:\"@]{1,100}\.[^\s<>(),;:\"@.]{2,24}")  # what looks like one
ADRESSE_INCOMPLETE = "Cette adresse n’est pas complète. Exemple : sante@ville.fr"


class ChampCourriel(forms.EmailField):
    widget = forms.EmailInput(attrs={"autocomplete": "email"})
    default_validators = [*forms.EmailField.default_validators, refuser_les_trompeurs]
    default_error_messages = {"invalid": ADRESSE_INCOMPLETE, "max_length": "Cette adresse est trop longue."}

    def clean(self, value: Any) -> str:
        """Return the address; what is wrong with it is said in its own words. Raises ValidationError."""
        try:
            return super().clean(value)
        except ValidationError as refus:
            if refus.error_list[0].code != "invalid":
                raise
            raise ValidationError(ce_qui_ne_va_pas(str(value)), code="invalid") from refus


def ce_qui_ne_va_pas(adresse: str) -> str:
    """Return why this is no address one can write to: several of them, a name around it, an accent."""
    adresses = RESSEMBLE.findall(adresse[:ADRESSE_MAX])
    if len(adresses) > 1:
        return f"Une seule adresse\u00a0: gardez celle où nous répondre, {adresses[0]} par exemple."
    nom, _, domaine = adresse.strip().rpartition("@")
    if adresses and adresses[0] != adresse.strip():
        return f"Gardez l’adresse seule\u00a0: {adresses[0]}"
    if adresses and not nom.isascii():
        sans_accents = "".join(c for c in unicodedata.normalize("NFD", nom) if not unicodedata.combining(c))
        return f"Une adresse s’écrit sans accent\u00a0: {sans_accents}@{domaine}\u00a0?"
    return ADRESSE_INCOMPLETE


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
