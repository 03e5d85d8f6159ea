"""Filters of the journal."""

from datetime import datetime, time

from django import forms
from django.db.models import Q, QuerySet
from django.utils.timezone import get_current_timezone

from comptes.models import Utilisateur
from contributions.models import Journal
from contributions.models.journal import VERBES


class FiltresJournal(forms.Form):
    verbe = forms.ChoiceField(
        label="Quoi", choices=[("", "Tout"), *sorted(VERBES.items(), key=lambda paire: paire[1])], required=False
    )
    qui = forms.ModelChoiceField(Utilisateur.objects.none(), label="Qui", empty_label="Tout le monde", required=False)
    objet = forms.ChoiceField(
        label="Sur",
        choices=[("", "Tout"), ("proposition", "Proposition"), ("lot", "Tableau"), ("dossier", "Signalement"),
                 ("recours", "Recours"), ("fiche", "Fiche"), ("regle", "Règle de « Choisir »"),
                 ("synonyme", "Synonyme"), ("regle_de_file", "Règle de la file"),
                 ("demande", "Demande de confirmation")],
        required=False,
    )  # fmt: skip
    numero = forms.IntegerField(label="Numéro", required=False, min_value=1, max_value=2**31)
    du = forms.DateField(label="Du", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    au = forms.DateField(label="Au", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data=None):
        super().__init__(data)
        acteurs = Journal.objects.order_by().filter(qui__isnull=False).values("qui")
        self.fields["qui"].queryset = Utilisateur.objects.filter(pk__in=acteurs).order_by("nom_affiche")  # type: ignore[attr-defined]

    def filtrer(self, lignes: QuerySet[Journal]) -> QuerySet[Journal]:
        lues = self.cleaned_data
        if lues.get("verbe"):
            lignes = lignes.filter(verbe=lues["verbe"])
        if lues.get("qui"):
            lignes = lignes.filter(qui=lues["qui"])
        if objet := lues.get("objet"):
            lignes = lignes.filter(**{f"{objet}__isnull": False})
        elif not lues.get("numero"):  # a table of five thousand rows would hide all the rest
            lignes = lignes.filter(Q(proposition=None) | Q(proposition__lot=None))
        if numero := lues.get("numero"):
            colonnes = ["proposition", "lot", "dossier", "recours", "regle", "synonyme", "regle_de_file", "demande"]
            champs = [objet] if objet else colonnes
            condition = Q(pk__in=[])
            for champ in champs:
                condition |= Q(**{f"{champ}_id": numero})
            lignes = lignes.filter(condition)
        fuseau = get_current_timezone()
        if lues.get("du"):
            lignes = lignes.filter(le__gte=datetime.combine(lues["du"], time.min, fuseau))
        if lues.get("au"):  # of the last day there is no next one
            lignes = lignes.filter(le__lte=datetime.combine(lues["au"], time.max, fuseau))
        return lignes
