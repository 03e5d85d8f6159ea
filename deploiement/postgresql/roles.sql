-- The two roles and the database. Once, by the superuser: sudo -u postgres psql -f deploiement/postgresql/roles.sql
-- sante_admin owns everything and migrates; sante runs the site, and can neither change a table nor empty one.
\set ON_ERROR_STOP on

SELECT format('CREATE ROLE %I LOGIN', role) FROM (VALUES ('sante_admin'), ('sante')) AS v(role)
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec
ALTER ROLE sante_admin NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE sante NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 60;
-- A page takes milliseconds: what lasts longer is a fault, which must not take the others down.
ALTER ROLE sante SET statement_timeout = '15s';
ALTER ROLE sante SET lock_timeout = '5s';
ALTER ROLE sante SET idle_in_transaction_session_timeout = '60s';

SELECT 'CREATE DATABASE sante OWNER sante_admin TEMPLATE template0 ENCODING ''UTF8'' LOCALE ''C.UTF-8'''
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'sante') \gexec
-- On a disk that does not seek (SSD): with the default (4), a search that finds much reads the whole table.
ALTER DATABASE sante SET random_page_cost = 1.1;
REVOKE ALL ON DATABASE sante FROM PUBLIC;
GRANT CONNECT ON DATABASE sante TO sante;

\connect sante
ALTER SCHEMA public OWNER TO sante_admin;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
