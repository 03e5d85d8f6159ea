"""« Essayez avec cette orthographe » : for the words that no fiche has, the nearest that fiches use."""

import re

from django.db import connection

MOT = re.compile(r"[^\W\d_]{3,}")
# Words of titles, names and summaries: those people search for. The texts would cost too much, and their stems in
# the index are not words one shows.
PROCHES = """
WITH inconnus AS (
  SELECT mot, lower(f_unaccent(mot)) AS cle FROM unnest(%(mots)s::text[]) AS mot
  WHERE NOT EXISTS (
    SELECT 1 FROM fiches_fiche WHERE etat = 'publiee' AND recherche @@ plainto_tsquery('fr', normalise_texte(mot))
  )
),
connus AS (
  SELECT mot, lower(f_unaccent(mot)) AS cle, count(*) AS usages
  FROM fiches_fiche, regexp_split_to_table(lower(concat_ws(' ', titre, mots, resume)), '[^[:alpha:]]+') AS mot
  WHERE etat = 'publiee' AND length(mot) > 2 GROUP BY 1
)
SELECT DISTINCT ON (i.mot) i.mot, c.mot
FROM inconnus i JOIN connus c ON abs(length(c.cle) - length(i.cle)) < 3 AND similarity(c.cle, i.cle) > 0.25
ORDER BY i.mot, similarity(c.cle, i.cle) DESC, c.usages DESC
"""


def corriger(saisie: str) -> str:
    """Return the query with its unknown words replaced by the nearest known ones; empty when there are none."""
    mots = list(dict.fromkeys(mot.lower() for mot in MOT.findall(saisie)))
    if not mots:
        return ""
    with connection.cursor() as curseur:
        curseur.execute(PROCHES, {"mots": mots})
        proches = dict(curseur.fetchall())
    corrigee = MOT.sub(lambda trouve: proches.get(trouve[0].lower(), trouve[0]), saisie)
    return corrigee if corrigee != saisie else ""
