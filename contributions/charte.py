"""What one agrees to when handing in a text; the words themselves are on the page /charte/."""

CHARTE = "2026-11"
LICENCE = "Licence Ouverte 2.0"
