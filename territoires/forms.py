"""A territory asked for in a form: by its designation, its code or its name, and never guessed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy

from territoires.models import Territoire
from territoires.recherche import Lecture, lire


class ChampTerritoire(forms.CharField):
    """What somebody writes of a territory: the Territoire, or None if nothing is written."""

    suggestions = reverse_lazy("territoires:chercher")  # what proposes as one types, for the page

    def prepare_value(self, value: Any) -> Any:
        """Return the name of a designation, which a link gives; as it came if the name would not be surely the same."""
        if not isinstance(value, str) or ":" not in value:
            return value
        territoire = lire(value).territoire
        nom = territoire.nom_complet if territoire else ""
        return nom if nom and lire(nom).territoire == territoire else value

    def clean(self, value: Any) -> Territoire | None:
        saisie = super().clean(value)
        if not saisie:
            return None
        lecture = lire(saisie)
        if lecture.territoire is None:
            raise a_preciser(saisie, lecture)
        return lecture.territoire


def a_preciser(saisie: str, lecture: Lecture) -> ValidationError:
    """Return the error of a territory that is not sure: its `params` hold those to choose from, under `proches`."""
    proches = lecture.proches
    if not proches:
        aide = "Vérifiez l’orthographe, ou écrivez un code postal."
        message = f"Aucun territoire ne correspond à «\u00a0%(saisie)s\u00a0». {aide}"
    elif proches[0].exact:
        message = "Plusieurs territoires répondent à «\u00a0%(saisie)s\u00a0»."
    else:
        message = "Aucun territoire ne s’appelle exactement «\u00a0%(saisie)s\u00a0»."
    return ValidationError(message, code="a_preciser", params={"saisie": saisie, "proches": proches})
