"""The table of the cache all processes share: without it, signing in would fail until somebody remembers a command."""

from django.core.management import call_command
from django.db import migrations


def creer(apps, schema_editor):
    call_command("createcachetable", "cache_partage", database=schema_editor.connection.alias, verbosity=0)


def supprimer(apps, schema_editor):
    schema_editor.execute("DROP TABLE IF EXISTS cache_partage")


class Migration(migrations.Migration):
    dependencies = [("comptes", "0002_credit")]
    operations = [migrations.RunPython(creer, supprimer)]
