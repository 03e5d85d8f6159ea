"""« Vouliez-vous dire… », the territories that a field may mean; their names in a sentence; years and vintages."""

from typing import Any

from django import template
from django.forms.utils import ErrorList

from territoires import articles, millesimes
from territoires.models import PrecisionAnnee, Territoire

register = template.Library()
ANNEES = {
    PrecisionAnnee.EXACTE: "{}",
    PrecisionAnnee.PUBLICATION: "cité en {}, année non précisée",
    PrecisionAnnee.APRES: "document sans date, après {}",
}


@register.filter
def annee(valeur: int, precision: str) -> str:
    """Return the year of a figure with what is known of it: « 2022 », « cité en 2022, année non précisée »."""
    return ANNEES[PrecisionAnnee(precision)].format(valeur)


@register.filter
def avec_article(territoire: Territoire) -> str:
    """Return its name in a sentence: « le PETR du Pays de Bray », « la Seine-Maritime », « Rouen »."""
    return articles.avec_article(territoire)


@register.simple_tag
def decoupage(porteur: Any = None) -> str:
    """Return which vintages the page speaks of. One query, none with a row that carries them (`en_colonne`)."""
    return millesimes.mention(getattr(porteur, "millesimes", None))


@register.filter
def la_ou(territoire: Territoire) -> str:
    """Return where one is: « à Rouen », « au Havre », « en Seine-Maritime », « dans l’Eure »."""
    return articles.la_ou(territoire)


@register.inclusion_tag("territoires/_vouliez_vous_dire.html", takes_context=True)
def vouliez_vous_dire(context: template.Context, erreurs: ErrorList | list, nom: str) -> dict[str, Any]:
    """Show the territories that these errors of the field `nom` carry, as links to the page with each of them."""
    fautes = erreurs.as_data() if isinstance(erreurs, ErrorList) else []
    proches = [proche for faute in fautes for proche in (faute.params or {}).get("proches", ())]
    return {"choix": [(proche, _adresse(context, nom, proche.designation)) for proche in proches]}


def _adresse(context: template.Context, nom: str, designation: str) -> str:
    """Return the address of this page, first page, with this territory."""
    parametres = context.request.GET.copy()  # type: ignore[attr-defined]
    parametres[nom] = designation
    parametres.pop("page", None)
    return f"?{parametres.urlencode(safe=':')}"
