import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

# Whoever changes an address, by whatever door: the person stays the one she was.
DECLENCHEUR = """
CREATE FUNCTION utilisateur_retenir_adresse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO comptes_ancienneadresse (utilisateur_id, adresse, empreinte, changee_le)
    VALUES (OLD.id, OLD.email, '', clock_timestamp());
    RETURN NULL;
END $$;
CREATE TRIGGER utilisateur_retenir_adresse AFTER UPDATE OF email ON comptes_utilisateur
    FOR EACH ROW WHEN (OLD.email IS DISTINCT FROM NEW.email) EXECUTE FUNCTION utilisateur_retenir_adresse();
"""
RETRAIT = """
DROP TRIGGER utilisateur_retenir_adresse ON comptes_utilisateur;
DROP FUNCTION utilisateur_retenir_adresse();
"""


class Migration(migrations.Migration):
    dependencies = [("comptes", "0008_limites")]

    operations = [
        migrations.AddField(
            model_name="utilisateur",
            name="fermeture_prevue_le",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="fermeture prévue le"),
        ),
        migrations.AddField(
            model_name="utilisateur",
            name="garder_nom",
            field=models.BooleanField(default=True, editable=False, verbose_name="garder le nom publié"),
        ),
        migrations.CreateModel(
            name="AncienneAdresse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("adresse", models.EmailField(blank=True, max_length=254, verbose_name="adresse")),
                ("empreinte", models.CharField(blank=True, db_index=True, max_length=64, verbose_name="empreinte")),
                ("changee_le", models.DateTimeField(verbose_name="changée le")),
                ("jeton", models.CharField(max_length=40, null=True, unique=True, verbose_name="jeton")),
                (
                    "utilisateur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="anciennes_adresses",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name": "ancienne adresse"},
        ),
        migrations.AddConstraint(
            model_name="ancienneadresse",
            constraint=models.CheckConstraint(
                name="ancienne_adresse_ou_empreinte", condition=~Q(adresse="", empreinte="")
            ),
        ),
        migrations.RunSQL(DECLENCHEUR, RETRAIT),
    ]
