"""Form of « Est-ce toujours vrai ? »: one question, the date of the end if it is over, a word for moderators."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from contributions.abus import FormulairePiege
from contributions.models import Demande, Reponse
from fiches.dates import ChampDatePartielle, dans_le_desordre
from fiches.forms import ChampTexte, Relisible
from francais.dates import DatePartielle

PRECISION_MAX = 1000


class FormulaireReponse(Relisible, FormulairePiege):
    """What an institution answers of one scheme."""

    reponse = forms.ChoiceField(
        label="Ce dispositif existe-t-il encore\u00a0?",
        choices=Reponse.Sens.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez une réponse.",
            "invalid_choice": "Choisissez une des quatre réponses.",
        },
    )
    fini_le = ChampDatePartielle(
        label="Fini depuis quand\u00a0?",
        required=False,
        help_text="L’année suffit\u00a0: 2024, mars 2024 ou 12/03/2024.",
    )
    precision = ChampTexte(
        label="Une précision, une adresse de page, le service à qui demander",
        help_text="Lue par la modération, jamais publiée telle quelle. Ni nom, ni adresse d’une personne.",
        max_length=PRECISION_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    field_order = ("reponse", "fini_le", "precision")

    def __init__(self, data: Any = None, *, demande: Demande, jour: date, **kwargs: Any):
        super().__init__(data, **kwargs)
        self.demande, self.jour = demande, jour
        self.tout_recevoir()

    def clean(self) -> dict[str, Any]:
        lues = super().clean() or {}
        fini = lues.get("reponse") == Reponse.Sens.FINI
        if "fini_le" in lues and fini:
            self._verifier_la_fin(lues["fini_le"])
        elif lues.get("fini_le") and "reponse" in lues:
            self.add_error(
                "reponse", "Vous avez donné une date de fin\u00a0: répondez « Non, il est fini », ou videz-la."
            )
        return lues

    def _verifier_la_fin(self, fin: DatePartielle) -> None:
        debut = self.demande.fiche.debut
        if not fin:
            self.add_error("fini_le", "Dites depuis quand\u00a0: l’année suffit.")
        elif fin.premier_jour > self.jour:  # type: ignore[operator]  # a date that was typed has bounds
            self.add_error("fini_le", "Cette date est à venir\u00a0: s’il existe encore, répondez « Oui ».")
        elif dans_le_desordre(debut, fin):
            self.add_error("fini_le", f"La fiche dit qu’il commence {debut.situee}\u00a0: cette fin est avant.")

    def refuser(self, refus: ValidationError) -> None:
        """Say that the fiche cannot hold the answer."""
        self.add_error(None, "La fiche ne peut pas dire cela\u00a0: " + " ".join(refus.messages))

    @property
    def dite(self) -> dict[str, str]:
        """What the verb wants."""
        lues = self.cleaned_data
        return {"sens": lues["reponse"], "fini_le": str(lues["fini_le"]), "precision": lues["precision"].strip()}
