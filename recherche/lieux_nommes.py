"""The places that the words of a search may name: the query that gives them all, whatever is then made of them."""

import json

from recherche.portions import Portion
from territoires.lignes import Requete
from territoires.recherche import MOTIF_D_UNE_PARTIE, NOMS_ENTIERS, ORDRE, SES_COMMUNES

ENTIER, NU, PARTIE, AUTOUR_D_UNE_VILLE = "entier", "nu", "partie", "ville"  # how a portion names a place, below
TITRES_LUS = 100  # of those that may be what was typed: what more fiches say is no title
# What begins the name of an intercommunalité, as `normalise_nom` writes it.
SORTES_EN_TETE = [
    f"{sorte} {article}"
    for sorte in ("cc", "ca", "cu", "metropole", "petr")
    for article in ("", "d ", "de ", "de l ", "de la ", "des ", "du ")
]
# (`t.cles || ''`: so few groupings are read faster than a pattern is looked for in the index of trigrams.)
# Each territory, and how a portion names it: `entier`, by its name; `nu`, by its name without the kind that begins it,
# « Grand Nancy »; `partie`, by its kind and words of its name; `ville`, by its kind and one of its communes. A quartier
# comes with its commune, named elsewhere.
SQL = f"""
WITH lues AS (
  SELECT texte, n, normalise_nom(texte) AS nom FROM unnest(%(portions)s::text[]) WITH ORDINALITY AS p (texte, n)
),
saisie AS (SELECT ' ' || normalise_nom(%(saisie)s) || ' ' AS nom),
noms_de_fiches AS (
  SELECT ' ' || normalise_nom(unnest(f.titre || d.sigle || d.autres_noms)) || ' ' AS nom FROM dispositifs_dispositif d
  JOIN fiches_fiche f ON f.id = d.fiche_ptr_id AND f.etat = 'publiee'
  UNION ALL SELECT ' ' || normalise_nom(nom) || ' ' FROM fiches_theme
  UNION ALL (
    SELECT ' ' || normalise_nom(titre) || ' ' FROM fiches_fiche
    WHERE etat = 'publiee' AND recherche @@ phraseto_tsquery('fr', normalise_texte(%(saisie)s)) LIMIT {TITRES_LUS}
  )
),
libres AS (
  SELECT l.* FROM lues l
  WHERE l.nom <> '' AND NOT EXISTS (
    SELECT 1 FROM noms_de_fiches f, saisie s
    WHERE f.nom LIKE '%% ' || l.nom || ' %%' AND s.nom LIKE '%%' || f.nom || '%%'
  )
),
dites AS (
  SELECT n, normalise_nom(nom) AS nom, natures FROM jsonb_to_recordset(%(dites)s) AS d (n int, nom text, natures text[])
),
entiers AS (
  SELECT l.n, l.nom, t.id, t.nature FROM territoires_territoire t JOIN libres l ON l.nom = ANY({NOMS_ENTIERS})
  WHERE t.fin IS NULL AND {NOMS_ENTIERS} && (SELECT array_agg(nom) FROM libres)
    -- « ARS » is the agency before the communes of Ars
    AND NOT (t.nature = 'commune' AND EXISTS (SELECT 1 FROM fiches_sigle g WHERE normalise_nom(g.sigle) = l.nom))
),
nus AS (
  SELECT n, sorte || nom AS nom FROM libres, unnest(%(sortes)s::text[]) AS sorte WHERE nom LIKE '%% %%'
),
quartiers AS (
  SELECT t.id, e.id AS commune, normalise_nom(
    unnest(t.nom::text || t.autres_noms::text[] || regexp_split_to_array(t.nom, '\\s+[-–]\\s*'))
  ) AS nom
  FROM entiers e
  JOIN territoires_inclusion i ON i.contenant_id = e.id AND e.nature = 'commune'
  JOIN territoires_territoire t ON t.id = i.contenu_id AND t.nature = 'qpv' AND t.fin IS NULL
),
lieux (n, id, comment, commune) AS (
  SELECT n, id, 'entier', NULL::bigint FROM entiers
  UNION
  SELECT l.n, t.id, 'entier', NULL FROM lues l JOIN territoires_territoire t
    ON t.fin IS NULL AND t.code = upper(l.texte) AND t.nature IN ('departement', 'commune') AND l.texte ~ '^[0-9]'
  UNION
  SELECT l.n, t.id, 'entier', NULL FROM lues l JOIN territoires_territoire t
    ON t.fin IS NULL AND t.codes_postaux && ARRAY[l.texte]::varchar[] AND l.texte ~ '^[0-9]{{5}}$'
  UNION
  SELECT nus.n, t.id, 'nu', NULL FROM territoires_territoire t JOIN nus ON nus.nom = ANY({NOMS_ENTIERS})
  WHERE t.fin IS NULL AND {NOMS_ENTIERS} && (SELECT array_agg(nom) FROM nus)
  UNION
  SELECT d.n, t.id, 'partie', NULL FROM dites d JOIN territoires_territoire t ON t.nature IN ('epci', 'perimetre')
    AND t.fin IS NULL AND t.nature = ANY(d.natures) AND d.nom <> ''
    AND t.cles || '' ~ {MOTIF_D_UNE_PARTIE.format("d.nom")}
  UNION
  SELECT d.n, t.id, 'ville', NULL FROM dites d JOIN entiers e ON e.nom = d.nom AND e.nature = 'commune'
  JOIN territoires_inclusion i ON i.contenu_id = e.id
  JOIN territoires_territoire t ON t.id = i.contenant_id AND t.nature = 'epci' AND t.nature = ANY(d.natures)
  UNION
  SELECT l.n, q.id, CASE l.nom WHEN q.nom THEN 'entier' ELSE 'partie' END, q.commune
  FROM quartiers q JOIN libres l ON ' ' || q.nom || ' ' LIKE '%% ' || l.nom || ' %%'
)
SELECT row_number() OVER (ORDER BY l.n, {ORDRE}) AS ordre, to_jsonb(t) || jsonb_build_object(
  'n', l.n, 'comment', l.comment, 'commune', l.commune,
  'precision', 'Quartier prioritaire, ' || array_to_string({SES_COMMUNES}, ', ')
) AS lieu
FROM lieux l JOIN territoires_territoire t USING (id)
"""  # noqa: S608  (made of the constants above)


def requete_des_lieux(saisie: str, portions: list[Portion]) -> Requete:
    """Return the query of the places that these portions of what was typed name.

    Each comes with `n`, the portion, `comment`, how it is named, `commune`, the town that a quartier was found by, and
    `precision`.
    """
    dites = [
        {"n": portion.n, "nom": portion.nom, "natures": portion.sorte.natures}
        for portion in portions
        if portion.sorte and portion.sorte.en_partie
    ]
    textes = [portion.texte for portion in portions]
    return Requete(SQL, {"portions": textes, "saisie": saisie, "dites": json.dumps(dites), "sortes": SORTES_EN_TETE})
