"""Which e-mails one wants."""

from django import forms

from comptes.models import Utilisateur


class ChoixDesCourriels(forms.ModelForm):
    class Meta:
        model = Utilisateur
        fields = ["courriels"]
        labels = {"courriels": "Pour le reste, vous voulez"}
        widgets = {"courriels": forms.RadioSelect}
        error_messages = {
            "courriels": {"required": "Choisissez l’une des deux façons.", "invalid_choice": "Ce choix n’existe pas."}
        }
