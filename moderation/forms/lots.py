"""What is decided of a lot: which rows are left aside, what is said, and why it is refused."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property

from contributions.models import Lot
from contributions.verbes.echanges import MESSAGE_MAX
from fiches.forms import ChampTexte
from francais.nombres import entier
from moderation.forms.gestes import CHOIX_MOTIF
from moderation.lots import SUITE, ecrire_les_numeros, lire_les_numeros, propositions_des_lignes

SUITES_MAX = 200


class FormulaireLot(forms.Form):
    """Besides its fields it reads, of each row shown (`montree`), whether it is kept (`garde`) and its `remarque-…`."""

    use_required_attribute = False

    sauf = ChampTexte(
        label="Laisser aussi de côté les lignes",
        max_length=2000,
        help_text="Leurs numéros dans le tableau\u00a0: 4, 12-18. Elles restent dans la file, à examiner une par une.",
    )
    explication = ChampTexte(
        label="Message à l’auteur", max_length=MESSAGE_MAX, widget=forms.Textarea(attrs={"rows": 3})
    )
    motif = forms.ChoiceField(label="Motif du refus", choices=CHOIX_MOTIF, required=False)
    lu_le = forms.DateTimeField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Any,
        lot: Lot,
        verbe: str = "",
        *,
        sauf: str = "",
        ecrits: Mapping[str, str] | None = None,
        remarques: Mapping[int, str] | None = None,
    ):
        """Return a form with what was written on another page: `ecrits`, by field, and the `remarques`, by row."""
        super().__init__(data, initial={**(ecrits or {}), "sauf": sauf, "lu_le": timezone.now().isoformat()})
        self.lot, self.verbe, self.retenues = lot, verbe, remarques or {}
        for pk in self._cles("montree"):
            self.fields[f"remarque-{pk}"] = ChampTexte(max_length=MESSAGE_MAX)

    def clean_sauf(self) -> str:
        ecrit = self.cleaned_data["sauf"]
        reste = "".join(SUITE.sub("", ecrit).split()).strip(",;.")
        if reste or len(lire_les_numeros(ecrit)) > SUITES_MAX:
            raise forms.ValidationError(
                "Des numéros de lignes seulement, séparés par des virgules\u00a0: 4, 12-18."
                if reste
                else f"{SUITES_MAX} suites de lignes au plus."
            )
        return ecrit

    def clean_lu_le(self) -> datetime:
        """Return when the page was made: not before the lot was handed in, nor in the future, whatever is posted."""
        maintenant = timezone.now()
        return min(max(self.cleaned_data["lu_le"] or maintenant, self.lot.depose_le), maintenant)

    def clean(self) -> dict[str, Any]:
        lues = super().clean() or {}
        if self.verbe == "ecarter":
            if not lues.get("motif"):
                self.add_error("motif", "Choisissez un motif.")
            if not lues.get("explication"):
                self.add_error("explication", "Écrivez une phrase d’explication : elle est envoyée à l’auteur.")
        if self.verbe == "ecrire" and not lues.get("explication"):
            self.add_error("explication", "Écrivez votre message.")
        return lues

    @cached_property
    def laissees(self) -> dict[int, int]:
        """The propositions left aside: primary key, row; those written, and those shown and not kept."""
        montrees = self.lot.propositions.a_traiter().filter(pk__in=self.decochees).only("ligne")
        ecrites = propositions_des_lignes(self.lot, lire_les_numeros(self.cleaned_data.get("sauf", "")))
        return {**ecrites, **{p.pk: p.ligne or 0 for p in montrees}}

    def laisse(self, ligne: int | None) -> bool:
        """Say whether the address already says that this row is left aside."""
        suites = lire_les_numeros(self.initial["sauf"])
        return ligne is not None and any(debut <= ligne <= fin for debut, fin in suites)

    @property
    def sauf_ecrites(self) -> str:
        """The rows left aside, as one writes them."""
        return ecrire_les_numeros(self.laissees.values())

    @property
    def remarques(self) -> dict[int, str]:
        """What is asked of the author of some rows, ticked or not: it gives them back."""
        if not self.is_bound:
            return {**self.retenues}
        dites = {pk: self._remarque(pk) for pk in self._cles("montree")}
        return {pk: dite for pk, dite in dites.items() if dite}

    def _remarque(self, pk: int) -> str:
        """Return what is asked about a row, as it was typed where it is refused."""
        nom = f"remarque-{pk}"
        return str(getattr(self, "cleaned_data", {}).get(nom, self.data.get(nom, "")))

    def fautes(self, pk: int) -> list[str]:
        """Return what is wrong with the remark on a row."""
        return [str(faute) for faute in self.errors.get(f"remarque-{pk}", [])]

    @cached_property
    def decochees(self) -> set[int]:
        """The rows shown that were posted unticked."""
        return self._cles("montree") - self._cles("garde")

    def _cles(self, nom: str) -> set[int]:
        if not self.is_bound:
            return set()
        return {entier(brut) for brut in self.data.getlist(nom)} - {0}  # type: ignore[attr-defined]

    @property
    def saisie(self) -> list[tuple[str, str]]:
        """All that was posted, to be posted again once confirmed."""
        laisses = ("csrfmiddlewaretoken", "confirme", "verbe", "revenir")
        return [(nom, v) for nom, vs in self.data.lists() if nom not in laisses for v in vs]  # type: ignore[attr-defined]
