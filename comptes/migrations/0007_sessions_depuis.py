from django.db import migrations, models

# Whoever opens a closed account again, by whatever door, does not give life again to the sessions it had.
DECLENCHEUR = """
CREATE FUNCTION utilisateur_finir_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.sessions_depuis := GREATEST(NEW.sessions_depuis, OLD.sessions_depuis);
    IF NEW.is_active IS DISTINCT FROM OLD.is_active THEN
        NEW.sessions_depuis := GREATEST(NEW.sessions_depuis, clock_timestamp());
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER utilisateur_finir_sessions BEFORE UPDATE ON comptes_utilisateur
    FOR EACH ROW EXECUTE FUNCTION utilisateur_finir_sessions();
"""
RETRAIT = """
DROP TRIGGER utilisateur_finir_sessions ON comptes_utilisateur;
DROP FUNCTION utilisateur_finir_sessions();
"""


class Migration(migrations.Migration):
    dependencies = [("comptes", "0006_chiffrer_seconds_facteurs")]

    operations = [
        migrations.AddField(
            model_name="utilisateur",
            name="sessions_depuis",
            field=models.DateTimeField(editable=False, null=True, verbose_name="sessions valables depuis"),
        ),
        migrations.RunSQL(DECLENCHEUR, RETRAIT),
    ]
