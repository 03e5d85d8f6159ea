"""Traces of a deposit: how small its change is, and what it has in common with others. Read once, when it is handed in.

Everything is linear in what was sent.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from os.path import commonprefix
from typing import NamedTuple

from django.db.models import Q

from comptes.reseau import marquer
from contributions.models import Depot, Trace
from fiches.gabarits import PREFIXE
from fiches.models import Fiche, Source
from fiches.sources import APPEL, par_cle
from fiches.unites import textes, valeur
from francais.caracteres import a_des_invisibles, mots_melanges, sans_accents

LIEN = re.compile(r"(?:https?://|\bwww\.)[^\s<>()\[\]\"«»]{3,500}", re.IGNORECASE)
HORS_DES_LETTRES = re.compile(r"[^a-z0-9]+")
FIN_DE_PHRASE = re.compile(r"[.!?…]\s|\n")
TEXTE_MIN = 40  # signs: shorter, two people may well write the same
LIENS_LUS = PHRASES_LUES = 20
Sorte = Trace.Sorte


class Passage(NamedTuple):
    """What two texts do not share, whole words: between what they begin with, and what they end with."""

    avant: str
    apres: str


def passage(avant: str, apres: str) -> Passage:
    debut = _commun(avant, apres)
    while debut and not avant[debut - 1].isspace():
        debut -= 1
    fin = _commun(avant[debut:][::-1], apres[debut:][::-1])
    while fin and not avant[-fin].isspace():
        fin -= 1
    return Passage(avant[debut : len(avant) - fin], apres[debut : len(apres) - fin])


def _commun(un: str, autre: str) -> int:
    """Return how many signs they begin with together."""
    return len(commonprefix([un, autre]))  # noqa: RUF071  # texts, not paths


def petit(depot: Depot) -> Passage | None:
    """Return what the deposit reecrits in the one section that it changes; None of what is never a small change.

    Every source and every call stays, the section calls one at least, and the passage holds no figure, link nor
    address, nor anything that one does not see: facts are read one by one.
    """
    changees = [cle for cle in depot.recus if cle != "sources"]
    if depot.base is None or len(changees) != 1 or not changees[0].startswith(PREFIXE):
        return None
    avant, apres = (valeur(contenu, changees[0]) or "" for contenu in (depot.lue, depot.proposee))
    anciennes, neuves = (par_cle(contenu.get("sources") or []) for contenu in (depot.lue, depot.proposee))
    appels = Counter(APPEL.findall(apres))
    gardees = all(neuves.get(cle) == source for cle, source in anciennes.items())
    if not (appels and gardees) or Counter(APPEL.findall(avant)) - appels:
        return None
    reecrit = passage(avant, apres)
    nu = APPEL.sub("", "\n".join(reecrit))
    if any(signe.isdigit() or signe == "@" for signe in nu) or LIEN.search(nu):
        return None
    return None if a_des_invisibles(reecrit.apres) or mots_melanges(reecrit.apres) else reecrit


def relever(depot: Depot) -> None:
    """Write the traces of a deposit that was just handed in."""
    valeurs = {(Sorte.TEXTE, texte) for texte in _textes(depot)} | {(Sorte.LIEN, lien) for lien in _liens(depot)}
    if remplacement := _remplacement(depot):
        valeurs.add((Sorte.REMPLACEMENT, remplacement))
    traces = [Trace(depot=depot, sorte=sorte, valeur=marquer(f"{sorte}:{dit}")) for sorte, dit in sorted(valeurs)]
    if traces:
        Trace.objects.bulk_create(traces)


def _textes(depot: Depot) -> Iterator[str]:
    """Yield the first long sentences that it would publish, reduced to their letters."""
    phrases = (phrase for ecrit in ecrits(depot) for phrase in FIN_DE_PHRASE.split(ecrit))
    reduites = (HORS_DES_LETTRES.sub(" ", sans_accents(phrase)).strip() for phrase in phrases)
    yield from islice((reduite for reduite in reduites if len(reduite) >= TEXTE_MIN), PHRASES_LUES)


def _liens(depot: Depot) -> set[str]:
    """Return the addresses that it brings, its sentence included, of sites that no public fiche cites."""
    dits = "\n".join([*ecrits(depot), depot.pourquoi])
    trouves = list(dict.fromkeys(_adresse(lien) for lien in LIEN.findall(dits)))[:LIENS_LUS]
    if not trouves:
        return set()
    sites = {adresse: adresse.partition("/")[0] for adresse in trouves}
    condition = Q(pk__in=[])
    for site in {*sites.values()}:
        for debut in ("https://", "http://", "https://www.", "http://www."):
            condition |= Q(url__startswith=f"{debut}{site}/") | Q(url=f"{debut}{site}")
    cites = Source.objects.filter(condition, fiche__etat=Fiche.Etat.PUBLIEE).values_list("url", flat=True)
    connus = {_adresse(url).partition("/")[0] for url in cites}
    return {adresse for adresse, site in sites.items() if site not in connus}


def _adresse(lien: str) -> str:
    """Return an address without what changes nothing to where it leads."""
    nue = re.sub(r"^(?:https?://)?(?:www\.)?", "", lien.lower())
    return nue.partition("#")[0].partition("?")[0].rstrip("/.,;:!'’*_")


def ecrits(depot: Depot) -> Iterator[str]:
    """Yield what the deposit writes that the version read did not say."""
    for cle in depot.changements:
        avant, apres = (valeur(contenu, cle) for contenu in (depot.lue, depot.proposee))
        if isinstance(apres, str):
            yield passage(avant or "", apres).apres
        else:
            dits = {*textes(avant)}
            yield from (dit for dit in textes(apres) if dit not in dits)


def _remplacement(depot: Depot) -> str:
    """Return which source becomes which, when that is all that it changes; the key is that of its fiche."""
    if depot.base is None or depot.recus.keys() != {"sources"}:
        return ""
    anciennes, neuves = (par_cle(contenu.get("sources") or []) for contenu in (depot.lue, depot.proposee))
    changees = [cle for cle in anciennes if neuves.get(cle) != anciennes[cle]]
    if anciennes.keys() != neuves.keys() or len(changees) != 1:
        return ""
    paire = (source | {"cle": ""} for source in (anciennes[changees[0]], neuves[changees[0]]))
    return repr([sorted(source.items()) for source in paire])
