"""Dates as precise as their source in the database and in forms: a column, its bounds in SQL, a field to type one."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Transform
from django.utils.text import capfirst

from francais.caracteres import refuser_les_trompeurs
from francais.dates import DatePartielle

FORMES = "Écrivez une date comme 12/03/2021, mars 2021 ou 2021."
CANONIQUE = r"^(19|20|21)\d\d(-\d\d){0,2}$"


if TYPE_CHECKING:
    Colonne = models.CharField[DatePartielle | str, DatePartielle]
else:
    Colonne = models.CharField


class ColonneDatePartielle(Colonne):
    """A `DatePartielle`; empty when nobody gives it. `__premier_jour` and `__dernier_jour` are its bounds."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **{"max_length": 10, "blank": True, "default": "", "db_default": "", **kwargs})

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> DatePartielle | None:
        return value if value is None else DatePartielle(value)

    def to_python(self, value: Any) -> Any:
        return value if value is None else DatePartielle(value)


@ColonneDatePartielle.register_lookup
class PremierJour(Transform):
    lookup_name = "premier_jour"
    output_field = models.DateField()
    template = "rpad(nullif(%(expressions)s, ''), 10, '-01-01')::date"


@ColonneDatePartielle.register_lookup
class DernierJour(Transform):
    lookup_name = "dernier_jour"
    output_field = models.DateField()

    def as_sql(self, compiler, connection, **extra):  # type: ignore[override]
        texte, parametres = compiler.compile(self.lhs)
        unites = ", ".join(f"(length({texte}) = {longueur})::int" for longueur in (4, 7))
        premier = f"rpad(nullif({texte}, ''), 10, '-01-01')::date"
        jours = f"(length({texte}) < 10)::int"
        return f"({premier} + make_interval({unites}) - {jours} * interval '1 day')::date", [*parametres] * 4


def dates_canoniques(*colonnes: str) -> list[models.BaseConstraint]:
    """Return the constraints that keep these columns to what a `DatePartielle` is, named after them."""
    return [
        models.CheckConstraint(
            name=f"%(class)s_{colonne}_est_une_date",
            condition=Q(**{colonne: ""}) | Q(**{f"{colonne}__regex": CANONIQUE}),
        )
        for colonne in colonnes
    ]


class ChampDatePartielle(forms.CharField):
    """A date, typed as one writes it in French, or as computers do; cleaned to a `DatePartielle`."""

    default_validators = [refuser_les_trompeurs]

    def __init__(self, **kwargs: Any):
        super().__init__(**{"help_text": "Aussi précise que la source : 12/03/2021, mars 2021 ou 2021.", **kwargs})

    def clean(self, value: Any) -> DatePartielle:
        texte = super().clean(value)
        if not texte:
            return DatePartielle()
        try:
            return DatePartielle.lire(texte)
        except ValueError as erreur:
            raise ValidationError(f"{capfirst(str(erreur))}. {FORMES}", code="invalid") from erreur


def dans_le_desordre(debut: DatePartielle | None, fin: DatePartielle | None) -> bool:
    """Return whether an end surely comes before its beginning."""
    return bool(debut and fin) and fin.dernier_jour < debut.premier_jour  # type: ignore[union-attr, operator]
