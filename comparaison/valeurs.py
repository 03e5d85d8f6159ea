"""The values of a content as one reads them: names instead of codes, dates and numbers in French, yes and no."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from fiches.dates import ChampDatePartielle
from fiches.forms import ChampTerritoires, ChampTexte
from fiches.models import Fiche
from francais.balises import date_partielle, jour, nombre
from territoires.models import Territoire

VIDE = "non renseigné"
RETIREE = "fiche retirée de la base"


class Lecteur:
    """Reads the values of one field; the names it needs are fetched at once, when it is made."""

    def __init__(self, champ: forms.Field, valeurs: Iterable[Any], *, source: bool = False):
        self.champ = champ
        self.source = source
        self.noms = _noms(champ, {v for valeur in valeurs for v in (valeur if isinstance(valeur, list) else [valeur])})

    @property
    def libelle(self) -> str:
        return "Source" if self.source else str(self.champ.label)

    @property
    def libre(self) -> bool:
        """True for a text, which is compared word by word."""
        return self.source or isinstance(self.champ, ChampTexte | forms.URLField)

    def lire(self, valeur: Any) -> str:
        if isinstance(valeur, bool):
            return "oui" if valeur else "non"
        if valeur is None or valeur == "":
            return ""
        if self.source:
            return f"[^{valeur}]"
        if isinstance(self.champ, forms.DecimalField) and isinstance(valeur, int | float):
            return nombre(valeur)
        texte = self.noms.get(valeur, RETIREE if _designe_une_fiche(self.champ) else str(valeur))
        if isinstance(self.champ, ChampDatePartielle):
            return _date(texte)
        return texte


def _noms(champ: forms.Field, valeurs: set[Any]) -> dict[Any, str]:
    """Return the names of these values where the field has some: choices, vocabularies, fiches, territories."""
    cles = [v for v in valeurs if isinstance(v, str) and v and "\0" not in v]
    if isinstance(champ, ChampTerritoires):
        return {t.designation: t.nom_complet for t in Territoire.objects.designes_par(cles)} if cles else {}
    if isinstance(champ, forms.ChoiceField) and not isinstance(champ, forms.ModelChoiceField):
        return {valeur: str(nom) for valeur, nom in champ.choices}  # type: ignore[union-attr, misc]  # a list, here
    if not cles or not isinstance(champ, forms.ModelChoiceField) or champ.queryset is None:
        return {}
    trouves = champ.queryset.filter(slug__in=cles)
    if _designe_une_fiche(champ):
        return dict(trouves.filter(etat=Fiche.Etat.PUBLIEE).values_list("slug", "titre"))
    return dict(trouves.values_list("slug", "nom"))


def _designe_une_fiche(champ: forms.Field) -> bool:
    return (
        isinstance(champ, forms.ModelChoiceField)
        and champ.queryset is not None
        and issubclass(champ.queryset.model, Fiche)
    )


def _date(texte: str) -> str:
    """Return « 2 octobre 2025 » or « octobre 2025 »; a text that is no date stays what it is."""
    if re.fullmatch(r"[0-9]{4}(-(0[1-9]|1[0-2]))?", texte):
        return date_partielle(texte)
    try:
        return jour(date.fromisoformat(texte))
    except ValueError:
        return texte
