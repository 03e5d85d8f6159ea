"""What a report may be about: the whole fiche, a section, an example, a source, a figure — as the version read said."""

from dataclasses import dataclass
from typing import Any

from django.utils.text import Truncator

from fiches.exemples import CLE, lister
from fiches.gabarits import GABARITS
from fiches.rendu import en_html, en_texte
from fiches.unites import cle_de

Contenu = dict[str, Any]


@dataclass(frozen=True)
class Cible:
    cle: str  # section-cout, exemple-2, source-3, chiffre-1
    groupe: str
    titre: str
    passage: str
    ancre: str


def cibles(nature: str, contenu: Contenu) -> list[Cible]:
    """Return what can be pointed at in this content, in reading order."""
    sections = contenu.get("sections", {})
    trouvees = [
        Cible(cle_de(section), "Sections", section.titre, en_texte(en_html(sections[section.cle])), section.ancre)
        for section in GABARITS[nature]
        if sections.get(section.cle)
    ]
    trouvees += [
        Cible(f"exemple-{n}", "Exemples", f"Exemple {n} : {_court(texte)}", texte, CLE)
        for n, texte in enumerate(lister(en_html(sections.get(CLE, ""))), 1)
    ]
    trouvees += [
        Cible(f"source-{n}", "Sources", f"Source {n} : {_court(source['titre'])}", citer(source), f"source-{n}")
        for n, source in enumerate(contenu.get("sources", []), 1)
    ]
    trouvees += [
        Cible(f"chiffre-{n}", "Chiffres", f"Chiffre {n} : {_court(chiffre['libelle'])}", _chiffre(chiffre), "chiffres")
        for n, chiffre in enumerate(contenu.get("chiffres", []), 1)
    ]
    return trouvees


def titre_de(nature: str, cle: str) -> str:
    """Return the name of a target when only its key is at hand: « section Coût », « source 3 », « toute la fiche »."""
    sections = {cle_de(section): section.titre for section in GABARITS[nature]}
    return f"section {sections[cle]}" if cle in sections else cle.replace("-", " ") or "toute la fiche"


def citer(source: dict[str, Any]) -> str:
    """Return a source as its fiche quotes it."""
    return ", ".join(source[cle] for cle in ("organisation", "titre", "date", "repere", "url") if source.get(cle))


def _chiffre(chiffre: dict[str, Any]) -> str:
    valeur = " ".join(str(chiffre[cle]) for cle in ("qualificatif", "valeur", "unite") if chiffre.get(cle))
    return f"{chiffre['libelle']} : {valeur} ({chiffre['annee']})"


def _court(texte: str) -> str:
    return Truncator(texte).chars(70)
