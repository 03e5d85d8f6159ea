"""Geste: one thing that moderators do, with the words of before and after; all of them: moderation/gestes.py."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from contributions.models import Proposition
from fiches.models import Version
from moderation.forms.gestes import FormulaireGeste


@dataclass(frozen=True)
class Geste:
    titre: str
    effet: str | Callable[[Any, Any, Any], str]  # what it will do: of the object, its form, what its rehearsal made
    fait: str  # what it did; names what was answered, and `fait`, what the verb returned
    faire: Callable[..., Any]  # the verb
    formulaire: Callable[..., Any] = FormulaireGeste  # where no page has its own
    au_bouton: str = ""  # where it is not the title
    icone: str = ""  # where it is folded
    danger: bool = False
    immediat: bool = False  # nothing to see before
    au_poste: bool = False  # at the desk only: it wants the whole page

    @property
    def bouton(self) -> str:
        return self.au_bouton or self.titre

    def annoncer(self, objet: Any, formulaire: Any, fait: Any = None) -> str:
        return self.effet if isinstance(self.effet, str) else self.effet(objet, formulaire, fait)

    def appliquer(self, objet: Any, par: Any, formulaire: Any) -> Any:
        return self.faire(objet, par=par, **formulaire.arguments)

    def conclure(self, objet: Any, formulaire: Any, fait: Any) -> str:
        if ecrit_une_absence(objet, fait):
            return "L’absence est écrite."
        return self.fait.format(fait=fait, **formulaire.cleaned_data)


def ecrit_une_absence(objet: Any, fait: Any) -> bool:
    """Return whether what was done wrote an absence: the version is that of the fiche, which did not change."""
    return isinstance(objet, Proposition) and isinstance(fait, Version) and objet.dit_une_absence
