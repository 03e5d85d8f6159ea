"""Names that resemble what was typed. A function, because it carries its own threshold: the default, 0.6, misses
« rouan » for Rouen."""

from django.db import migrations

NOMS_RESSEMBLANTS = """
CREATE FUNCTION noms_ressemblants(texte text) RETURNS TABLE (id bigint, ressemblance real)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 24 SET pg_trgm.word_similarity_threshold = 0.5 AS $$
  SELECT t.id, public.word_similarity(public.normalise_nom(texte), t.cles) AS ressemblance
  FROM public.territoires_territoire t
  WHERE public.normalise_nom(texte) <> '' AND public.normalise_nom(texte) OPERATOR(public.<%) t.cles
  ORDER BY ressemblance DESC, public.similarity(public.normalise_nom(texte), t.cles) DESC, t.population DESC NULLS LAST
  LIMIT 24
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("territoires", "0002_initiale")]
    operations = [migrations.RunSQL(NOMS_RESSEMBLANTS, "DROP FUNCTION noms_ressemblants(text);")]
