"""What is proposed on the home page beside territories: dispositifs, themes and fiches, by their names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import connection
from django.urls import reverse

from fiches.gabarits import Nature

GENRES = {"dispositif": "Dispositifs", "theme": "Thèmes", "fiche": "Fiches"}
PAR_GENRE = 3
MOT = re.compile(r"[^\W_]+")
MOTS_AU_PLUS = 8
# The sigle, then a name that begins with what was typed, then the shortest. Of the fiches that the index finds, so many
# are ranked: « santé » is in all of them.
NOMS = """
WITH saisie AS (SELECT normalise_nom(%(q)s) AS nom),
noms AS MATERIALIZED (
  SELECT 'theme' AS genre, 'theme' AS nature, t.slug, t.nom, normalise_nom(t.nom) AS cle, '' AS sigle,
    '' AS cle_du_sigle
  FROM fiches_theme t, saisie s WHERE ' ' || normalise_nom(t.nom) LIKE '%% ' || s.nom || '%%'
  UNION ALL (
    SELECT CASE f.nature WHEN 'dispositif' THEN 'dispositif' ELSE 'fiche' END, f.nature, f.slug, f.titre,
      f.titre_normalise, coalesce(d.sigle, ''), coalesce(normalise_nom(d.sigle), '')
    FROM fiches_fiche f LEFT JOIN dispositifs_dispositif d ON d.fiche_ptr_id = f.id
    WHERE f.etat = 'publiee' AND f.noms @@ to_tsquery('fr', %(mots)s) LIMIT 300
  )
)
SELECT genre, nature, slug, nom, sigle, exact FROM (
  SELECT n.*, s.nom IN (n.cle, n.cle_du_sigle) AS exact, row_number() OVER (
    PARTITION BY genre ORDER BY n.cle_du_sigle = s.nom DESC, starts_with(n.cle, s.nom) DESC, length(n.nom), n.nom
  ) AS rang
  FROM noms n, saisie s WHERE s.nom <> ''
) t WHERE rang <= %(combien)s ORDER BY array_position(%(genres)s, genre), rang
"""


@dataclass(frozen=True)
class Suggestion:
    nom: str
    precision: str
    adresse: str
    exact: bool  # what was typed is its whole name, or its sigle


def proposer(saisie: str) -> list[tuple[str, list[Suggestion]]]:
    """Return what bears a name with these words, the last one perhaps unfinished, by kind. One query."""
    mots = MOT.findall(saisie)[:MOTS_AU_PLUS]
    if not mots:
        return []
    parametres: dict[str, Any] = {
        "q": " ".join(mots),
        "mots": " & ".join([*mots[:-1], f"{mots[-1]}:*"]),
        "combien": PAR_GENRE,
        "genres": list(GENRES),
    }
    with connection.cursor() as curseur:
        curseur.execute(NOMS, parametres)
        trouves = curseur.fetchall()
    return [(GENRES[genre], list(_presenter(lignes))) for genre, lignes in groupby(trouves, key=lambda ligne: ligne[0])]


def _presenter(lignes) -> Iterator[Suggestion]:
    for genre, nature, slug, nom, sigle, exact in lignes:
        if genre == "theme":
            yield Suggestion(nom, "Toutes ses fiches", f"{reverse('catalogue')}?theme={slug}", exact)
        else:
            sorte = Nature(nature)
            adresse = reverse(f"fiche_{nature}", args=[slug])
            yield Suggestion(f"{nom} ({sigle})" if sigle else nom, sorte.label, adresse, exact)
