"""A synonym, whoever writes it: a moderator or a content file."""

import re
from typing import Any

from django import forms

from fiches.forms import ChampTexte
from francais.caracteres import sans_accents
from recherche.models import Synonyme

MOTS_AU_PLUS = 5
MOT = re.compile(r"[^\W_]{2,}")
# Signs that mean something in a search: "phrases", -exclusions.
SIGNES = re.compile(r'["«»|&!<>()*:\\]|(?:^|\s)-|\bOU\b')


class FormulaireSynonyme(forms.ModelForm):
    terme = ChampTexte(
        label="Ce que l’on tape", help_text="Un mot, ou quelques-uns : « adolescents ».", required=True, max_length=80
    )
    voisin = ChampTexte(
        label="Ce que l’on cherche aussi",
        help_text="Des mots de nos fiches : « jeunes ».",
        required=True,
        max_length=80,
    )
    raison = ChampTexte(
        label="Raison", help_text="Pourquoi les rapprocher, en une phrase.", required=True, max_length=300
    )

    class Meta:
        model = Synonyme
        fields = ["terme", "voisin", "sens", "raison", "actif"]
        widgets = {"sens": forms.RadioSelect}

    def __init__(self, *args, du_chargement: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.du_chargement = du_chargement

    def clean_terme(self) -> str:
        return _quelques_mots(self.cleaned_data["terme"])

    def clean_voisin(self) -> str:
        return _quelques_mots(self.cleaned_data["voisin"])

    def clean(self) -> dict[str, Any]:
        dits = super().clean() or {}
        if dits.get("terme") and sans_accents(dits["terme"]) == sans_accents(dits.get("voisin", "")):
            self.add_error("voisin", "C’est le même mot.")
        return dits


def _quelques_mots(texte: str) -> str:
    dit = " ".join(texte.split())
    if not MOT.search(dit) or len(dit.split()) > MOTS_AU_PLUS:
        raise forms.ValidationError(f"Écrivez de un à {MOTS_AU_PLUS} mots.")
    if SIGNES.search(dit):
        raise forms.ValidationError("Écrivez des mots seulement, sans guillemets ni autre signe de recherche.")
    return dit
