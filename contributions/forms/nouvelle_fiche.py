"""What is asked before a new fiche is begun, to see whether it exists."""

from django import forms
from django.core.exceptions import ValidationError

from fiches.forms import ChampTexte
from territoires.models import Territoire
from territoires.recherche import chercher


class FormulaireDoublons(forms.Form):
    titre = ChampTexte(
        label="Nom de la fiche",
        required=True,
        max_length=150,
        error_messages={"required": "Donnez un nom : c’est par lui que l’on cherche si la fiche existe déjà."},
    )
    territoire = forms.CharField(
        label="Territoire",
        required=False,
        max_length=100,
        help_text="Facultatif. Une commune, un quartier, une intercommunalité, un département, ou leur code.",
    )
    url = forms.URLField(
        label="Adresse d’une source",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="Facultatif. Une page ou un document qui en parle.",
        error_messages={"invalid": "Cette adresse n’est pas complète. Exemple : https://www.ville.fr/sante"},
    )

    def clean_territoire(self) -> Territoire | None:
        """Return the territory named by its designation, its code or its name."""
        texte = self.cleaned_data["territoire"].strip()
        if not texte:
            return None
        trouve = Territoire.objects.designes_par([texte]).first() or next(iter(chercher(texte, limite=1)), None)
        if trouve is None:
            raise ValidationError(f"Aucun territoire ne correspond à « {texte} ».", code="inconnu")
        return trouve
