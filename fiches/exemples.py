"""The examples of a fiche: the items of the lists of its section « Exemples inspirants », each with a report link."""

import re

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from fiches.rendu import en_texte

CLE = "exemples"  # of the section (fiches/gabarits.py)
LISTE = re.compile(r"<(/?)(ul|ol|li)\b[^<>]*>")


def decouper(html: str) -> list[tuple[int, int]]:
    """Return where each item of the outer lists begins and ends (its `<li>` left out)."""
    places, profondeur, debut = [], 0, 0
    for balise in LISTE.finditer(html):
        if balise[2] != "li":
            profondeur += -1 if balise[1] else 1
        elif profondeur == 1 and not balise[1]:
            debut = balise.end()
        elif profondeur == 1:
            places.append((debut, balise.start()))
    return places


def lister(html: str) -> list[str]:
    """Return the plain text of each example."""
    return [en_texte(html[debut:fin]) for debut, fin in decouper(html)]


def avec_gestes(html: str, adresse: str) -> SafeString:
    """Return the same HTML with, at the end of each example, the link that reports it."""
    morceaux, fini = [], 0
    for numero, (_, fin) in enumerate(decouper(html), 1):
        geste = format_html(
            ' <a class="signaler-ligne sans-papier" href="{}signaler/?cible=exemple-{}" rel="nofollow">Signaler'
            '<span class="lecteur"> l’exemple {}</span></a>',
            adresse,
            numero,
            numero,
        )
        morceaux += [html[fini:fin], geste]
        fini = fin
    return mark_safe("".join([*morceaux, html[fini:]]))  # noqa: S308  # safe as `html` was (fiches/rendu.py)
