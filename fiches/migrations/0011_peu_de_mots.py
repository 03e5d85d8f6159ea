"""How many words a query has, told to the planner: a thousand, its guess, made each search look like one to compile."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("fiches", "0010_mots")]
    operations = [
        migrations.RunSQL("ALTER FUNCTION mots_de(text) ROWS 12;", "ALTER FUNCTION mots_de(text) ROWS 1000;"),
    ]
