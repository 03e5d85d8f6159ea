"""What one reads is what is searched: blanks, apostrophes, dashes and sigles as written, in the index as in the query.

To PostgreSQL's parser every sign beyond ASCII is a letter (a no-break space glues a word to its colon), « 2017-2022 »
holds a negative number, « C.L.S. » is a host and « acteurs/actrices » a file. `normalise_texte` comes before it.
"""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models
from django.db.models.expressions import RawSQL

INVISIBLES = (
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufe0e\ufe0f\ufeff"
)
# Signs and blanks, once letters, figures and ligatures have their one form: Latin 1, modifiers, punctuation,
# currencies, arrows to symbols, CJK punctuation, private use, emoji.
SIGNES = (
    "<>&/\\\\_\u0080-\u00bf\u00d7\u00f7\u02b0-\u036f\u055a\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u2e00-\u303f"
    "\ua700-\ua721\ua788-\ua78c\ue000-\uf8ff\ufe00-\ufe6f\U0001f000-\U0001faff"
)
# From the inside: what does not show is deleted; each letter has one form; « C.L.S. » is CLS; signs, dashes that exclude
# nothing and dots between letters are blanks; « CLS2 » is two words.
NORMALISE_TEXTE = rf"""
CREATE FUNCTION normalise_texte(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT regexp_replace(regexp_replace(regexp_replace(
    normalize(translate($1, '{INVISIBLES}', ''), NFKC),
    '(?<=(?:^|[^[:alnum:]])[[:alpha:]])\.(?=[[:alpha:]](?:\.|[^[:alnum:]]|$))', '', 'g'),
    '[{SIGNES}]|(?<=\S)-|-(?!\S)|(?<=[[:alpha:]])\.(?=[[:alpha:]])', ' ', 'g'),
    '\m([[:alpha:]]{{2,}})(?=[0-9]{{1,2}}\M)', '\1 ', 'g')
$$;
CREATE FUNCTION normalise_textes(jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT jsonb_object_agg(key, public.normalise_texte(value)) FROM jsonb_each_text($1)
$$;
"""
RECHERCHE = models.GeneratedField(
    expression=RawSQL(
        "setweight(to_tsvector('fr'::regconfig, normalise_texte(titre || ' ' || mots)), 'A')"
        " || setweight(to_tsvector('fr'::regconfig, normalise_texte(resume)), 'B')"
        " || setweight(jsonb_to_tsvector('fr'::regconfig,"
        " coalesce(normalise_textes(contenu->'sections'), '{}'), '[\"string\"]'), 'C')",
        (),
    ),
    output_field=django.contrib.postgres.search.SearchVectorField(),
    db_persist=True,
)


class Migration(migrations.Migration):
    dependencies = [("fiches", "0006_contenu_au_format_present")]
    operations = [
        migrations.RunSQL(
            NORMALISE_TEXTE, "DROP FUNCTION normalise_textes(jsonb); DROP FUNCTION normalise_texte(text);"
        ),
        migrations.RemoveIndex("fiche", "fiche_recherche"),
        migrations.RemoveField("fiche", "recherche"),
        migrations.AddField("fiche", "recherche", RECHERCHE),
        migrations.AddIndex(
            "fiche", django.contrib.postgres.indexes.GinIndex(fields=["recherche"], name="fiche_recherche")
        ),
    ]
