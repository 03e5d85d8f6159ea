"""An official file as an administrator brings it: which, of which year, and what is wanted of it."""

from pathlib import Path

from django import forms
from django.core.exceptions import ValidationError

from territoires.imports.lecture import OCTETS_AU_PLUS
from territoires.models import Importation

ENVOI_AU_PLUS = 15_000_000  # bytes, of all the files: what `TAILLES_DES_DEPOTS` lets through
NOM_AU_PLUS = 200


class FichierOfficiel(forms.ModelForm):
    use_required_attribute = False  # browsers tell as wrong a choice that nobody made yet
    genre = forms.ChoiceField(
        label="Ce que dit le fichier", choices=Importation.Genre.choices, widget=forms.RadioSelect
    )
    fichier = forms.FileField(
        label="Fichier",
        help_text="CSV, XLSX, GeoJSON, ou le ZIP tel que le site officiel le donne. 15 Mo au plus.",
    )
    mouvements = forms.FileField(
        label="Second fichier",
        required=False,
        help_text="Pour les communes seulement, sans le ZIP : les mouvements (v_mvt_commune_AAAA.csv).",
    )
    annee = forms.IntegerField(
        label="Année du fichier",
        required=False,
        min_value=2000,
        max_value=2100,
        help_text="Si son nom ne la donne pas.",
    )

    class Meta:
        model = Importation
        fields = ["genre", "fichier", "mouvements", "annee", "plus_ancien", "fermer_absents"]
        labels = {
            "plus_ancien": "L’importer même s’il est plus ancien que la base",
            "fermer_absents": "Fermer aussi ce que le fichier ne cite plus",
        }

    @property
    def pieces(self) -> list[tuple[str, bytes]]:
        """The files that were sent, with their names. To be read once the form is valid."""
        envoyes = (self.cleaned_data["fichier"], self.cleaned_data["mouvements"])
        return [(Path(envoye.name).name[-NOM_AU_PLUS:], envoye.read()) for envoye in envoyes if envoye]

    def clean(self) -> dict:
        donnees = super().clean() or self.cleaned_data
        envoyes = [e for e in (donnees.get("fichier"), donnees.get("mouvements")) if e]
        if sum(envoye.size for envoye in envoyes) > min(ENVOI_AU_PLUS, OCTETS_AU_PLUS):
            raise ValidationError({"fichier": "Plus de 15 Mo : envoyez le ZIP."})
        if donnees.get("mouvements") and donnees.get("genre") != Importation.Genre.COG:
            raise ValidationError({"mouvements": "Un second fichier n’est lu qu’avec celui des communes."})
        self.instance.fichiers = [Path(envoye.name).name[-NOM_AU_PLUS:] for envoye in envoyes]
        return donnees
