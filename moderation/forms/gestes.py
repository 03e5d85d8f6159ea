"""Forms of the gestes of the desk: what each asks before it is done."""

from typing import Any

from django import forms

from comptes.models import Utilisateur
from comptes.roles import Role
from contributions.models import Motif
from contributions.verbes.echanges import MESSAGE_MAX
from contributions.verbes.equipe import equipe
from fiches.forms import ChampTexte

CHOIX_MOTIF = [("", "Choisir"), *Motif.choices]


class FormulaireGeste(forms.Form):
    """To inherit from; by itself it asks nothing. `objet`: what the geste is about; `par`: who does it."""

    use_required_attribute = False  # browsers tell as wrong a choice that nobody made yet

    def __init__(self, data=None, *, objet: Any = None, par: Any = None, **kwargs: Any):
        super().__init__(data, **kwargs)
        self.objet, self.par = objet, par

    @property
    def arguments(self) -> dict[str, Any]:
        """What was answered, as the verb wants it."""
        return self.cleaned_data


class DemandeAvis(FormulaireGeste):
    a = forms.ModelChoiceField(Utilisateur.objects.none(), label="À qui", empty_label="Choisir")
    texte = ChampTexte(
        label="Votre question", required=True, widget=forms.Textarea(attrs={"rows": 3}), max_length=MESSAGE_MAX
    )

    def __init__(self, data=None, **kwargs):
        super().__init__(data, **kwargs)
        roles = [Role.MODERATEUR, Role.ADMINISTRATEUR]
        autres = Utilisateur.objects.filter(is_active=True, groups__name__in=roles).exclude(pk=self.par.pk).distinct()
        self.fields["a"].queryset = autres.order_by("nom_affiche")  # type: ignore[attr-defined]


class Confier(FormulaireGeste):
    a = forms.TypedChoiceField(label="À qui", help_text="Parmi qui suit ce territoire ou ce thème.")

    def __init__(self, data=None, **kwargs):
        super().__init__(data, **kwargs)
        possibles = {}
        if self.objet.statut in self.objet.A_TRAITER:
            possibles = {str(autre.pk): autre for autre in equipe(self.objet) if autre.pk != self.par.pk}
        champ: Any = self.fields["a"]
        champ.choices, champ.coerce = [("", "Choisir"), *possibles.items()], possibles.__getitem__


class RaisonDuChangement(FormulaireGeste):
    """Why what moderators write, a rule or a synonym, changes; `lue`: the mark of it as it was read."""

    raison = ChampTexte(
        label="Pourquoi ce changement",
        help_text="Une phrase. Elle reste au journal.",
        required=True,
        max_length=300,
    )
    lue = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)
