"""Forms that take a fiche out of sight, or bring it back: always with their reasons."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from fiches.forms import ChampTexte
from fiches.models import Fiche, Version
from moderation.forms.gestes import CHOIX_MOTIF, FormulaireGeste
from moderation.motivation import CLAUSES, exposer


class Expose(FormulaireGeste):
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
    def arguments(self) -> dict[str, Any]:
        lues = self.cleaned_data
        dits = {nom: lues[nom] for nom in ("faits", "clause", "precision")}
        return {"motif": lues["motif"], "explication": exposer(**dits, signale=self.signale)}


class Fusionner(FormulaireGeste):
    dans = ChampTexte(
        label="Dans quelle fiche",
        help_text="Son adresse, ou la fin de son adresse : atelier-sante-ville.",
        required=True,
        max_length=300,
    )
    explication = ChampTexte(label="Pourquoi", required=True, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def clean_dans(self) -> Fiche:
        slug = self.cleaned_data["dans"].strip().rstrip("/").rpartition("/")[2]
        autre = Fiche.objects.visibles_pour().filter(nature=self.objet.nature, slug=slug).first()
        if autre is None or autre.pk == self.objet.pk:
            raise ValidationError("Aucune autre fiche publiée, de la même nature, n’a cette adresse.")
        return autre


class Retablir(FormulaireGeste):
    explication = ChampTexte(
        label="Pourquoi elle est rétablie", required=True, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class Restaurer(FormulaireGeste):
    version = forms.ModelChoiceField(Version.objects.none(), label="Version à publier à nouveau", empty_label="Choisir")
    pourquoi = ChampTexte(label="Pourquoi", required=True, max_length=250)

    def __init__(self, data=None, *, objet: Fiche, **kwargs):
        super().__init__(data, objet=objet, **kwargs)
        champ = self.fields["version"]
        champ.queryset = Version.objects.filter(fiche=objet.pk).exclude(numero=objet.numero).order_by("-numero")  # type: ignore[attr-defined]
        champ.label_from_instance = lambda version: f"Version {version.numero} : {version.motif}"  # type: ignore[attr-defined]

    def proposer(self, numero: int | None) -> None:
        """Choose in advance the version where the fault was seen, if there is such a one."""
        voulue = self.fields["version"].queryset.filter(numero=numero).first()  # type: ignore[attr-defined]
        if voulue:
            self.initial["version"] = voulue.pk
