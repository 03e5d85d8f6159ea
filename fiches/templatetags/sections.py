"""What the page of a fiche shows of a section besides its text."""

from django import template
from django.utils.safestring import SafeString

from fiches.gabarits import Section
from fiches.listes import ETAPES, EXEMPLES, avec_ancres, lister

register = template.Library()


@register.simple_tag
def texte_de_section(section: Section, html: SafeString) -> SafeString:
    """Return the text of a section, where one can be led to each step."""
    return avec_ancres(html) if section.cle == ETAPES else html


@register.simple_tag
def exemples_de(section: Section, html: str) -> list[str]:
    """Return the examples of a section, which can be reported one by one; none for another section."""
    return lister(html) if section.cle == EXEMPLES else []
