"""What French search needs in the database: accents, ligatures, stemming, trigrams, names of places.

`unaccent` and `pg_trgm` are trusted extensions: the owner of the database may create them. Functions are qualified
(`public.`), or a restored dump would not find them.
"""

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations

F_UNACCENT = """
CREATE FUNCTION f_unaccent(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT public.unaccent('public.unaccent'::regdictionary, $1) $$;
"""
CONFIGURATION = """
CREATE TEXT SEARCH CONFIGURATION fr (COPY = french);
ALTER TEXT SEARCH CONFIGURATION fr ALTER MAPPING FOR hword, hword_part, word WITH unaccent, french_stem;
"""
# « Vandœuvre », « vandoeuvre » and « vandeuvre » are one key, as are « Saint- » and « st », « Le Havre » and « havre ».
NORMALISE_NOM = r"""
CREATE FUNCTION normalise_nom(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT btrim(regexp_replace(regexp_replace(regexp_replace(
    ' ' || regexp_replace(replace(lower(public.f_unaccent($1)), 'oe', 'e'), '[^a-z0-9]+', ' ', 'g') || ' ',
    '^\s+(le|la|les|l)\s+(?=\S)', ' '), '\msaint\M', 'st', 'g'), '\msainte\M', 'ste', 'g'))
$$;
CREATE FUNCTION normalise_noms(text[]) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT '|' || string_agg(public.normalise_nom(nom), '|') || '|' FROM unnest($1) AS nom
$$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        migrations.RunSQL(F_UNACCENT, "DROP FUNCTION f_unaccent(text);"),
        migrations.RunSQL(CONFIGURATION, "DROP TEXT SEARCH CONFIGURATION fr;"),
        migrations.RunSQL(
            NORMALISE_NOM, "DROP FUNCTION normalise_noms(text[]); DROP FUNCTION normalise_nom(text);"
        ),
    ]
