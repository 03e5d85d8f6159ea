"""The vintage in force of each nature, stored: until now it was only the highest that its rows had."""

from django.db import migrations, models

EN_VIGUEUR = """
INSERT INTO territoires_millesime (nature, annee) SELECT nature, max(millesime) FROM territoires_territoire
WHERE nature IN ('commune', 'epci', 'qpv') AND fin IS NULL GROUP BY nature
"""


class Migration(migrations.Migration):
    dependencies = [("territoires", "0008_noms_entiers")]
    operations = [
        migrations.CreateModel(
            name="Millesime",
            fields=[
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("region", "Région"),
                            ("departement", "Département"),
                            ("perimetre", "Territoire de projet"),
                            ("epci", "Intercommunalité"),
                            ("commune", "Commune"),
                            ("qpv", "Quartier prioritaire"),
                        ],
                        max_length=11,
                        primary_key=True,
                        serialize=False,
                        verbose_name="nature",
                    ),
                ),
                ("annee", models.PositiveSmallIntegerField(verbose_name="année")),
            ],
            options={"verbose_name": "millésime"},
        ),
        migrations.RunSQL(EN_VIGUEUR, migrations.RunSQL.noop),
    ]
