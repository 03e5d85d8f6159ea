

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('comptes', '0009_anciennes_adresses'),
    ]

    operations = [
        migrations.AddField(
            model_name='utilisateur',
            name='resume',
            field=models.CharField(choices=[('quotidien', 'Chaque matin, du lundi au vendredi'), ('hebdomadaire', 'Le lundi matin'), ('jamais', 'Jamais')], db_default='quotidien', default='quotidien', max_length=12, verbose_name='résumé de la modération'),
        ),
        migrations.AddConstraint(
            model_name='utilisateur',
            constraint=models.CheckConstraint(condition=models.Q(('resume__in', ['quotidien', 'hebdomadaire', 'jamais'])), name='utilisateur_resume_connu'),
        ),
    ]
