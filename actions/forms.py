from typing import Any

from django import forms

from actions.models import ActionInspirante, Levier
from dispositifs.models import Dispositif
from fiches.forms import ChampTexte, FormulaireFiche, formulaire_de
from fiches.gabarits import Nature


@formulaire_de(Nature.ACTION)
class FormulaireAction(FormulaireFiche):
    modele = ActionInspirante

    dispositif = forms.ModelChoiceField(
        Dispositif.objects.all(), label="Dispositif lié", to_field_name="slug", required=False
    )
    levier = forms.ModelChoiceField(Levier.objects.all(), label="Levier", to_field_name="slug", required=False)
    periode = ChampTexte(label="Période", max_length=150)
    annee_debut = forms.IntegerField(label="Année de début", required=False, min_value=1900, max_value=2100)
    annee_fin = forms.IntegerField(label="Année de fin", required=False, min_value=1900, max_value=2100)
    preuve = forms.ChoiceField(
        label="Niveau de preuve",
        choices=[("", "Non précisé"), *ActionInspirante.Preuve.choices],
        required=False,
    )
    lieu_precis = forms.TypedChoiceField(
        label="Lieu précis connu",
        choices=[("True", "Oui"), ("False", "Non")],
        coerce=lambda valeur: valeur == "True",
        empty_value=True,  # type: ignore[arg-type]  # the stubs know only text
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        donnees = super().clean()
        debut, fin = donnees.get("annee_debut"), donnees.get("annee_fin")
        if debut and fin and fin < debut:
            self.add_error("annee_fin", "La fin précède le début.")
        if not donnees.get("territoires") and donnees.get("lieu_precis"):
            self.add_error("territoires", "Indiquez au moins un territoire.")
        return donnees
