"""Template tag of the text of a section, where each example can be reported by itself."""

from django import template
from django.utils.safestring import SafeString

from fiches.exemples import CLE, avec_gestes
from fiches.gabarits import Section
from fiches.models import Fiche

register = template.Library()


@register.simple_tag
def texte_de_section(fiche: Fiche, section: Section, html: SafeString) -> SafeString:
    """Return the text of a section as its page shows it: examples can be reported one by one."""
    return avec_gestes(html, fiche.get_absolute_url()) if section.cle == CLE else html
