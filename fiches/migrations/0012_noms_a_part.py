"""The names of a fiche apart: a suggestion read the vector of the whole text of each, to look at its names."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fiches', '0011_peu_de_mots'),
        ('territoires', '0009_millesimes'),
    ]

    operations = [
        migrations.AddField(
            model_name='fiche',
            name='noms',
            field=models.GeneratedField(db_persist=True, expression=django.db.models.expressions.RawSQL("to_tsvector('fr'::regconfig, normalise_texte(titre || ' ' || mots))", ()), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.AddField(
            model_name='fiche',
            name='titre_normalise',
            field=models.GeneratedField(db_persist=True, expression=django.db.models.expressions.RawSQL('normalise_nom(titre)', ()), output_field=models.TextField()),
        ),
        migrations.AddIndex(
            model_name='fiche',
            index=django.contrib.postgres.indexes.GinIndex(fields=['noms'], name='fiche_noms'),
        ),
    ]
