"""An index of whole names: a search asks at once whether any group of its words is one."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations
from django.db.models.expressions import RawSQL


class Migration(migrations.Migration):
    dependencies = [("territoires", "0007_contacts")]
    operations = [
        migrations.AddIndex(
            model_name="territoire",
            index=GinIndex(RawSQL("string_to_array(cles, '|')", ()), name="territoire_noms_entiers"),
        )
    ]
