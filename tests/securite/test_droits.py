"""The site runs as a role that reads and writes rows, and can do nothing to the tables (deploiement/postgresql/)."""

import re

import pytest
from django.conf import settings
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from config.environnement import VARIABLES
from courriels.envoi import ecrire
from tests import factories

DEPLOIEMENT = settings.BASE_DIR / "deploiement"


@pytest.fixture
def role_du_site(db):
    """Be the role of production, on these tables, until the end of the test."""
    factories.fiche_dispositif(slug="essai")
    with connection.cursor() as curseur:
        curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")  # the owner may not change a table that has events to come
        curseur.execute("DO $$ BEGIN CREATE ROLE sante; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
        curseur.execute((DEPLOIEMENT / "postgresql" / "droits.sql").read_text(encoding="utf-8"))
        curseur.execute("SET LOCAL ROLE sante")
        yield curseur
        curseur.execute("RESET ROLE")


@pytest.mark.parametrize(
    "ordre",
    [
        "TRUNCATE fiches_version CASCADE",
        "TRUNCATE contributions_journal",
        "TRUNCATE fiches_edition",
        "UPDATE fiches_version SET motif = ''",
        "DELETE FROM fiches_version",
        "UPDATE contributions_journal SET id = id",
        "DELETE FROM contributions_depot",
        "DROP TRIGGER version_immuable ON fiches_version",
        "ALTER TABLE fiches_version DISABLE TRIGGER ALL",
        "CREATE OR REPLACE FUNCTION refuser_modification() RETURNS trigger LANGUAGE sql AS 'SELECT 1'",
        "DROP TABLE fiches_fiche",
        "CREATE TABLE intruse (id int)",
        "DELETE FROM django_migrations",
        "SET session_replication_role = replica",
        "COPY fiches_fiche TO PROGRAM 'true'",
        "SELECT pg_read_file('/etc/passwd')",
        "CREATE ROLE autre",
    ],
)
def test_le_role_du_site_ne_peut_pas(role_du_site, ordre):
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be (owner|superuser)|insufficient"),
        transaction.atomic(),
    ):
        role_du_site.execute(ordre)


def test_le_role_du_site_fait_vivre_le_site(role_du_site):
    fiche = factories.fiche_dispositif()
    factories.publier(fiche, titre="Autre titre")
    factories.masquer(fiche)
    ecrire("a@exemple.fr", "Objet", "Corps", cle="essai")
    client = Client()
    for adresse in ("/", "/fiches/?q=essai", "/dispositifs/essai/", "/territoires/chercher/?q=rouen", "/sante/pret"):
        assert client.get(adresse).status_code == 200
    assert client.post("/comptes/connexion/", {"email": "a@exemple.fr"}).status_code == 302


def test_l_exemple_d_environnement_dit_tout_ce_qu_il_faut():
    lues = re.findall(r"^(\w+)=", (DEPLOIEMENT / "environnement.exemple").read_text(encoding="utf-8"), re.MULTILINE)
    assert {nom for nom, variable in VARIABLES.items() if variable.requise} <= set(lues)
    assert {nom for nom in lues if not nom.startswith(("PYTHON", "DJANGO_"))} <= set(VARIABLES)
