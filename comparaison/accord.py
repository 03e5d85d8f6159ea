"""Agreement on keys: contents that come from one another get the same keys for the same sources, to be compared.

Of two contents of the present format, keys say all. One of before the keys (fiches/sources.py) has numbers instead,
which moved from version to version: its sources are recognised by what they are.
"""

from comparaison.appariement import apparier
from fiches.sources import AVEC_CLES, Contenu, actuel, cle_libre, cles, par_cle, renommer, sans_cle

Noms = dict[str, str]  # from the key that a source has to the one that it should have


def accorder(repere: Contenu, contenu: Contenu, *, identite: bool = False) -> Contenu:
    """Return a content whose sources have the keys that they have in `repere`; what is new there has one of its own."""
    return renommer(contenu, noms(repere, contenu, identite=identite))


def noms(repere: Contenu, contenu: Contenu, *, identite: bool = False) -> Noms:
    """Return the key in `repere` of each source of a content.

    `identite`: recognise them by what they are, whatever the formats say.
    """
    siennes = cles(contenu)
    if not identite and min(repere.get("format", 1), contenu.get("format", 1)) >= AVEC_CLES:
        return {cle: cle for cle in siennes}
    connues = cles(repere)
    nues = ([sans_cle(source) for source in lu.get("sources") or []] for lu in (repere, contenu))
    venues = {siennes[p.apres - 1]: connues[p.avant - 1] for p in apparier("sources", *nues) if p.avant and p.apres}
    return _sans_double(siennes, venues, set(connues))


def etrangers(repere: Contenu, *contenus: Contenu) -> list[Contenu]:
    """Return contents of another fiche with keys that mean in `repere` the very same source, or none.

    The contents share their keys: what is one source in them stays one.
    """
    libres = {tuple(sorted(dite.items())): cle for cle, dite in par_cle(repere.get("sources") or []).items()}
    dites = {cle: dite for contenu in reversed(contenus) for cle, dite in par_cle(contenu.get("sources") or []).items()}
    memes = {cle: libres.pop(tuple(sorted(dite.items())), "") for cle, dite in dites.items()}
    communs = _sans_double([*dites], {cle: meme for cle, meme in memes.items() if meme}, {*cles(repere)})
    return [renommer(contenu, {cle: communs[cle] for cle in cles(contenu)}) for contenu in contenus]


def _sans_double(siennes: list[str], venues: Noms, prises: set[str]) -> Noms:
    """Complete `venues`: what has no name there keeps its own, unless another source has it."""
    prises = {*prises, *venues.values()}
    nommees = {}
    for cle in sorted(siennes):  # the same keys whatever the order of the sources
        nommees[cle] = venues.get(cle) or (cle if cle not in prises else cle_libre({*prises, *siennes}))
        prises.add(nommees[cle])
    return nommees


def partager(publiee: Contenu, base: Contenu, proposee: Contenu) -> tuple[Contenu, Contenu, Contenu]:
    """Return the three contents of a merge with the same keys: those of what is published.

    A source that both sides added is one source; two that took the same key are two.
    """
    publiee, base, proposee = actuel(publiee), actuel(base), actuel(proposee)
    proposee = accorder(base, proposee)
    venues = noms(publiee, base)
    ajoutees = {cle: dite for cle, dite in par_cle(publiee.get("sources") or []).items() if cle not in venues.values()}
    siennes = par_cle(proposee.get("sources") or [])
    suite = dict(venues)
    for cle, dite in siennes.items():
        meme = next((la for la, la_dite in ajoutees.items() if la_dite == dite), None)
        if cle not in venues and meme:
            suite[cle] = meme
            del ajoutees[meme]
    prises = {*cles(publiee), *venues.values()}
    return publiee, renommer(base, venues), renommer(proposee, _sans_double([*siennes], suite, prises))
