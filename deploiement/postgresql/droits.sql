-- What the role `sante` may do, no more. After each migration, by the owner: psql -d sante -f droits.sql
-- Reading and writing rows, but neither TRUNCATE (which triggers of rows do not see) nor any change of the tables.
GRANT USAGE ON SCHEMA public TO sante;
REVOKE CREATE ON SCHEMA public FROM sante, PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM sante, PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO sante;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO sante;

-- Versions, what was handed in and the journal are only ever added, and migrations are not the business of the site.
DO $$
DECLARE nom regclass;
BEGIN
  FOR nom IN SELECT DISTINCT tgrelid::regclass FROM pg_trigger
              WHERE NOT tgisinternal AND tgfoid IN
                ('public.refuser_modification()'::regprocedure, 'public.garder_version()'::regprocedure)
  LOOP
    EXECUTE format('REVOKE UPDATE, DELETE ON %s FROM sante', nom);
  END LOOP;
  REVOKE INSERT, UPDATE, DELETE ON public.django_migrations FROM sante;
  GRANT UPDATE (credits) ON public.fiches_version TO sante; -- people change their mind about being named
END $$;
