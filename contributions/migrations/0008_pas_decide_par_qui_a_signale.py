"""Who reported does not decide on the case, unless a correction that was accepted closes it: refused by the base too."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("contributions", "0007_notifications")]
    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION refuser_decision_de_qui_a_signale() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF EXISTS (SELECT 1 FROM contributions_signalement s
                         WHERE s.dossier_id = NEW.id AND s.auteur_id = NEW.decidee_par_id) THEN
                RAISE EXCEPTION 'le dossier % est décidé par qui a signalé', NEW.id
                  USING ERRCODE = 'check_violation', CONSTRAINT = 'dossier_pas_decide_par_qui_a_signale';
              END IF;
              RETURN NEW;
            END $$;
            CREATE TRIGGER dossier_pas_decide_par_qui_a_signale
            BEFORE UPDATE OF decidee_par_id ON contributions_dossier
            FOR EACH ROW WHEN (NEW.decidee_par_id IS NOT NULL AND NEW.statut <> 'corrige')
            EXECUTE FUNCTION refuser_decision_de_qui_a_signale();
            """,
            """
            DROP TRIGGER dossier_pas_decide_par_qui_a_signale ON contributions_dossier;
            DROP FUNCTION refuser_decision_de_qui_a_signale();
            """,
        )
    ]
