"""The state of a local scheme today, wherever a fiche is shown without its columns: cards, lists of several natures."""

from typing import Any

from django import template
from django.utils import timezone

from dispositifs.age import Situation
from fiches.models import Fiche

register = template.Library()


@register.inclusion_tag("dispositifs/_etat.html")
def etat_aujourd_hui(fiche: Fiche) -> dict[str, Any]:
    """Show the state that follows from what the last version says; no query."""
    return {"etat": Situation.lue(fiche.rendu["situation"]).etat(timezone.localdate())}
