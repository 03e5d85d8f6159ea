"""The closure of « lies in »: derived by the database from the official facts, and compared before it is replaced.

Facts (`directe`): commune in its département, its EPCI and its EPT; QPV in its communes and EPCI; département in its
région; and the members of named perimeters (`Composition`). Everything else follows. An EPCI lies in every département
where it has a commune, « en partie » when it has communes elsewhere; a QPV astride communes lies in each « en partie ».

A named perimeter is exact when a source names all its members and all are in force. Nothing lies in one that is not:
what is said of it reaches no member. It lies itself, « en partie », where its known members do, and in the départements
that its source names.
"""

from django.db import connection

# Written down and analysed one after the other: joined in one statement, the planner has no statistics of them, and
# older servers (seen with 15) then nest loops for minutes.
ETAPES = {
    "relation": """
SELECT i.contenu_id, i.contenant_id, a.nature AS de, b.nature AS vers
FROM territoires_inclusion i
JOIN territoires_territoire a ON a.id = i.contenu_id
JOIN territoires_territoire b ON b.id = i.contenant_id
WHERE i.directe
""",
    # a commune in its région
    "commune_region": """
SELECT d.contenu_id, r.contenant_id FROM relation d
JOIN relation r ON r.contenu_id = d.contenant_id AND r.vers = 'region'
WHERE d.de = 'commune' AND d.vers = 'departement'
""",
    # a commune in its département and its région
    "commune_haut": """
SELECT contenu_id, contenant_id FROM relation WHERE de = 'commune' AND vers = 'departement'
UNION ALL SELECT contenu_id, contenant_id FROM commune_region
""",
    # what communes make up: EPCI, EPT
    "membre": """
SELECT contenant_id AS groupe, contenu_id AS commune FROM relation WHERE de = 'commune' AND vers = 'epci'
""",
    # the communes of named perimeters, known as members or through the EPCI that are
    "perimetre": """
SELECT c.territoire_id AS groupe, coalesce(m.commune, t.id) AS commune,
  bool_and(c.complete AND p.fin IS NULL AND NOT EXISTS (
    SELECT 1 FROM territoires_composition_membres autre JOIN territoires_territoire o ON o.id = autre.territoire_id
    WHERE autre.composition_id = c.territoire_id AND o.fin IS NOT NULL
  )) AS exact
FROM territoires_composition c
JOIN territoires_territoire p ON p.id = c.territoire_id
JOIN territoires_composition_membres l ON l.composition_id = c.territoire_id
JOIN territoires_territoire t ON t.id = l.territoire_id
LEFT JOIN membre m ON m.groupe = t.id
WHERE t.nature = 'commune' OR m.commune IS NOT NULL
GROUP BY 1, 2
""",
    # all that communes make up and that is known whole
    "ensemble": """
SELECT groupe, commune FROM membre UNION ALL SELECT groupe, commune FROM perimetre WHERE exact
""",
    "derivee": """
WITH tailles AS (SELECT groupe, count(*) AS taille FROM ensemble GROUP BY 1),
groupe_haut AS (
  SELECT e.groupe AS contenu_id, h.contenant_id, count(*) < max(t.taille) AS partielle FROM ensemble e
  JOIN tailles t USING (groupe) JOIN commune_haut h ON h.contenu_id = e.commune GROUP BY 1, 2
  UNION SELECT p.groupe, h.contenant_id, true FROM perimetre p
  JOIN commune_haut h ON h.contenu_id = p.commune WHERE NOT p.exact
  UNION SELECT c.territoire_id, i.contenant_id, true FROM territoires_composition c
  JOIN territoires_territoire d ON d.nature = 'departement' AND d.code = ANY(c.departements)
  CROSS JOIN LATERAL (
    SELECT d.id AS contenant_id UNION SELECT contenant_id FROM relation WHERE contenu_id = d.id AND vers = 'region'
  ) i
),
groupe_groupe AS (  -- an EPT in the metropolis of its communes; what a perimeter holds or, whole, what holds it
  SELECT a.groupe AS contenu_id, b.groupe AS contenant_id, count(*) < max(n.taille) AS partielle FROM ensemble a
  JOIN ensemble b ON b.commune = a.commune AND b.groupe <> a.groupe
  JOIN tailles n ON n.groupe = a.groupe
  JOIN territoires_territoire t ON t.id = a.groupe JOIN territoires_territoire u ON u.id = b.groupe
  GROUP BY 1, 2
  HAVING bool_or(t.sous_nature = 'EPT' OR t.nature = 'epci' AND u.nature = 'perimetre')
  OR bool_or(t.nature = 'perimetre') AND count(*) = max(n.taille)
),
qpv_commune AS (
  SELECT contenu_id, contenant_id AS commune, count(*) OVER (PARTITION BY contenu_id) AS taille
  FROM relation WHERE de = 'qpv' AND vers = 'commune'
),
qpv_haut AS (  -- whole only where all its communes are
  SELECT q.contenu_id, h.contenant_id, count(*) < max(q.taille) AS partielle FROM qpv_commune q
  JOIN (
    SELECT contenu_id, contenant_id FROM commune_haut
    UNION SELECT m.commune, m.groupe FROM membre m
    JOIN territoires_territoire t ON t.id = m.groupe AND t.sous_nature = 'EPT'
    UNION SELECT commune, groupe FROM perimetre WHERE exact
  ) h ON h.contenu_id = q.commune GROUP BY 1, 2
)
SELECT id AS contenu_id, id AS contenant_id, false AS partielle FROM territoires_territoire
UNION SELECT contenu_id, contenant_id, false FROM commune_region
UNION SELECT commune, groupe, false FROM perimetre WHERE exact
UNION SELECT contenu_id, contenant_id, partielle FROM groupe_haut
UNION SELECT contenu_id, contenant_id, partielle FROM groupe_groupe
UNION SELECT contenu_id, contenant_id, partielle FROM qpv_haut
""",
}
PARTIELLES = """
UPDATE territoires_inclusion i SET partielle = v.partielle
FROM (
  SELECT i.id, count(*) OVER (PARTITION BY i.contenu_id, b.nature) > 1 AS partielle
  FROM territoires_inclusion i
  JOIN territoires_territoire a ON a.id = i.contenu_id AND a.nature = 'qpv'
  JOIN territoires_territoire b ON b.id = i.contenant_id AND b.nature IN ('commune', 'epci')
  WHERE i.directe
) v
WHERE v.id = i.id AND i.partielle <> v.partielle;
"""
RETRAIT = """
DELETE FROM territoires_inclusion i WHERE NOT i.directe
AND NOT EXISTS (SELECT 1 FROM derivee d WHERE (d.contenu_id, d.contenant_id) = (i.contenu_id, i.contenant_id));
"""
AJOUT = """
INSERT INTO territoires_inclusion AS i (contenu_id, contenant_id, partielle, directe, millesime)
SELECT d.contenu_id, d.contenant_id, d.partielle, false, %s FROM derivee d
ON CONFLICT (contenu_id, contenant_id) DO UPDATE SET partielle = excluded.partielle
WHERE NOT i.directe AND i.partielle <> excluded.partielle;
"""
DEPARTEMENTS = """
UPDATE territoires_territoire t SET departements = v.codes
FROM (
  SELECT i.contenu_id AS id, array_agg(d.code ORDER BY d.code) AS codes
  FROM territoires_inclusion i JOIN territoires_territoire d ON d.id = i.contenant_id AND d.nature = 'departement'
  GROUP BY 1
) v
WHERE v.id = t.id AND t.nature NOT IN ('region', 'departement') AND t.departements <> v.codes;
"""


def deriver(millesime: int) -> int:
    """Bring the closure up to date with the facts, in the current transaction; return the number of rows changed."""
    with connection.cursor() as curseur:
        # Rows written by this very transaction are unknown to the planner: without this it nests loops for hours.
        curseur.execute("ANALYZE territoires_territoire, territoires_inclusion")
        for table, requete in ETAPES.items():
            curseur.execute(f"DROP TABLE IF EXISTS {table}")
            curseur.execute(f"CREATE TEMP TABLE {table} ON COMMIT DROP AS {requete}")
            curseur.execute(f"ANALYZE {table}")
        changees = 0
        for requete, parametres in ((RETRAIT, []), (AJOUT, [millesime])):
            curseur.execute(requete, parametres)
            changees += curseur.rowcount
        # A QPV whose official file names several communes, or several EPCI, lies in each in part.
        curseur.execute(PARTIELLES)
        changees += curseur.rowcount
        curseur.execute(DEPARTEMENTS)
        return changees + curseur.rowcount
