"""Filters of the queue; the address says it all."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from contributions.models import Filtre, Portee
from fiches.models import Theme
from moderation.file import Criteres
from moderation.voies import TOUT, VOIES
from territoires.forms import ChampTerritoire

FILTRES_MAX = 30  # kept by one person
PARAMETRES_MAX = 1_000  # characters, as its column


class FiltresFile(forms.Form):
    q = forms.CharField(label="Chercher un numéro, des mots, une fiche, un auteur", max_length=200, required=False)
    portee = forms.ChoiceField(
        label="Portée", choices=[("mes", "Mes territoires"), ("toutes", "Toute la base")], required=False
    )
    territoire = ChampTerritoire(label="Territoire", max_length=100, required=False)
    theme = forms.ModelChoiceField(
        Theme.objects.all(), label="Thématique", to_field_name="slug", empty_label="Toutes", required=False
    )
    depuis = forms.TypedChoiceField(
        label="Âge",
        choices=[("", "Tous"), ("3", "Plus de 3 jours"), ("10", "Plus de 10 jours"), ("30", "Plus de 30 jours")],
        coerce=int,
        empty_value=None,
        required=False,
    )
    gravite = forms.ChoiceField(
        label="Gravité",
        choices=[("", "Toutes"), ("urgentes", "Illicite, données personnelles"), ("retard", "En retard")],
        required=False,
    )
    prise = forms.ChoiceField(
        label="Prise par",
        choices=[("", "Tout le monde"), ("libres", "Personne ou moi"), ("moi", "Moi"), ("autres", "Quelqu’un d’autre")],
        required=False,
    )
    tri = forms.ChoiceField(label="Trier par", choices=[("", "Gravité, puis âge"), ("age", "Âge")], required=False)
    premieres = forms.BooleanField(label="Premières contributions seulement", required=False)
    voie = forms.ChoiceField(
        choices=[(TOUT, "Tout"), *((cle, voie.titre) for cle, voie in VOIES.items())],
        required=False,
        widget=forms.HiddenInput,
    )
    fiche = forms.IntegerField(min_value=1, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)

    def criteres(self, portee: Portee | None) -> Criteres:
        """Return what is asked; nothing particular where the address is wrong (the errors are shown)."""
        lues = self.cleaned_data
        return Criteres(
            portee=None if lues.get("portee") == "toutes" else portee,
            territoire=lues.get("territoire"),
            cherche=lues.get("q") or "",
            fiche=lues.get("fiche"),
            theme=lues["theme"].slug if lues.get("theme") else "",
            depuis=timedelta(days=lues["depuis"]) if lues.get("depuis") else None,
            en_retard=lues.get("gravite") == "retard",
            urgentes=lues.get("gravite") == "urgentes",
            prise=lues.get("prise") or "",
            premieres=bool(lues.get("premieres")),
        )


class GarderFiltre(forms.Form):
    """What is asked of the queue now, under a name; the same name again replaces it."""

    use_required_attribute = False
    nom = forms.CharField(label="Garder ces filtres sous le nom de", max_length=60)
    parametres = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, par: Any, **kwargs: Any):
        super().__init__(data, **kwargs)
        self.par = par

    def clean_parametres(self) -> str:
        """Keep only what the queue understands."""
        dits = QueryDict(self.cleaned_data["parametres"])
        connus = QueryDict(mutable=True)
        connus.update({nom: dits[nom] for nom in FiltresFile.base_fields if dits.get(nom)})
        if not connus:
            raise ValidationError("Choisissez d’abord des filtres.")
        gardes = connus.urlencode()
        if len(gardes) > PARAMETRES_MAX:  # an accent takes six signs of an address
            raise ValidationError("Ces mots sont trop longs pour être gardés\u00a0: cherchez-en moins.")
        return gardes

    def clean_nom(self) -> str:
        autres = Filtre.objects.filter(utilisateur=self.par).exclude(nom=self.cleaned_data["nom"])
        if autres.count() >= FILTRES_MAX:
            raise ValidationError(f"Vous gardez déjà {FILTRES_MAX} filtres\u00a0: retirez-en un.")
        return self.cleaned_data["nom"]

    def garder(self) -> Filtre:
        cle = {"utilisateur": self.par, "nom": self.cleaned_data["nom"]}
        return Filtre.objects.update_or_create(**cle, defaults={"parametres": self.cleaned_data["parametres"]})[0]
