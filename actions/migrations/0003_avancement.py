"""How far an action has gone, and when it was seen so, apart from the level of proof; its dates as their source has them.

The columns of before stay one version, for the code that is replaced: no model has them.
"""

from django.db import migrations, models

from fiches.dates import ColonneDatePartielle

# « En cours » was a level of proof: of an action so described, nobody knows when it was.
PORTER = """
UPDATE actions_actioninspirante SET
  debut_le = coalesce(annee_debut::text, ''), fin_le = coalesce(annee_fin::text, ''),
  avancement = CASE preuve WHEN 'idee' THEN 'idee' ELSE '' END,
  preuve = CASE preuve WHEN 'idee' THEN '' WHEN 'en_cours' THEN 'non_evaluee' ELSE preuve END;
UPDATE fiches_fiche SET
  rendu = rendu || jsonb_build_object('repere',
    replace(rendu->>'repere', 'En cours, sans évaluation connue', 'Sans évaluation connue'))
  WHERE nature = 'action' AND rendu ? 'repere';
"""
RENDRE = """
UPDATE actions_actioninspirante SET
  preuve = CASE WHEN avancement = 'idee' THEN 'idee' WHEN preuve = 'non_evaluee' THEN 'en_cours' ELSE preuve END;
"""
AVANCEMENTS = [
    ("idee", "Idée"), ("en_cours", "En cours"), ("ponctuelle", "Ponctuelle"), ("terminee", "Terminée"),
]  # fmt: skip
PREUVES = [
    ("non_evaluee", "Sans évaluation connue"),
    ("evaluee", "Évaluée"),
    ("capitalisee", "Capitalisée"),
    ("probante", "Probante"),
]


def est_une_date(champ: str) -> migrations.AddConstraint:
    canonique = models.Q((champ, "")) | models.Q((f"{champ}__regex", r"^(19|20|21)\d\d(-\d\d){0,2}$"))
    return migrations.AddConstraint(
        "actioninspirante",
        models.CheckConstraint(name=f"actioninspirante_{champ}_est_une_date", condition=canonique),
    )


class Migration(migrations.Migration):
    dependencies = [("actions", "0002_initiale"), ("fiches", "0009_note_de_lecture")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint("actioninspirante", "action_annees_dans_l_ordre"),
                migrations.RemoveField("actioninspirante", "annee_debut"),
                migrations.RemoveField("actioninspirante", "annee_fin"),
            ],
        ),
        migrations.AddField("actioninspirante", "debut", ColonneDatePartielle("début", db_column="debut_le")),
        migrations.AddField("actioninspirante", "fin", ColonneDatePartielle("fin", db_column="fin_le")),
        migrations.AddField("actioninspirante", "vu_le", ColonneDatePartielle("vue")),
        migrations.AddField(
            "actioninspirante",
            "avancement",
            models.CharField("état de l’action", max_length=12, choices=AVANCEMENTS, blank=True, db_default=""),
        ),
        migrations.AlterField(
            "actioninspirante",
            "preuve",
            models.CharField("niveau de preuve", max_length=12, choices=PREUVES, blank=True),
        ),
        migrations.RunSQL(PORTER, RENDRE),
        *(est_une_date(champ) for champ in ("debut", "fin", "vu_le")),
    ]
