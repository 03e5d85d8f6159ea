"""What the page of a fiche shows of a section besides its text."""

import re
from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString, mark_safe

from fiches.gabarits import Section
from fiches.listes import ETAPES, EXEMPLES, avec_ancres, lister

register = template.Library()
LIEN = re.compile(r'<a\b[^<>]*? ?href="(/[^"]*)"[^<>]*>([^<>]*)</a>')


@register.simple_tag
def textes_des_sections(sections: Iterable[tuple[Section, SafeString]]) -> list[dict[str, object]]:
    """Return what is shown of each section: its text, its examples to report one by one.

    A page of the site to which the text leads again is no link the second time.
    """
    vues: set[str] = set()
    return [
        {
            "section": section,
            "texte": _texte(section, html, vues),
            "exemples": lister(html) if section.cle == EXEMPLES else [],
        }
        for section, html in sections
    ]


def _texte(section: Section, html: SafeString, vues: set[str]) -> SafeString:
    def delier(lien: re.Match[str]) -> str:
        if lien[1] in vues:
            return lien[2]
        vues.add(lien[1])
        return lien[0]

    texte = avec_ancres(html) if section.cle == ETAPES else html
    return mark_safe(LIEN.sub(delier, texte))  # noqa: S308  # safe as `html` was (fiches/rendu.py)
