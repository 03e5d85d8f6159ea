"""A rule of the queue as a moderator types it: its numbers, and why these."""

from django import forms

from contributions.models import RegleDeFile
from contributions.models.regles_de_file import NOMBRES
from fiches.forms import ChampTexte

AU_MOINS = {RegleDeFile.Cle.MEME_TEXTE: 2, RegleDeFile.Cle.MEME_LIEN: 2}  # one alone shares nothing
AU_PLUS = 1000


class SaisieRegleDeFile(forms.ModelForm):
    raison = ChampTexte(
        label="Raison", help_text="Pourquoi ces nombres, en une phrase publique.", required=True, max_length=300
    )
    lue = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)

    class Meta:
        model = RegleDeFile
        fields = ["seuil", "borne", "raison"]

    def __init__(self, data=None, *, ecrit: RegleDeFile):
        # Judged on a copy, fresh from the database: the verb compares what is typed with what is there.
        super().__init__(data, instance=RegleDeFile.objects.get(pk=ecrit.pk), initial={"lue": ecrit.marque})
        cle = RegleDeFile.Cle(ecrit.cle)
        for nom, libelle, minimum in zip(("seuil", "borne"), NOMBRES[cle], (AU_MOINS.get(cle, 1), 1), strict=True):
            if libelle:
                self.fields[nom] = forms.IntegerField(label=libelle, min_value=minimum, max_value=AU_PLUS)
            else:
                del self.fields[nom]
        self.order_fields(["seuil", "borne", "raison"])
