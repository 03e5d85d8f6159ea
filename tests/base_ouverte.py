"""Taking away what a test committed for good."""

from django.db import connection

TABLES = (
    "fiches_fiche, territoires_territoire, comptes_utilisateur, comptes_limite, django_session, courriels_courriel,"
    " procrastinate_jobs, contributions_adressearretee"
)


def vider() -> None:
    with connection.cursor() as curseur:
        curseur.execute(f"TRUNCATE {TABLES} CASCADE")
