"""`{% load donnees_liees %}`: what a page says to machines, in its head."""

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString

from fiches.models import Fiche
from recherche import donnees_liees
from territoires.models import Inclusion, Territoire

register = template.Library()


@register.simple_tag
def fiche_liee(fiche: Fiche, etapes: donnees_liees.Etapes) -> SafeString:
    return donnees_liees.ecrire(donnees_liees.de_la_fiche(fiche, etapes))


@register.simple_tag
def territoire_lie(territoire: Territoire, parents: Iterable[Inclusion], etapes: donnees_liees.Etapes) -> SafeString:
    return donnees_liees.ecrire(donnees_liees.du_territoire(territoire, parents, etapes))


@register.simple_tag
def site_lie() -> SafeString:
    return donnees_liees.ecrire(donnees_liees.de_l_accueil())
