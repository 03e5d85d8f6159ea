"""Citing a version: a version never changes, so that what one cites can be read again."""

from dataclasses import dataclass
from datetime import date

# BibTeX counts braces even when they are escaped: these forms keep them in pairs.
SPECIAUX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{signe: f"\\{signe}" for signe in "&%$#_"},
    }
)


@dataclass(frozen=True)
class Citation:
    slug: str
    titre: str
    numero: int
    jour: date
    adresse: str  # where this version stays

    @property
    def bibtex(self) -> str:
        """The entry of a bibliography, accents kept (UTF-8), braces keeping the capitals of names."""
        champs = {
            "title": f"{{{en_bibtex(self.titre)}}}",
            "author": "{Santé en territoires}",
            "howpublished": f"Santé en territoires, version {self.numero}",
            "year": str(self.jour.year),
            "date": self.jour.isoformat(),
            "url": self.adresse,
            "langid": "french",
        }
        lignes = ",\n".join(f'  {nom} = "{valeur}"' for nom, valeur in champs.items())
        return f"@misc{{{self.slug}-v{self.numero},\n{lignes}\n}}"


def en_bibtex(texte: str) -> str:
    """Return a text as BibTeX reads it, on one line."""
    return " ".join(texte.translate(SPECIAUX).splitlines())
