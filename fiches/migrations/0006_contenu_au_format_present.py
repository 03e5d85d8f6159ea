"""Contents are read in the present format, whatever the one they were stored in: no row is written again."""

from django.db import migrations

import fiches.sources


class Migration(migrations.Migration):
    dependencies = [("fiches", "0005_liens_rompus")]

    operations = [
        migrations.AlterField(
            "fiche",
            "contenu",
            fiches.sources.ChampContenu("contenu de la dernière version", default=dict),
        ),
        migrations.AlterField("version", "contenu", fiches.sources.ChampContenu("contenu")),
    ]
