"""Forms that close the case of a report: whoever reported is answered."""

from django import forms

from contributions.models import Dossier
from contributions.verbes.echanges import MESSAGE_MAX
from fiches.forms import ChampTexte
from moderation.forms.fiches import Expose
from moderation.forms.gestes import CHOIX_MOTIF, FormulaireGeste


class MasquerSignale(Expose):
    signale = True


class Repondre(FormulaireGeste):
    """Without doing anything: why, and the answer to everybody who reported."""

    motif = forms.ChoiceField(label="Motif", choices=CHOIX_MOTIF)
    explication = ChampTexte(
        label="Réponse à qui a signalé", required=True, max_length=MESSAGE_MAX, widget=forms.Textarea(attrs={"rows": 3})
    )


class DireCorrige(FormulaireGeste):
    explication = ChampTexte(
        label="Réponse à qui a signalé",
        help_text="Sans rien écrire : « La fiche a été corrigée. »",
        max_length=MESSAGE_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class Rattacher(FormulaireGeste):
    double_de = forms.ModelChoiceField(Dossier.objects.none(), label="Autre dossier", empty_label="Choisir")
    explication = ChampTexte(
        label="Réponse à qui a signalé", required=True, max_length=MESSAGE_MAX, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data=None, *, objet: Dossier, **kwargs):
        super().__init__(data, objet=objet, **kwargs)
        champ = self.fields["double_de"]
        champ.queryset = Dossier.objects.filter(fiche=objet.fiche_id).exclude(pk=objet.pk)  # type: ignore[attr-defined]
        champ.label_from_instance = (  # type: ignore[attr-defined]
            lambda autre: f"{autre}, {autre.get_categorie_display().lower()}, {autre.get_statut_display().lower()}"
        )


class EcrireAuxSignalants(FormulaireGeste):
    texte = ChampTexte(label="Message", required=True, max_length=MESSAGE_MAX, widget=forms.Textarea(attrs={"rows": 3}))
