"""The small forms of the follow-up page, and the choice of the e-mails one wants."""

from django import forms

from comptes.models import Utilisateur
from contributions.models import Signalement
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


class FormulaireNom(forms.Form):
    """How a report is credited if the fiche is corrected thanks to it."""

    nom = ChampTexte(
        label="Nom à créditer",
        help_text="Laissez vide pour n’être nommé nulle part.",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
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


class ChoixDuResume(forms.ModelForm):
    """Of moderators only."""

    class Meta:
        model = Utilisateur
        fields = ["resume"]
        labels = {"resume": "Le résumé de ce qui attend la modération"}
        widgets = {"resume": forms.RadioSelect}
        error_messages = {
            "resume": {"required": "Choisissez l’un des trois rythmes.", "invalid_choice": "Ce choix n’existe pas."}
        }
