"""Form of an action inspirante."""

from typing import Any

from django import forms

from actions.models import ActionInspirante, Levier
from dispositifs.models import Dispositif
from fiches.dates import ChampDatePartielle, dans_le_desordre
from fiches.forms import ChampTexte, FormulaireFiche, formulaire_de
from fiches.gabarits import Nature


@formulaire_de(Nature.ACTION)
class FormulaireAction(FormulaireFiche):
    modele = ActionInspirante

    dispositif = forms.ModelChoiceField(
        Dispositif.objects.all(),
        label="Dispositif lié",
        to_field_name="slug",
        required=False,
        help_text="Seulement si une source dit que l’action relève de ce dispositif.",
    )
    levier = forms.ModelChoiceField(Levier.objects.all(), label="Levier", to_field_name="slug", required=False)
    periode = ChampTexte(label="Période", max_length=150)
    debut = ChampDatePartielle(label="Début", required=False)
    fin = ChampDatePartielle(label="Fin", required=False)
    avancement = forms.ChoiceField(
        label="État de l’action",
        choices=[("", "Non précisé"), *ActionInspirante.Avancement.choices],
        required=False,
    )
    vu_le = ChampDatePartielle(label="Vue dans cet état", required=False)
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
        if dans_le_desordre(donnees.get("debut"), donnees.get("fin")):
            self.add_error("fin", "La fin précède le début.")
        if donnees.get("avancement") and "vu_le" in donnees and not donnees["vu_le"]:
            self.add_error("vu_le", "Dites quand l’action était dans cet état.")
        if not donnees.get("territoires") and donnees.get("lieu_precis"):
            self.add_error("territoires", "Indiquez au moins un territoire.")
        return donnees
