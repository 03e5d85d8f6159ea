"""The state of a scheme or of an action today, wherever a fiche is shown without its columns: cards, mixed lists."""

from typing import Any

from django import template
from django.utils import timezone

from dispositifs.age import Situation, ancien, duree_en_mots
from fiches.models import Fiche
from francais.dates import DatePartielle

register = template.Library()
register.simple_tag(duree_en_mots, name="duree_des_constats")


@register.inclusion_tag("dispositifs/_etat.html")
def etat_aujourd_hui(fiche: Fiche) -> dict[str, Any]:
    """Show the state that follows from what the last version says; no query."""
    return {"etat": Situation.lue(fiche.rendu["situation"]).etat(timezone.localdate())}


@register.filter
def a_verifier(fiche: Fiche) -> bool:
    """Return whether it is an action seen under way too long ago to be told of today; no query."""
    vue = fiche.rendu.get("vue_en_suspens")
    return vue is not None and ancien(DatePartielle(vue), timezone.localdate())
