"""What takes a fiche out of sight, or brings it back: always with its reasons."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from contributions.models import Dossier, Motif
from fiches.forms import ChampTexte
from fiches.models import Fiche, Version
from moderation.motivation import CLAUSES, exposer

CHOIX_MOTIF = [("", "Choisir"), *Motif.choices]


class Expose(forms.Form):
    """The statement of reasons; to inherit from."""

    motif = forms.ChoiceField(label="Motif", choices=CHOIX_MOTIF)
    faits = ChampTexte(
        label="Les faits",
        help_text="Ce que la fiche dit, et ce qui ne va pas. Cette phrase est publique.",
        required=True,
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    clause = forms.ChoiceField(label="Fondement", choices=[("", "Choisir"), *CLAUSES.items()])
    precision = ChampTexte(label="Article de loi, si c’est la loi", max_length=200)
    signale = False

    def clean(self) -> dict[str, Any]:
        lues = super().clean() or {}
        if lues.get("clause") == "loi" and not (lues.get("precision") or "").strip():
            self.add_error("precision", "Dites quelle loi, et si possible quel article.")
        return lues

    @property
    def explication(self) -> str:
        lues = self.cleaned_data
        return exposer(faits=lues["faits"], clause=lues["clause"], precision=lues["precision"], signale=self.signale)


class MasquerSignale(Expose):
    signale = True


class Repondre(forms.Form):
    """A report closed without doing anything, or because it is put right; everybody is answered."""

    motif = forms.ChoiceField(label="Motif", choices=CHOIX_MOTIF)
    explication = ChampTexte(
        label="Réponse à qui a signalé", required=True, max_length=3000, widget=forms.Textarea(attrs={"rows": 3})
    )


class DireCorrige(forms.Form):
    explication = ChampTexte(
        label="Réponse à qui a signalé",
        help_text="Sans rien écrire : « La fiche a été corrigée. »",
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class Rattacher(forms.Form):
    double_de = forms.ModelChoiceField(Dossier.objects.none(), label="Autre dossier", empty_label="Choisir")
    explication = ChampTexte(
        label="Réponse à qui a signalé", required=True, max_length=3000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data=None, *, dossier: Dossier, **kwargs):
        super().__init__(data, **kwargs)
        champ = self.fields["double_de"]
        champ.queryset = Dossier.objects.filter(fiche=dossier.fiche_id).exclude(pk=dossier.pk)  # type: ignore[attr-defined]
        champ.label_from_instance = (  # type: ignore[attr-defined]
            lambda autre: f"{autre}, {autre.get_categorie_display().lower()}, {autre.get_statut_display().lower()}"
        )


class EcrireAuxSignalants(forms.Form):
    texte = ChampTexte(label="Message", required=True, max_length=3000, widget=forms.Textarea(attrs={"rows": 3}))


class Fusionner(forms.Form):
    dans = ChampTexte(
        label="Dans quelle fiche",
        help_text="Son adresse, ou la fin de son adresse : atelier-sante-ville.",
        required=True,
        max_length=300,
    )
    explication = ChampTexte(label="Pourquoi", required=True, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data=None, *, fiche: Fiche, **kwargs):
        super().__init__(data, **kwargs)
        self.fiche = fiche

    def clean_dans(self) -> Fiche:
        slug = self.cleaned_data["dans"].strip().rstrip("/").rpartition("/")[2]
        autre = Fiche.objects.visibles_pour().filter(nature=self.fiche.nature, slug=slug).first()
        if autre is None or autre.pk == self.fiche.pk:
            raise ValidationError("Aucune autre fiche publiée, de la même nature, n’a cette adresse.")
        return autre


class Retablir(forms.Form):
    explication = ChampTexte(
        label="Pourquoi elle est rétablie", required=True, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class Restaurer(forms.Form):
    version = forms.ModelChoiceField(Version.objects.none(), label="Version à publier à nouveau", empty_label="Choisir")
    pourquoi = ChampTexte(label="Pourquoi", required=True, max_length=250)

    def __init__(self, data=None, *, fiche: Fiche, **kwargs):
        super().__init__(data, **kwargs)
        champ = self.fields["version"]
        champ.queryset = Version.objects.filter(fiche=fiche.pk).exclude(numero=fiche.numero).order_by("-numero")  # type: ignore[attr-defined]
        champ.label_from_instance = lambda version: f"Version {version.numero} : {version.motif}"  # type: ignore[attr-defined]


class ReponseRecours(forms.Form):
    explication = ChampTexte(
        label="Votre explication",
        help_text="Envoyée à la personne qui conteste et à celle qui avait décidé.",
        required=True,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
