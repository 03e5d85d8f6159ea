"""Forms of « Mes territoires »: what a moderator looks after."""

from django import forms

from fiches.models import Theme


class AjoutTerritoire(forms.Form):
    q = forms.CharField(label="Commune, quartier, intercommunalité, département, région ou code", max_length=100)


class ThemesSuivis(forms.Form):
    themes = forms.ModelMultipleChoiceField(
        Theme.objects.all(),
        label="Thématiques",
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
