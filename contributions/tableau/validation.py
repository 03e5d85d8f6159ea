"""The form of local schemes for thousands of contents: what it looks up in the base, it looks up once for all.

The rules are those of `FormulaireDispositifLocal`; only the fields that ask the base know their answers already.
"""

from collections.abc import Iterable
from typing import Any

from django import forms

from dispositifs.forms import FormulaireDispositifLocal
from dispositifs.models import Dispositif
from fiches.forms import ChampTerritoires
from fiches.models import Public, Theme
from fiches.sources import Contenu
from territoires.models import Territoire


class _Connus(ChampTerritoires):
    """Territories that were looked up before; the others are asked of the base, as ever."""

    def __init__(self, connus: set[str], **kwargs: Any):
        super().__init__(**kwargs)
        self.connus = connus

    def clean(self, value: Any) -> list[str]:
        return list(dict.fromkeys(value)) if value and self.connus.issuperset(value) else super().clean(value)


class Validation:
    """Validates contents whose territories, in force, are given."""

    def __init__(self, lieux: Iterable[Territoire], dispositifs: Iterable[Dispositif]):
        themes, publics = (
            forms.MultipleChoiceField(choices=[(slug, slug) for slug in slugs], required=False)
            for slugs in (Theme.objects.values_list("slug", flat=True), Public.objects.values_list("slug", flat=True))
        )
        connus = {
            "themes": themes,
            "publics": publics,
            "dispositif": forms.ChoiceField(choices=[(un.slug, un.slug) for un in dispositifs], required=False),
            "territoires": _Connus({lieu.designation for lieu in lieux if not lieu.est_ferme}, required=False),
        }
        self.formulaire: Any = type("FormulaireDuTableau", (FormulaireDispositifLocal,), connus)

    def valider(self, contenu: Contenu) -> Contenu:
        """Return a content in its canonical form. Raises ValidationError."""
        return self.formulaire.valider(contenu)
