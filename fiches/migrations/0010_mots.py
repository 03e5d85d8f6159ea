"""The words that published texts have had, each with its family: gender and number are one.

French stemming keeps apart « médiatrice » and « médiateur », « élus » and « élu », « cancers » and « cancer ». A word of a
query stands for its family (docs/decisions/0037-les-mots-par-familles.md).
"""

import django.contrib.postgres.indexes
from django.db import migrations, models

RACINE = """
CREATE FUNCTION racine(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  WITH mot AS (
    SELECT coalesce(vaut, lu) AS mot FROM (SELECT replace(replace(lower(normalize($1, NFC)), 'œ', 'oe'), 'ïque', 'ique') AS lu) AS l LEFT JOIN (VALUES
      ('yeux', 'oeil'), ('travaux', 'travail'), ('baux', 'bail'), ('vitraux', 'vitrail'), ('coraux', 'corail'),
      ('nouvel', 'nouveau'), ('nouvelle', 'nouveau'), ('nouvelles', 'nouveau'),
      ('bel', 'beau'), ('belle', 'beau'), ('belles', 'beau'), ('jumelle', 'jumeau'), ('jumelles', 'jumeau'),
      ('vieil', 'vieux'), ('vieille', 'vieux'), ('vieilles', 'vieux'), ('folle', 'fou'), ('folles', 'fou'),
      ('blanche', 'blanc'), ('blanches', 'blanc'), ('franche', 'franc'), ('franches', 'franc'),
      ('fraîche', 'frais'), ('fraîches', 'frais'), ('sèche', 'sec'), ('sèches', 'sec'),
      ('douce', 'doux'), ('douces', 'doux'), ('fausse', 'faux'), ('fausses', 'faux'),
      ('rousse', 'roux'), ('rousses', 'roux'), ('grosse', 'gros'), ('grosses', 'gros'),
      ('basse', 'bas'), ('basses', 'bas'), ('grasse', 'gras'), ('grasses', 'gras'), ('lasse', 'las'),
      ('épaisse', 'épais'), ('épaisses', 'épais'), ('gentille', 'gentil'), ('gentilles', 'gentil'),
      ('paysanne', 'paysan'), ('paysannes', 'paysan')
    ) AS irreguliers (forme, vaut) ON forme = lu
  ),
  singulier AS (
    SELECT left(mot, length(mot) - length(fin)) || vaut AS mot FROM mot, (VALUES
      (1, 'eaux', 'eau'), (2, 'aux', 'al'), (3, 'eux', 'eu'), (4, 'oux', 'ou'), (5, 's', ''), (6, '', '')
    ) AS pluriels (rang, fin, vaut) WHERE right(mot, length(fin)) = fin ORDER BY rang LIMIT 1
  ),
  masculin AS (
    SELECT left(mot, length(mot) - length(fin)) || vaut AS mot FROM singulier, (VALUES
      (1, 'trice', 'teu'), (1, 'drice', 'deu'), (1, 'euse', 'eu'), (1, 'eure', 'eu'), (1, 'eur', 'eu'), (1, 'ouse', 'ou'),
      (1, 'ière', 'ier'), (1, 'iere', 'ier'), (1, 'ère', 'er'), (1, 'ere', 'er'), (1, 'elle', 'el'), (1, 'eille', 'eil'),
      (1, 'enne', 'en'), (1, 'onne', 'on'), (1, 'ette', 'et'), (2, 've', 'f'), (2, 'ique', 'ic'), (2, 'gue', 'g'),
      (2, 'ise', 'i'), (2, 'use', 'u'), (2, 'ée', 'é'), (2, 'ee', 'é'), (3, 'e', ''), (4, '', '')
    ) AS feminins (rang, fin, vaut) WHERE right(mot, length(fin)) = fin ORDER BY rang LIMIT 1
  )
  SELECT public.f_unaccent(mot) FROM masculin
$$;
"""
# What `normalise_texte` leaves is words, ASCII signs and figures.
MOTS_DE = r"""
CREATE FUNCTION lexeme(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT (tsvector_to_array(to_tsvector('public.fr'::regconfig, $1)))[1]
$$;
CREATE FUNCTION mots_de(text) RETURNS SETOF text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT DISTINCT mot FROM regexp_split_to_table(lower(public.normalise_texte($1)), '[\x01-\x60\x7b-\x7f]+') AS mot
  WHERE length(mot) BETWEEN 2 AND 40
$$;
"""
PREMIERS_MOTS = """
INSERT INTO fiches_mot (mot)
SELECT DISTINCT mots_de(concat_ws(' ', titre, mots, resume, textes)) FROM fiches_fiche,
  LATERAL (SELECT string_agg(value, ' ') AS textes FROM jsonb_each_text(coalesce(contenu->'sections', '{}'))) AS s
"""


def calcule_par(fonction: str, **reste: bool) -> models.GeneratedField:
    du_mot = models.Func(models.F("mot"), function=fonction)
    return models.GeneratedField(expression=du_mot, output_field=models.TextField(), db_persist=True, **reste)


class Migration(migrations.Migration):
    dependencies = [("fiches", "0009_note_de_lecture")]
    operations = [
        migrations.RunSQL(RACINE + MOTS_DE, "DROP FUNCTION mots_de(text); DROP FUNCTION lexeme(text); DROP FUNCTION racine(text);"),
        migrations.CreateModel(
            name="Mot",
            fields=[
                ("mot", models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="mot")),
                ("sans_accents", calcule_par("f_unaccent")),
                ("lexeme", calcule_par("lexeme", null=True)),
                ("racine", calcule_par("racine")),
            ],
            options={"verbose_name": "mot"},
        ),
        migrations.AddIndex(
            "mot",
            django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("sans_accents", "gin_trgm_ops"), name="mot_ressemblant"
            ),
        ),
        migrations.AddIndex("mot", models.Index(fields=["sans_accents"], name="mot_sans_accents")),
        migrations.AddIndex("mot", models.Index(fields=["racine"], name="mot_racine")),
        migrations.RunSQL(PREMIERS_MOTS, migrations.RunSQL.noop),
    ]
