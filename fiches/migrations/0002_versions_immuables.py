"""Versions refuse UPDATE and DELETE, whoever asks; the single row of `Edition` exists from the start."""

from django.db import migrations

TRIGGER = """
CREATE FUNCTION refuser_modification() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'La table % ne se modifie pas : on y ajoute seulement.', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER version_immuable BEFORE UPDATE OR DELETE ON fiches_version
  FOR EACH ROW EXECUTE FUNCTION refuser_modification();
"""


class Migration(migrations.Migration):
    dependencies = [("fiches", "0001_initiale")]
    operations = [
        migrations.RunSQL(
            TRIGGER, "DROP TRIGGER version_immuable ON fiches_version; DROP FUNCTION refuser_modification();"
        ),
        migrations.RunSQL("INSERT INTO fiches_edition (id, numero) VALUES (1, 0);", "DELETE FROM fiches_edition;"),
    ]
