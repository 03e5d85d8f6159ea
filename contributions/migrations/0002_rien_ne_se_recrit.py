"""What was handed in and what happened are only ever added: the tables refuse UPDATE and DELETE, whoever asks."""

from django.db import migrations

TABLES = {"depot": "contributions_depot", "journal": "contributions_journal"}


class Migration(migrations.Migration):
    dependencies = [("contributions", "0001_initiale"), ("fiches", "0002_versions_immuables")]
    operations = [
        migrations.RunSQL(
            f"CREATE TRIGGER {nom}_immuable BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuser_modification();",
            f"DROP TRIGGER {nom}_immuable ON {table};",
        )
        for nom, table in TABLES.items()
    ]
