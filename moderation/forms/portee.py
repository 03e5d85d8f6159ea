"""Forms of « Mes territoires »: what a moderator looks after."""

from django import forms

from fiches.models import Theme
from territoires.forms import ChampTerritoire


class ChampRecherche(forms.CharField):
    """Words to look for territories with: several may answer, unlike those of a ChampTerritoire."""

    suggestions = ChampTerritoire.suggestions


class AjoutTerritoire(forms.Form):
    q = ChampRecherche(label="Commune, quartier, intercommunalité, département, région ou code", max_length=100)


class ThemesSuivis(forms.Form):
    themes = forms.ModelMultipleChoiceField(
        Theme.objects.all(),
        label="Thématiques",
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
