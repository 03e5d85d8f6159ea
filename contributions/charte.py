"""Charter and licence that one agrees to when handing in a text; their words are on the page /charte/."""

CHARTE = "2026-11"
LICENCE = "Licence Ouverte 2.0"
