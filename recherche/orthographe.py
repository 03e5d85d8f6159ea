"""« Essayez avec cette orthographe »: for a word that no fiche has, one of theirs very near it."""

import re
from collections.abc import Iterable

MOT = re.compile(r"[^\W\d_]{4,}")
COURT, LONG = 6, 9  # letters: a word of less than six resembles too many others
FREQUENT = 2  # published fiches that have a word, counted so far
# How many published fiches a tsquery finds, up to these.
USAGES = f"""(
  SELECT count(*) FROM (
    SELECT 1 FROM fiches_fiche WHERE etat = 'publiee' AND recherche @@ {{}} LIMIT {FREQUENT}
  ) AS l
)"""  # noqa: S608  (made of the constant above)
# A part of the reading of a query, once it knows its `inconnus`: the words that resemble each of them most.
PROCHES = f"""
SELECT jsonb_agg(jsonb_build_object(
  'mot', mot, 'autre', autre, 'racines', racines, 'ressemblance', ressemblance, 'usages', {USAGES.format("cherchee")}
)) FROM (
  SELECT i.mot, p.autre, ARRAY[i.racine, p.racine] AS racines, p.cherchee, p.ressemblance
  FROM inconnus i CROSS JOIN LATERAL (
    SELECT m.mot AS autre, m.racine, quote_literal(m.lexeme)::tsquery AS cherchee,
      similarity(m.sans_accents, i.sans_accents) AS ressemblance
    FROM fiches_mot m
    WHERE m.sans_accents %% i.sans_accents AND abs(length(m.sans_accents) - length(i.sans_accents)) < 3
      AND m.lexeme IS NOT NULL
    ORDER BY ressemblance DESC LIMIT 8
  ) AS p
) AS candidats
"""  # noqa: S608  (made of the constants above)


def corriger(saisie: str, candidats: Iterable[dict]) -> str:
    """Return a query with its unknown words replaced by known ones; empty when none is near enough.

    For each: the fewest letters changed, then the most used, the most alike, with accents.
    """
    notes: dict[str, list[tuple]] = {}
    for c in candidats:
        ecart = distance(*c["racines"])
        if c["usages"] and _est_proche(c["mot"], c["autre"], ecart, c["usages"]):
            note = (ecart, -c["usages"], -c["ressemblance"], c["autre"].isascii(), c["autre"])
            notes.setdefault(c["mot"], []).append(note)
    proches = {mot: min(siennes)[-1] for mot, siennes in notes.items()}
    corrigee = MOT.sub(lambda trouve: proches.get(trouve[0].lower(), trouve[0]), saisie)
    return corrigee if corrigee != saisie else ""


def _est_proche(mot: str, autre: str, ecart: int, usages: int) -> bool:
    """A short word by a frequent one of the same first letter, one letter away; a long one, within two letters."""
    if len(mot) < COURT:
        return ecart == 1 and usages >= FREQUENT and mot[0] == autre[0]
    return ecart <= 1 or (ecart == 2 and len(mot) >= LONG and usages >= FREQUENT)


def distance(un: str, autre: str) -> int:
    """Return how many letters to add, drop, change or swap with their neighbour make one word of the other.

    The optimal string alignment distance, in the product of the lengths.
    """
    avant: list[int] = []
    ligne = list(range(len(autre) + 1))
    for i, lettre in enumerate(un):
        avant_derniere, avant, ligne = avant, ligne, [i + 1]
        for j, sienne in enumerate(autre):
            ligne.append(min(avant[j] + (lettre != sienne), avant[j + 1] + 1, ligne[j] + 1))
            if i and j and lettre == autre[j - 1] and un[i - 1] == sienne:
                ligne[-1] = min(ligne[-1], avant_derniere[j - 1] + 1)
    return ligne[-1]
