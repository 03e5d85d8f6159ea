"""Sources called by name instead of by number, so that two contents that number them differently can be compared.

A source of the base keeps its name in the other contents even when a word of it was corrected there.
"""

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from comparaison.appariement import IDENTITES, apparier

Contenu = dict[str, Any]
APPEL = re.compile(r"\[\^(\d{1,3})\]")
NOM = "\ue000"  # key of the name of a source, while contents are merged
RENVOI = re.compile("\ue000([^\ue000\ue001]*)\ue001")


def nommer(cle: str, base: list, lignes: list, noms: list[str] | None = None) -> list[str]:
    """Return a name for each line of a unit: that of the line of the base it comes from, or one of its own."""
    noms = noms if noms is not None else [str(n) for n in range(len(base))]
    venues = _venues(cle, base, lignes)
    neuves: Counter[str] = Counter()
    trouves = []
    for n, ligne in enumerate(lignes):
        texte = _texte(ligne)
        neuves[texte] += n not in venues
        trouves.append(noms[venues[n]] if n in venues else f"+{neuves[texte]}{texte}")
    return trouves


def _venues(cle: str, base: list, lignes: list) -> dict[int, int]:
    """Return the rank in the base of each line that comes from it."""
    if cle in IDENTITES:
        return {p.apres - 1: p.avant - 1 for p in apparier(cle, base, lignes) if p.avant and p.apres}
    return {n: base.index(ligne) for n, ligne in enumerate(lignes) if ligne in base}


def _texte(ligne: Any) -> str:
    return json.dumps(ligne, sort_keys=True)  # in ASCII: a name never holds what marks a call


class Renvois:
    """The names of the sources of some contents that come from one base; a name travels with its source (`NOM`)."""

    def __init__(self, base: Contenu):
        self.base = base.get("sources", [])
        self.sources: dict[str, Any] = {}  # by name
        self.noms: list[str] = []  # of the sources of the content last put together, in their order

    def detacher(self, contenu: Contenu, noms: list[str] | None = None) -> Contenu:
        """Return the content with its sources called by name, in texts and in lines; `noms`, where one knows them."""
        sources = contenu.get("sources", [])
        noms = noms if noms is not None else nommer("sources", self.base, sources)
        for nom, source in zip(noms, sources, strict=True):
            self.sources.setdefault(nom, source)

        def nom_de(numero: Any) -> Any:
            return noms[numero - 1] if isinstance(numero, int) and 1 <= numero <= len(noms) else numero

        def appeler(appel: re.Match[str]) -> str:
            nom = nom_de(int(appel[1]))
            return f"\ue000{nom}\ue001" if isinstance(nom, str) else appel[0]

        detache = _dans_les_lignes(_dans_les_textes(contenu, lambda texte: APPEL.sub(appeler, texte)), nom_de)
        return detache | {"sources": [{**source, NOM: nom} for nom, source in zip(noms, sources, strict=True)]}

    def rattacher(self, contenu: Contenu) -> Contenu:
        """Return the content with its sources numbered again; one removed but still called comes back at the end."""
        numeros = {source[NOM]: n for n, source in enumerate(contenu["sources"], 1)}
        sources = [{cle: valeur for cle, valeur in source.items() if cle != NOM} for source in contenu["sources"]]

        def numero_de(nom: Any) -> Any:
            if nom not in self.sources:
                return nom
            if nom not in numeros:
                sources.append(self.sources[nom])
                numeros[nom] = len(sources)
            return numeros[nom]

        def appeler(renvoi: re.Match[str]) -> str:
            numero = numero_de(renvoi[1])
            return f"[^{numero}]" if isinstance(numero, int) else renvoi[0]

        attache = _dans_les_textes(contenu, lambda texte: RENVOI.sub(appeler, texte))
        attache = _dans_les_lignes(attache, numero_de)
        self.noms = sorted(numeros, key=numeros.__getitem__)
        return {**attache, "sources": sources}


def _dans_les_textes(contenu: Contenu, changer: Callable[[str], str]) -> Contenu:
    return {**contenu, "sections": {cle: changer(texte) for cle, texte in contenu.get("sections", {}).items()}}


def _dans_les_lignes(contenu: Contenu, changer: Callable[[Any], Any]) -> Contenu:
    neuf = dict(contenu)
    for cle in IDENTITES:
        if cle != "sources" and cle in contenu:
            neuf[cle] = [{**ligne, "source": changer(ligne.get("source"))} for ligne in contenu[cle]]
    return neuf
