"""Markup, as those who read a page have it."""

import html
import re


def d_une_ligne(balisage: str) -> str:
    """Return markup as a browser reads it: a run of white space is one space."""
    return re.sub(r"[ \t\r\n\f]+", " ", balisage)


def texte(balisage: str) -> str:
    """Return the words of a piece of page, as they are read."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", balisage)).replace("\u00a0", " ").split())
