"""Targets of reports: what one may be about, as the version read said.

`""` is the whole fiche; otherwise `section-cout`, `exemple-1`, `source-3`, `chiffre-2`, or a field (`titre`).
"""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.text import Truncator

from fiches.gabarits import GABARITS, PREFIXE
from fiches.listes import EXEMPLES, lister
from fiches.rendu import en_html, en_texte
from fiches.sources import Contenu, numeros
from fiches.unites import unites, valeur

LIGNES = {"source": "sources", "chiffre": "chiffres", "exemple": f"{PREFIXE}{EXEMPLES}"}
LIGNE = re.compile(r"(source|chiffre|exemple)-(\d+)")


@dataclass(frozen=True)
class Cible:
    cle: str  # section-cout, exemple-2, source-3, chiffre-1
    groupe: str
    titre: str
    passage: str
    ancre: str


def designables(nature: str, contenu: Contenu) -> list[Cible]:
    """Return what can be pointed at in this content, in reading order."""
    sections = contenu.get("sections", {})
    html = {cle: en_html(texte, numeros=numeros(contenu)) for cle, texte in sections.items()}
    trouvees = [
        Cible(section.unite, "Sections", section.titre, en_texte(html[section.cle]), section.ancre)
        for section in GABARITS[nature]
        if sections.get(section.cle)
    ]
    trouvees += [
        Cible(f"exemple-{n}", "Exemples", f"Exemple {n} : {_court(texte)}", texte, EXEMPLES)
        for n, texte in enumerate(lister(html.get(EXEMPLES, "")), 1)
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
    nom = nommer_cible(nature, cle)
    return f"section {nom}" if nom and cle.startswith(PREFIXE) else nom.lower() or "toute la fiche"


def nommer_cible(nature: str, cible: str) -> str:
    """Return the words for a target: « Coût », « Source 3 »; nothing for the whole fiche."""
    if ligne := LIGNE.fullmatch(cible):
        return f"{ligne[1].title()} {ligne[2]}"
    return next((unite.titre for unite in unites(nature) if unite.cle == cible), "")


def unite_visee(cible: str) -> str:
    """Return the key of the unit that a target belongs to; nothing for the whole fiche."""
    ligne = LIGNE.fullmatch(cible)
    return LIGNES[ligne[1]] if ligne else cible


def dire(contenu: dict, cible: str) -> str:
    """Return what a content says at this place, as text; nothing for the whole fiche."""
    ligne = LIGNE.fullmatch(cible)
    if ligne and ligne[1] != "exemple":
        lignes, rang = contenu.get(LIGNES[ligne[1]], []), int(ligne[2]) - 1
        return ", ".join(str(v) for v in lignes[rang].values() if v) if rang < len(lignes) else ""
    cle = unite_visee(cible)
    return str(valeur(contenu, cle) or "") if cle else ""


def citer(source: dict[str, Any]) -> str:
    """Return a source as its fiche quotes it."""
    return ", ".join(source[cle] for cle in ("organisation", "titre", "date", "repere", "url") if source.get(cle))


def _chiffre(chiffre: dict[str, Any]) -> str:
    valeur = " ".join(str(chiffre[cle]) for cle in ("qualificatif", "valeur", "unite") if chiffre.get(cle))
    return f"{chiffre['libelle']} : {valeur} ({chiffre['annee']})"


def _court(texte: str) -> str:
    return Truncator(texte[:500]).chars(70)  # it would put in order the accents of the whole text
