"""Forms of people in the administration: the roles they get, and inviting somebody."""

from typing import Any

from django import forms

from comptes.models import Utilisateur


class FormulairePersonne(forms.ModelForm):
    desactiver = forms.BooleanField(
        label="Je confirme la désactivation",
        help_text="Quand « actif » est décoché : la personne est déconnectée et ne peut plus entrer.",
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        propre = super().clean() or {}
        ferme = self.instance.is_active and propre.get("is_active") is False
        if ferme and not propre.get("desactiver"):
            self.add_error("desactiver", "Cochez cette case pour désactiver ce compte, ou recochez « actif ».")
        return propre


class Invitation(forms.ModelForm):
    """Somebody who has no account yet, and the roles she gets: she is written to at this address."""

    class Meta:
        model = Utilisateur
        fields = ("email", "groups")
        error_messages = {"email": {"unique": "Cette personne a déjà un compte : donnez-lui un rôle sur sa page."}}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["groups"].required = True

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip().lower()
