-- What is in the base, in words that can be compared: rows of each table, then the last version of each fiche.
-- Tables that live from minute to minute count too: taken in the snapshot of the dump, they are those of the dump.
SELECT format('table %s %s', c.relname,
              (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM public.%I', c.relname),
                                                   false, true, '')))[1])
  FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
 ORDER BY c.relname COLLATE "C";
SELECT format('fiche %s/%s version %s %s', f.nature, f.slug, v.numero, md5(v.contenu::text))
  FROM public.fiches_fiche f
  JOIN LATERAL (SELECT numero, contenu FROM public.fiches_version
                 WHERE fiche_id = f.id ORDER BY numero DESC LIMIT 1) v ON true
 ORDER BY f.nature COLLATE "C", f.slug COLLATE "C";
SELECT format('trigger %s on %s', tgname, tgrelid::regclass)
  FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname COLLATE "C", tgrelid::regclass::text COLLATE "C";
