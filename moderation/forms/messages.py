"""Forms of a conversation: what a moderator writes to an author, or to the others."""

from typing import Any

from django import forms

from contributions.verbes.echanges import MESSAGE_MAX
from fiches.forms import ChampTexte
from moderation.forms.gestes import FormulaireGeste


def _champ(label: str, *, required: bool = True) -> ChampTexte:
    return ChampTexte(label=label, required=required, max_length=MESSAGE_MAX, widget=forms.Textarea(attrs={"rows": 3}))


class EcrireALAuteur(FormulaireGeste):
    texte = _champ("Message")


class Reponse(FormulaireGeste):
    texte = _champ("Votre réponse, ou votre note")


class SansReponse(FormulaireGeste):
    """To close without a word: what was typed all the same is not lost."""

    texte = _champ("Votre réponse, ou votre note", required=False)

    def clean_texte(self) -> str:
        if self.cleaned_data["texte"]:
            raise forms.ValidationError(
                "Vous avez écrit quelque chose : envoyez-le, gardez-le en note, ou effacez-le avant de clore."
            )
        return ""

    @property
    def arguments(self) -> dict[str, Any]:
        return {}
