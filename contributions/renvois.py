"""Sources called by name instead of by number, so that two contents that number them differently can be compared.

A source of the base keeps its name in the other contents even when a word of it was corrected there.
"""

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

Contenu = dict[str, Any]
APPEL = re.compile(r"\[\^(\d{1,3})\]")
RENVOI = re.compile("\ue000([^\ue001]*)\ue001")
# A line of the base and a rewritten one are the same when one of these fields has not changed.
IDENTIFIANTS = {
    "sources": ("url", "titre"),
    "chiffres": ("libelle",),
    "missions": ("mission",),
    "articulations": ("vers",),
}


def nommer(cle: str, base: list, lignes: list, noms: list[str] | None = None) -> list[str]:
    """Return a name for each line of a unit: that of the line of the base it comes from, or one of its own."""
    noms = noms if noms is not None else [str(n) for n in range(len(base))]
    libres = dict(enumerate(base))
    trouves: dict[int, str] = {}
    for proche in (lambda _, ancienne, ligne: ancienne == ligne, _corrigee):
        for n, ligne in enumerate(lignes):
            candidates = [i for i, ancienne in libres.items() if proche(cle, ancienne, ligne)]
            if n not in trouves and candidates:
                i = max(candidates, key=lambda i: _points_communs(libres[i], ligne))
                trouves[n] = noms[i]
                del libres[i]
    neuves: Counter[str] = Counter()
    for n, ligne in enumerate(lignes):
        if n not in trouves:
            texte = _texte(ligne)
            neuves[texte] += 1
            trouves[n] = f"+{neuves[texte]}{texte}"
    return [trouves[n] for n in range(len(lignes))]


def _corrigee(cle: str, ancienne: Any, ligne: Any) -> bool:
    if not isinstance(ancienne, dict) or not isinstance(ligne, dict):
        return False
    return any(ancienne.get(champ) and ancienne.get(champ) == ligne.get(champ) for champ in IDENTIFIANTS[cle])


def _points_communs(ancienne: Any, ligne: Any) -> int:
    if not isinstance(ancienne, dict):
        return 0
    return sum(1 for champ, valeur in ancienne.items() if ligne.get(champ) == valeur)


def _texte(ligne: Any) -> str:
    return json.dumps(ligne, sort_keys=True, ensure_ascii=False)


class Renvois:
    """The names of the sources of some contents that come from one base."""

    def __init__(self, base: Contenu):
        self.base = base.get("sources", [])
        self.sources: dict[str, Any] = {}  # by name
        self.noms: dict[str, str] = {}  # by source

    def detacher(self, contenu: Contenu) -> Contenu:
        """Return the content with its sources called by name, in texts and in lines."""
        sources = contenu.get("sources", [])
        noms = nommer("sources", self.base, sources)
        for nom, source in zip(noms, sources, strict=True):
            self.sources.setdefault(nom, source)
            self.noms.setdefault(_texte(source), nom)

        def nom_de(numero: Any) -> Any:
            return noms[numero - 1] if isinstance(numero, int) and 1 <= numero <= len(noms) else numero

        def appeler(appel: re.Match[str]) -> str:
            nom = nom_de(int(appel[1]))
            return f"\ue000{nom}\ue001" if isinstance(nom, str) else appel[0]

        return _dans_les_lignes(_dans_les_textes(contenu, lambda texte: APPEL.sub(appeler, texte)), nom_de)

    def rattacher(self, contenu: Contenu) -> Contenu:
        """Return the content with its sources numbered again; one removed but still called comes back at the end."""
        sources = list(contenu.get("sources", []))
        numeros: dict[str, int] = {}
        for n, source in enumerate(sources, 1):
            numeros.setdefault(self.noms[_texte(source)], n)

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
        return {**attache, "sources": sources}


def _dans_les_textes(contenu: Contenu, changer: Callable[[str], str]) -> Contenu:
    return {**contenu, "sections": {cle: changer(texte) for cle, texte in contenu.get("sections", {}).items()}}


def _dans_les_lignes(contenu: Contenu, changer: Callable[[Any], Any]) -> Contenu:
    neuf = dict(contenu)
    for cle in IDENTIFIANTS:
        if cle != "sources" and cle in contenu:
            neuf[cle] = [{**ligne, "source": changer(ligne.get("source"))} for ligne in contenu[cle]]
    return neuf
