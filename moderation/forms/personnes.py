"""Forms of people in the administration: the roles they get, and inviting somebody."""

from typing import Any

from django import forms

from comptes.models import Utilisateur
from comptes.roles import Role
from contributions.models import Habilitation
from territoires.models import Territoire


class FormulairePersonne(forms.ModelForm):
    departements = forms.ModelMultipleChoiceField(
        Territoire.objects.filter(nature="departement", fin=None).order_by("code"),
        label="Départements du correspondant",
        help_text="Où elle publie elle-même ce qui n’ajoute que des constats datés et sourcés.",
        required=False,
    )
    desactiver = forms.BooleanField(
        label="Je confirme la désactivation",
        help_text="Quand « actif » est décoché : la personne est déconnectée et ne peut plus entrer.",
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "departements" in self.fields:
            habilitation = Habilitation.objects.filter(utilisateur=self.instance).first()
            self.initial["departements"] = habilitation.departements.all() if habilitation else []

    def clean(self) -> dict[str, Any]:
        propre = super().clean() or {}
        ferme = self.instance.is_active and propre.get("is_active") is False
        if ferme and not propre.get("desactiver"):
            self.add_error("desactiver", "Cochez cette case pour désactiver ce compte, ou recochez « actif ».")
        correspondant = any(groupe.name == Role.CORRESPONDANT for groupe in propre.get("groups", []))
        if "departements" in self.fields and "groups" in propre and correspondant != bool(propre.get("departements")):
            self.add_error("departements", "Le rôle de correspondant et ses départements se donnent ensemble.")
        return propre

    def habiliter(self, personne: Utilisateur) -> None:
        """Write in which départements she publishes."""
        choisis = self.cleaned_data.get("departements") or []
        if choisis or Habilitation.objects.filter(utilisateur=personne).exists():
            habilitation, _ = Habilitation.objects.get_or_create(utilisateur=personne)
            habilitation.departements.set(choisis)


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
