"""People may change their mind about being named: of a version, its credits alone may be rewritten, through one door.

`edition.changer_credit` opens it for the time of a statement; the trigger checks that no other column moves.
"""

from django.db import migrations

OUVRIR = """
CREATE FUNCTION garder_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND current_setting('sante.credits', true) = 'ouverts'
     AND to_jsonb(NEW) - 'credits' = to_jsonb(OLD) - 'credits' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'La table % ne se modifie pas : on y ajoute seulement.', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER version_immuable ON fiches_version;
CREATE TRIGGER version_immuable BEFORE UPDATE OR DELETE ON fiches_version
  FOR EACH ROW EXECUTE FUNCTION garder_version();
"""
FERMER = """
DROP TRIGGER version_immuable ON fiches_version;
DROP FUNCTION garder_version();
CREATE TRIGGER version_immuable BEFORE UPDATE OR DELETE ON fiches_version
  FOR EACH ROW EXECUTE FUNCTION refuser_modification();
"""


class Migration(migrations.Migration):
    dependencies = [("fiches", "0003_etat_explique")]
    operations = [migrations.RunSQL(OUVRIR, FERMER)]
