"""A rule of « Choisir » as a moderator types it: if this answer, then this effect, because of that source."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from dispositifs.forms import FormulaireRegle
from dispositifs.models import POIDS_MAX, REPONSES, Dispositif, Question, Regle
from fiches.forms import ChampTexte
from moderation.forms.gestes import RaisonDuChangement

ECARTE = "ecarte"
EFFETS = [
    ("1", "Il le rend possible : +1"),
    ("2", "C’est une bonne raison : +2"),
    ("3", "C’est son objet même : +3"),
    (ECARTE, "Il l’écarte"),
]
CONDITIONS = [
    (question.label, [(f"{question.value}:{cle}", nom) for cle, nom in REPONSES[question].items()])
    for question in Question
]
# Where each field of the rule is typed here.
CHAMPS = {"question": "condition", "reponse": "condition", "poids": "effet", "exclut": "effet", "actif": None}


class ChoixDispositif(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return obj.nom_complet


class SaisieRegle(RaisonDuChangement):
    """Add a rule, or change one (its dispositif and answer then stay). Judged by FormulaireRegle, as loadings are."""

    dispositif = ChoixDispositif(
        Dispositif.objects.none(), label="Dispositif", to_field_name="slug", empty_label="Choisir"
    )
    condition = forms.ChoiceField(label="Si l’on répond", choices=[("", "Choisir"), *CONDITIONS])
    effet = forms.ChoiceField(
        label="Effet de cette réponse sur ce dispositif", choices=EFFETS, widget=forms.RadioSelect
    )
    explication = ChampTexte(
        label="Explication",
        help_text="Une phrase, lue telle quelle par le public. 300 caractères au plus.",
        required=True,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    source = ChampTexte(label="Source", help_text="Organisation, titre, année, endroit du document.", required=True)
    url = forms.CharField(label="Adresse de la source", required=False, max_length=500)
    field_order = ("dispositif", "condition", "effet", "explication", "source", "url", "raison")

    def __init__(self, data=None, *, regle: Regle | None = None, essai: bool = False):
        super().__init__(data, initial=_initiales(regle) if regle else {"effet": "1"})
        self.regle = regle
        self.fields["dispositif"].queryset = Dispositif.objects.nommees().order_by("titre")  # type: ignore[attr-defined]
        for nom in ("dispositif", "condition"):
            self.fields[nom].disabled = regle is not None
        self.fields["raison"].required = not essai  # seeing what it would do asks for no reason

    def clean(self) -> dict[str, Any]:
        lues = super().clean() or {}
        if self.errors:
            return lues
        question, _, reponse = lues["condition"].partition(":")
        dispositif, effet = lues["dispositif"], lues["effet"]
        saisie = {champ: lues[champ] for champ in ("explication", "source", "url")}
        saisie |= {"dispositif": dispositif.slug, "question": question, "reponse": reponse, "actif": True}
        saisie |= {"exclut": True, "poids": 0} if effet == ECARTE else {"exclut": False, "poids": int(effet)}
        existante = Regle.objects.liant(dispositif.slug, question, reponse)
        if existante and self.regle is None:
            etat = "est en vigueur" if existante.actif else "a été retirée, et se remet en vigueur"
            self.add_error("condition", f"Une règle lie déjà cette réponse à ce dispositif : elle {etat}.")
            return lues
        # Fresh from the database: the verb compares what is typed with what is there.
        jugee = FormulaireRegle(saisie, instance=existante)
        for champ, fautes in jugee.errors.as_data().items():
            self.add_error(CHAMPS.get(champ, champ), ValidationError(fautes))
        self.jugee = jugee.instance
        return lues


class EssaiChoisir(forms.Form):
    """The answers for which to see what a rule changes."""

    def __init__(self, data=None, *, initial: dict[str, str] | None = None):
        super().__init__(data, initial=initial, prefix="essai")
        for question in Question:
            choix = [("", "Sans réponse"), *REPONSES[question].items()]
            self.fields[question.value] = forms.ChoiceField(label=question.label, choices=choix, required=False)

    @property
    def reponses(self) -> dict[str, str]:
        return {question: reponse for question, reponse in self.cleaned_data.items() if reponse}


def _initiales(regle: Regle) -> dict[str, str]:
    return {
        "dispositif": regle.dispositif.slug,
        "condition": f"{regle.question}:{regle.reponse}",
        "effet": ECARTE if regle.exclut else str(min(regle.poids, POIDS_MAX)),
        "explication": regle.explication,
        "source": regle.source,
        "url": regle.url,
        "lue": regle.marque,
    }
