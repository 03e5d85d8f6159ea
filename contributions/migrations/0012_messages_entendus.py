"""What authors wrote and moderators answered later is answered; the rest waits, at last, where it can be read."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


REPONDUS = """
    UPDATE contributions_message AS recu SET traite_le = reponse.le
    FROM (
        SELECT lu.id, min(suite.le) AS le FROM contributions_message lu
        JOIN contributions_message suite ON suite.de_la_moderation AND suite.id > lu.id
            AND (suite.proposition_id = lu.proposition_id OR suite.signalement_id = lu.signalement_id)
        WHERE NOT lu.de_la_moderation GROUP BY lu.id
    ) AS reponse
    WHERE reponse.id = recu.id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('contributions', '0011_synonymes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('texte', models.TextField(verbose_name='texte')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='écrite le')),
            ],
            options={
                'verbose_name': 'note interne',
                'verbose_name_plural': 'notes internes',
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='message',
            name='rappele_le',
            field=models.DateTimeField(blank=True, null=True, verbose_name='rappelé à l’équipe le'),
        ),
        migrations.AddField(
            model_name='message',
            name='traite_le',
            field=models.DateTimeField(blank=True, null=True, verbose_name='répondu ou clos le'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('de_la_moderation', False), ('traite_le', None)), fields=['le'], name='message_sans_reponse'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('de_la_moderation', False), models.Q(('rappele_le', None), ('traite_le', None)), _connector='OR'), name='message_traite_s_il_vient_d_un_auteur'),
        ),
        migrations.AddField(
            model_name='note',
            name='auteur',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='auteur'),
        ),
        migrations.AddField(
            model_name='note',
            name='proposition',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='contributions.proposition', verbose_name='proposition'),
        ),
        migrations.AddField(
            model_name='note',
            name='signalement',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='contributions.signalement', verbose_name='signalement'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(('proposition__isnull', True), ('signalement__isnull', True), _connector='XOR'), name='note_sur_une_contribution'),
        ),
        migrations.RunSQL(REPONDUS, migrations.RunSQL.noop),
    ]
