from django import forms

from dispositifs.forms import ChampTerritoire


class FiltreTerritoire(forms.Form):
    territoire = ChampTerritoire(label="Sur un territoire", required=False, max_length=100)
