"""What was awkward to read in a document has its place, under the source."""

from django.db import migrations, models

from fiches.dates import ColonneDatePartielle


class Migration(migrations.Migration):
    dependencies = [("fiches", "0008_reperes_par_fiche")]

    operations = [
        migrations.AlterField("source", "date", ColonneDatePartielle("date")),
        migrations.AddField(
            "source", "note", models.CharField("note de lecture", max_length=600, blank=True, db_default="")
        ),
    ]
