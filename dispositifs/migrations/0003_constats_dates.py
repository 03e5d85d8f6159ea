"""A local scheme keeps dated statements, as precise as their source; no end is estimated any more.

The columns of before stay one version, for the code that is replaced: no model has them.
"""

from django.db import migrations, models

from fiches.dates import ColonneDatePartielle

OUVRIR = """
ALTER TABLE dispositifs_dispositiflocal ALTER COLUMN constate_le DROP NOT NULL;
ALTER TABLE dispositifs_absence ALTER COLUMN constatee_le DROP NOT NULL;
"""
FERMER = """
UPDATE dispositifs_dispositiflocal SET
  constate_le = coalesce(rpad(nullif(vu_le, ''), 10, '-01-01')::date, constate_le, '1900-01-01'),
  echeance = rpad(nullif(fin, ''), 10, '-12-31')::date, debut = rpad(nullif(debut_le, ''), 10, '-01-01')::date
  WHERE constate_le IS NULL;
UPDATE dispositifs_absence SET constatee_le = rpad(nullif(dite_le, ''), 10, '-01-01')::date WHERE constatee_le IS NULL;
ALTER TABLE dispositifs_dispositiflocal ALTER COLUMN constate_le SET NOT NULL;
ALTER TABLE dispositifs_absence ALTER COLUMN constatee_le SET NOT NULL;
"""
PORTER = """
UPDATE dispositifs_dispositiflocal SET
  vu_le = to_char(constate_le, 'YYYY-MM-DD'),
  actif_le = coalesce(to_char(
    greatest(signe_le, CASE WHEN constat <> 'en_projet' THEN constate_le END), 'YYYY-MM-DD'), ''),
  debut_le = coalesce(to_char(debut, 'YYYY-MM-DD'), ''),
  fin = coalesce(to_char(echeance, 'YYYY-MM-DD'), '');
UPDATE dispositifs_dispositif SET
  duree_habituelle = duree_ans || CASE WHEN duree_ans > 1 THEN ' ans' ELSE ' an' END WHERE duree_ans IS NOT NULL;
UPDATE dispositifs_absence SET dite_le = to_char(constatee_le, 'YYYY-MM-DD');
UPDATE fiches_fiche f SET rendu = f.rendu || jsonb_build_object('porteur', l.porteur, 'situation', jsonb_build_object(
  'constat', l.constat, 'vu_le', l.vu_le, 'actif_le', l.actif_le, 'debut', l.debut_le, 'fin', l.fin))
  FROM dispositifs_dispositiflocal l WHERE l.fiche_ptr_id = f.id;
"""
CONSTATS = [
    ("actif", "Actif"), ("signe", "Signé"), ("adopte", "Adopté"), ("en_projet", "En projet"), ("termine", "Terminé"),
]  # fmt: skip


def est_une_date(modele: str, champ: str) -> migrations.AddConstraint:
    canonique = models.Q((champ, "")) | models.Q((f"{champ}__regex", r"^(19|20|21)\d\d(-\d\d){0,2}$"))
    return migrations.AddConstraint(modele, models.CheckConstraint(name=f"{modele}_{champ}_est_une_date", condition=canonique))


class Migration(migrations.Migration):
    dependencies = [("dispositifs", "0002_choisir"), ("fiches", "0009_note_de_lecture")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint("dispositiflocal", "local_dates_dans_l_ordre"),
                migrations.RemoveField("dispositiflocal", "constate_le"),
                migrations.RemoveField("dispositiflocal", "signe_le"),
                migrations.RemoveField("dispositiflocal", "debut"),
                migrations.RemoveField("dispositiflocal", "echeance"),
                migrations.RemoveField("dispositif", "duree_ans"),
                migrations.RemoveField("absence", "constatee_le"),
            ],
        ),
        migrations.AlterField(
            "dispositiflocal", "constat", models.CharField("dernier constat", max_length=10, choices=CONSTATS)
        ),
        migrations.AddField("dispositiflocal", "vu_le", ColonneDatePartielle("vu")),
        migrations.AddField("dispositiflocal", "actif_le", ColonneDatePartielle("vu en vie")),
        migrations.AddField("dispositiflocal", "debut", ColonneDatePartielle("début", db_column="debut_le")),
        migrations.AddField("dispositiflocal", "fin", ColonneDatePartielle("fin")),
        migrations.AddField(
            "dispositif",
            "duree_habituelle",
            models.CharField("durée habituelle", max_length=200, blank=True, db_default=""),
        ),
        migrations.AddField("absence", "constatee_le", ColonneDatePartielle("constatée", db_column="dite_le")),
        migrations.RunSQL(OUVRIR, FERMER),
        migrations.RunSQL(PORTER, migrations.RunSQL.noop),
        *(est_une_date("dispositiflocal", champ) for champ in ("vu_le", "actif_le", "debut", "fin")),
        est_une_date("absence", "constatee_le"),
    ]
