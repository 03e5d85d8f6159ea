"""The sources of a content, each with a key by which texts (`[^rdv22]`) and lines call it.

A key stays with its source wherever the source stands; pages number the sources in their order. A content of before the
keys (it has no `format`) called its sources by number: read, each has its number for key, so that `[^2]` stays `[^2]`.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.db import models

from fiches import formats
from francais.dates import DatePartielle

Contenu = formats.Contenu

FORMAT = 3  # of the contents written now
AVEC_CLES = 2  # the first whose sources have keys
CLE = re.compile(r"[a-z0-9-]{1,24}")
DOCUMENT = ("organisation", "titre", "date", "apres", "url")  # what passages of one document share
APPEL = re.compile(rf"\[\^({CLE.pattern})\]")
# What somebody meant as a call, even if no source has such a key.
APPEL_VOULU = re.compile(r"\[\^([^\[\]\s]{1,60})\]")
ZEROS = re.compile(r"(?<=\[\^)0+(?=\d{1,2}\])")  # `[^02]` was a call of source 2


class ChampContenu(models.JSONField):
    """A content, read in the present format whatever the one it was stored in."""

    def from_db_value(self, value, expression, connection):
        lu = super().from_db_value(value, expression, connection)
        return actuel(lu) if isinstance(lu, dict) else lu


def actuel(contenu: Contenu) -> Contenu:
    """Return a content in the present format: every source has a key of its own, which lines hold."""
    contenu = formats.convertir(contenu)
    neuf = {**contenu}
    if sources := contenu.get("sources"):
        neuf["sources"] = _avec_cles(sources)
    for cle, lignes in _lignes(contenu):
        neuf[cle] = [{**ligne, "source": str(ligne["source"])} if ligne.get("source") else ligne for ligne in lignes]
    if "format" not in contenu and "sections" in contenu:
        neuf["sections"] = {cle: ZEROS.sub("", texte) for cle, texte in (contenu["sections"] or {}).items()}
    return neuf


def _avec_cles(sources: list[dict[str, Any]]) -> list[dict[str, Any]]:
    prises = {str(source["cle"]) for source in sources if source.get("cle")}
    donnees: set[str] = set()
    avec_cles = []
    for numero, source in enumerate(sources, 1):
        cle = str(source.get("cle") or "")
        if not cle or cle in donnees:
            cle = str(numero) if str(numero) not in prises else cle_libre(prises)
        prises.add(cle)
        donnees.add(cle)
        avec_cles.append({**source, "cle": cle})
    return avec_cles


def _lignes(contenu: Contenu) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the lists of a content whose lines call a source."""
    for cle, valeur in contenu.items():
        if isinstance(valeur, list) and all(isinstance(ligne, dict) and "source" in ligne for ligne in valeur):
            yield cle, valeur


def cle_libre(prises: Collection[str]) -> str:
    """Return a key that no source has: the number after the greatest one."""
    return str(max((int(cle) for cle in prises if cle.isdecimal() and len(cle) < 10), default=0) + 1)


def cles(contenu: Contenu) -> list[str]:
    return [source["cle"] for source in contenu.get("sources") or []]


def par_cle(sources: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return what sources say, by their key."""
    return {source["cle"]: sans_cle(source) for source in sources}


def sans_cle(source: dict[str, Any]) -> dict[str, Any]:
    return {nom: valeur for nom, valeur in source.items() if nom != "cle"}


def reference(source: Mapping[str, Any], *, avec_repere: bool = False) -> str:
    """Return a source in words: who, what, when, perhaps where in it, at which address."""
    quand = DatePartielle(source["date"]).en_mots if source.get("date") else "sans date"
    repere = source.get("repere") if avec_repere else ""
    dits = (source.get("organisation"), source["titre"], quand, repere, source.get("url"))
    return ", ".join(dit for dit in dits if dit)


def numeros(contenu: Contenu) -> dict[str, int]:
    """Return by key the number that pages give to each source."""
    return {cle: numero for numero, cle in enumerate(cles(contenu), 1)}


def par_document(sources: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the documents that sources are taken from, as first cited, each with its numbered `passages`."""
    documents: dict[tuple, dict[str, Any]] = {}
    for numero, source in enumerate(sources, 1):
        commun = {nom: source.get(nom) or "" for nom in DOCUMENT}
        document = documents.setdefault(tuple(commun.values()), {**commun, "passages": []})
        document["passages"].append({**source, "numero": numero})
    return list(documents.values())


def appels(texte: str) -> set[str]:
    """Return the keys of the sources that a text calls."""
    return set(APPEL.findall(texte))


def cle_appelee(appel: str) -> str:
    """Return the key that somebody wrote, as in a text or without its brackets."""
    return appel.strip().removeprefix("[^").removesuffix("]")


def renommer(contenu: Contenu, noms: Mapping[str, str]) -> Contenu:
    """Return a content whose sources have these keys instead of theirs, wherever it calls them."""
    if all(cle == nom for cle, nom in noms.items()):
        return contenu
    neuf = {**contenu, "sources": [{**s, "cle": noms.get(s["cle"], s["cle"])} for s in contenu.get("sources") or []]}
    for cle, lignes in _lignes(contenu):
        neuf[cle] = [{**ligne, "source": noms.get(ligne["source"], ligne["source"])} for ligne in lignes]
    neuf["sections"] = {cle: renommer_appels(texte, noms) for cle, texte in contenu.get("sections", {}).items()}
    return neuf


def renommer_appels(texte: str, noms: Mapping[str, str]) -> str:
    """Return a text that calls its sources by these keys instead."""
    return APPEL.sub(lambda appel: f"[^{noms.get(appel[1], appel[1])}]", texte)


def avec_les_appelees(contenu: Contenu, origines: Iterable[Contenu], de_plus: Iterable[Contenu] = ()) -> Contenu:
    """Return the content with, after its own sources, those of `origines` that it calls and has not.

    `de_plus`: lines that are not in it, and whose source must be there.
    """
    connues = {source["cle"]: source for origine in reversed([*origines]) for source in origine.get("sources") or []}
    appelees = [cle for texte in contenu.get("sections", {}).values() for cle in APPEL.findall(texte)]
    appelees += [ligne.get("source") for _, lignes in _lignes(contenu) for ligne in lignes]
    appelees += [ligne.get("source") for ligne in de_plus]
    presentes = set(cles(contenu))
    revenues = [connues[cle] for cle in dict.fromkeys(appelees) if cle in connues and cle not in presentes]
    return {**contenu, "sources": [*contenu["sources"], *revenues]} if revenues else contenu
