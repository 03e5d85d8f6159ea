"""A deposit keeps what it received as it came, and is read in the present format: the column does not move."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contributions", "0009_reseau_voisin")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField("depot", "changements"),
                migrations.AddField(
                    "depot",
                    "recus",
                    models.JSONField("unités changées, telles que reçues", db_column="changements", default=dict),
                    preserve_default=False,
                ),
            ],
        ),
    ]
