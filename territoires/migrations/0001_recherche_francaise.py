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
# « Vandœuvre », « vandoeuvre » and « vandeuvre » are one key, as are « Saint- » and « st », « Le Havre » and « havre »,
# « Communauté de communes » and « CC ». Normalising what is normal changes nothing.
NORMALISE_NOM = r"""
CREATE FUNCTION normalise_nom(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
    btrim(regexp_replace(regexp_replace(lower(public.f_unaccent($1)), 'o+e', 'e', 'g'), '[^a-z0-9]+', ' ', 'g')),
    '^((le|la|les|l) )+(?=.)', ''),
    '\msaint(e?)\M', 'st\1', 'g'),
    '\mcommunaute de communes\M', 'cc', 'g'),
    '\mcommunaute d agglomeration\M', 'ca', 'g'),
    '\mcommunaute urbaine\M', 'cu', 'g')
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
