"""The legal texts of a dispositif, each with where it can be read: its source, or the search of Légifrance."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

# What tells one text from all others: its number, its article, else its day.
REFERENCE = re.compile(r"n°\s[\w./-]*\d|\b[LRD]\.\s\d[\d-]*|(?<=\bdu\s)\d{1,2}(?:er)?\s\w+\s\d{4}")
SORTE = re.compile(r"\b(code|loi|ordonnance|décret|arrêté|circulaire|instruction|accord)s?\b", re.IGNORECASE)
DE_L_ETAT = re.compile(r"(?:code|loi|ordonnance|décret|arrêté)s?\b", re.IGNORECASE)  # what Légifrance has
LEGIFRANCE = "https://www.legifrance.gouv.fr/search/all?tab_selection=all&searchField=ALL&query="


def textes(cadre: str, sources: Iterable[Mapping[str, Any]]) -> list[SafeString]:
    """Return the texts of a legal framework (« ; » is between them), their references linked to the sources of a fiche.

    A source is that of a text when its title bears the same number or article, or the same kind of text and day. A text
    of the State that no source bears gets a link to the search of Légifrance.
    """
    titres = [(" ".join(source["titre"].split()), source["url"]) for source in sources if source.get("url")]
    return [_lie(texte.strip(), titres) for texte in cadre.split(";") if texte.strip()]


def _lie(texte: str, titres: list[tuple[str, str]]) -> SafeString:
    morceaux, fini, derniere = [], 0, ""
    for reference in REFERENCE.finditer(texte):
        url = _adresse(texte, reference, titres)
        if url and url != derniere:  # a number, then its day: linked once
            lien = format_html('<a href="{}" rel="nofollow ugc noopener">{}</a>', url, reference[0])
            morceaux += [escape(texte[fini : reference.start()]), lien]
            fini, derniere = reference.end(), url
    morceaux.append(escape(texte[fini:]))
    if len(morceaux) == 1 and DE_L_ETAT.match(texte):
        cherche = format_html(' <a href="{}{}" rel="noopener">chercher sur Légifrance</a>', LEGIFRANCE, quote(texte))
        morceaux.append(cherche)
    return mark_safe("".join(morceaux))  # noqa: S308  # each piece is escaped


def _adresse(texte: str, reference: re.Match[str], titres: list[tuple[str, str]]) -> str:
    dite = " ".join(reference[0].split())
    portee = re.compile(rf"(?<![\w-]){re.escape(dite)}(?![\w-])")
    sortes = SORTE.findall(texte, 0, reference.start()) if dite[0].isdigit() else []
    for titre, url in titres:
        if portee.search(titre) and (not sortes or sortes[-1].lower() in titre.lower()):
            return url
    return ""
