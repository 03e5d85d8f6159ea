"""Pairs of lines: which line of one list (sources, figures…) became which line of another, or the most alike."""

from collections import defaultdict, deque
from collections.abc import Hashable
from typing import Any, NamedTuple

from comparaison.textes import ressemblance, sens

Lignes = list[dict[str, Any]]
RESSEMBLANCE_MIN = 0.5
# What makes a line what it is, from the surest.
IDENTITES: dict[str, list[tuple[str, ...]]] = {
    "sources": [("url", "titre"), ("url",), ("titre",)],
    "chiffres": [("libelle", "annee"), ("libelle",)],
    "missions": [("mission",)],
    "articulations": [("type", "vers"), ("vers",)],
    "constats": [("etat", "le"), ("le",)],
    "anterieures": [("numero",)],
}


class Paire(NamedTuple):
    """Numbers of a line before and after, from 1; None where it is not."""

    avant: int | None
    apres: int | None


def apparier(cle: str, avant: Lignes, apres: Lignes) -> list[Paire]:
    """Return every line once, in the order of `apres`, those that are gone where they were."""
    venues: dict[int, int] = {}  # from the rank after to the rank before
    libres = set(range(len(avant)))
    for identite in (None, *IDENTITES[cle]):
        candidats: dict[Hashable, deque[int]] = defaultdict(deque)
        for i in sorted(libres):
            candidats[_cle(avant[i], identite)].append(i)
        for j, ligne in enumerate(apres):
            connue = _cle(ligne, identite)
            if j not in venues and connue and candidats[connue]:
                venues[j] = candidats[connue].popleft()
                libres.discard(venues[j])
    _apparier_ressemblantes(avant, apres, venues, libres)
    return _en_ordre(venues, sorted(libres), len(apres))


def apparier_par_cle(avant: Lignes, apres: Lignes) -> list[Paire]:
    """Return every source once, in the same order: a source is known by its key."""
    rangs = {source["cle"]: i for i, source in enumerate(avant)}
    venues = {j: rangs.pop(source["cle"]) for j, source in enumerate(apres) if source["cle"] in rangs}
    return _en_ordre(venues, sorted({*range(len(avant))} - {*venues.values()}), len(apres))


def _cle(ligne: dict[str, Any], identite: tuple[str, ...] | None) -> Hashable:
    """Return what the line is known by: the whole of it without `identite`; None when it does not say."""
    if identite is None:
        return repr(sorted(ligne.items()))
    valeurs = tuple(ligne.get(nom) for nom in identite)
    return valeurs if all(valeurs) else None


def _apparier_ressemblantes(avant: Lignes, apres: Lignes, venues: dict[int, int], libres: set[int]) -> None:
    mots = {i: sens(_mots(avant[i])) for i in libres}
    scores = sorted(
        (-pareil, abs(i - j), i, j)
        for j, ligne in enumerate(apres)
        if j not in venues and (mots_ligne := sens(_mots(ligne)))
        for i in libres
        if (pareil := ressemblance(mots[i], mots_ligne)) >= RESSEMBLANCE_MIN
    )
    for _, _, i, j in scores:
        if i in libres and j not in venues:
            venues[j] = i
            libres.discard(i)


def _mots(ligne: dict[str, Any]) -> list[str]:
    return " ".join(str(valeur) for valeur in ligne.values() if valeur).split()


def _en_ordre(venues: dict[int, int], parties: list[int], nombre: int) -> list[Paire]:
    paires: list[Paire] = []
    restent = deque(parties)
    for j in range(nombre):
        i = venues.get(j)
        while i is not None and restent and restent[0] < i:
            paires.append(Paire(restent.popleft() + 1, None))
        paires.append(Paire(None if i is None else i + 1, j + 1))
    return [*paires, *(Paire(i + 1, None) for i in restent)]
