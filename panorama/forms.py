"""What one asks of the panorama: answers to « Choisir », filters of the calendar of terms, a territory."""

from typing import Any

from django import forms
from django.http import QueryDict

from dispositifs.models import REPONSES, Dispositif, DispositifLocalQuerySet, Question
from francais.caracteres import refuser_les_trompeurs
from panorama.note import BLOCS
from territoires.forms import ChampTerritoire


class DernierEcrit(forms.TextInput):
    """The page sends the value in force, then what is written to replace it: the last that says something counts."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        envoyes = data.getlist(name) if isinstance(data, QueryDict) else [data.get(name, "")]
        return next((envoye.strip() for envoye in reversed(envoyes) if envoye.strip()), "")


class FormulaireChoix(forms.Form):
    """The five questions of « Choisir »: each may be skipped."""

    territoire = ChampTerritoire(label="Votre territoire", required=False, max_length=100, widget=DernierEcrit)

    def __init__(self, data=None, **kwargs):
        super().__init__(data, **kwargs)
        for question in Question:
            self.fields[question] = forms.ChoiceField(
                label=question.label,
                choices=self.reponses_a(question),
                required=False,
                error_messages={"invalid_choice": "Cette réponse n’est pas dans la liste."},
            )

    def questions(self, reponses: dict[str, str]) -> list[tuple[forms.BoundField, list[tuple[str, str, bool]]]]:
        """Return each question with its answers: value, words, whether it is the one in force."""
        return [
            (self[question], [(cle, nom, cle == reponses.get(question, "")) for cle, nom in self.reponses_a(question)])
            for question in Question
        ]

    def reponses_a(self, question: Question) -> list[tuple[str, str]]:
        return [*REPONSES[question].items(), ("", "Je passe")]


class FiltreLocaux(forms.Form):
    """What one looks for among local schemes; a wrong filter is told, and the others still hold."""

    territoire = ChampTerritoire(label="Territoire", required=False, max_length=100)
    dispositif = forms.ChoiceField(
        label="Dispositif",
        required=False,
        error_messages={"invalid_choice": "Ce dispositif n’est pas de la liste."},
    )
    categorie = forms.ChoiceField(
        label="Sorte",
        required=False,
        error_messages={"invalid_choice": "Cette sorte de dispositif n’existe pas."},
    )

    def __init__(self, data: QueryDict, dispositifs: list[Dispositif]):
        super().__init__(data)
        suivies = {dispositif.categorie for dispositif in dispositifs}
        categories = [(valeur, nom) for valeur, nom in Dispositif.Categorie.choices if valeur in suivies]
        choix = {"dispositif": [("", "Tous"), *((d.slug, d.nom_complet) for d in dispositifs)]}
        choix["categorie"] = [("", "Toutes"), *categories]
        for nom, reponses in choix.items():
            self.fields[nom].choices = reponses  # type: ignore[attr-defined]

    def retenir(self, locaux: DispositifLocalQuerySet) -> DispositifLocalQuerySet:
        voulus = self.cleaned_data
        if voulus.get("territoire"):
            locaux = locaux.concernant(voulus["territoire"])
        if voulus.get("dispositif"):
            locaux = locaux.filter(dispositif__slug=voulus["dispositif"])
        if voulus.get("categorie"):
            locaux = locaux.filter(dispositif__categorie=voulus["categorie"])
        return locaux


class FiltreTerritoire(forms.Form):
    territoire = ChampTerritoire(label="Sur un territoire", required=False, max_length=100)


class FormulaireNote(forms.Form):
    """What a note keeps, and a line of one's own: both are in its address, and nowhere else."""

    bloc = forms.MultipleChoiceField(
        label="Ce qu’elle contient",
        choices=list(BLOCS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "La note n’a pas de partie «\u00a0%(value)s\u00a0»."},
    )
    ligne = forms.CharField(
        label="Une ligne à vous",
        required=False,
        max_length=400,
        validators=[refuser_les_trompeurs],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Elle est imprimée telle quelle. Rien n’est enregistré\u00a0: elle tient dans l’adresse de la page.",
    )
