"""The small forms of the follow-up page, and the choice of the e-mails one wants."""

from typing import Any

from django import forms

from comptes.champs import ChampLienPublic
from comptes.models import Utilisateur
from contributions.models import Proposition, Signalement
from contributions.verbes.echanges import MESSAGE_MAX
from fiches.forms import ChampTexte

CONTESTATION_MAX = 5000


class FormulaireMessage(forms.Form):
    message = ChampTexte(
        label="Votre message",
        required=True,
        max_length=MESSAGE_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Écrivez votre message."},
    )


def _contestation(label: str) -> ChampTexte:
    return ChampTexte(
        label=label,
        help_text="Une autre personne que celle qui a décidé vous lira et vous répondra.",
        required=True,
        max_length=CONTESTATION_MAX,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Dites ce que vous contestez, et pourquoi."},
    )


class FormulaireContestation(forms.Form):
    contestation = _contestation("Ce que vous contestez, et pourquoi")


class FormulaireContestationMesure(forms.Form):
    contestation_mesure = _contestation("Pourquoi la fiche devrait rester visible")


class FormulaireCredit(forms.Form):
    """How a proposition is credited. What is typed for another choice stays typed, and is not kept."""

    credit = forms.ChoiceField(
        label="Comment vous nommer",
        choices=Proposition.Credit.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez comment vous nommer."},
    )
    credit_nom = ChampTexte(label="Nom affiché", max_length=100)
    credit_lien = ChampLienPublic(
        label="Lien", help_text="Votre page ou celle de votre structure, en https://.", max_length=300
    )
    credit_role = ChampTexte(label="Rôle", max_length=100)

    @staticmethod
    def depart(proposition: Proposition) -> dict[str, str]:
        return {nom: getattr(proposition, nom) for nom in ("credit", "credit_nom", "credit_lien", "credit_role")}

    def clean(self) -> dict[str, Any]:
        propre = super().clean() or {}
        if propre.get("credit") == Proposition.Credit.ANONYME:
            for champ in ("credit_nom", "credit_lien", "credit_role"):
                self.errors.pop(champ, None)
                propre[champ] = ""
        elif propre.get("credit") and not propre.get("credit_nom") and "credit_nom" not in self.errors:
            self.add_error("credit_nom", "Écrivez le nom à afficher, ou choisissez l’anonymat.")
        return propre


class FormulaireNom(forms.Form):
    """How a report is credited if the fiche is corrected thanks to it."""

    nom = ChampTexte(
        label="Nom à créditer",
        help_text="Laissez vide pour n’être nommé nulle part.",
        max_length=100,
    )

    @staticmethod
    def depart(signalement: Signalement) -> dict[str, str]:
        return {"nom": signalement.nom}


class ChoixDesCourriels(forms.ModelForm):
    class Meta:
        model = Utilisateur
        fields = ["courriels"]
        labels = {"courriels": "Pour le reste, vous voulez"}
        widgets = {"courriels": forms.RadioSelect}
        error_messages = {
            "courriels": {"required": "Choisissez l’une des deux façons.", "invalid_choice": "Ce choix n’existe pas."}
        }
