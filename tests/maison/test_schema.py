"""The code of the last release runs on the schema of today: `migrate` comes before the new code, which adds only.

A break is made in two releases: stop using it, then take it away once that is what runs (docs/deploiement.md).
"""

import copy
import json
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.maison.schema import lire, ruptures

PUBLIE = json.loads((settings.BASE_DIR / "tests/maison/schema_publie.json").read_text())
AVANT = {
    "tables": {"fiche": {"id": ["bigint", None, False, True], "titre": ["character varying", 150, False, False]}},
    "regles": {"fiche": {"CHECK (((etat)::text = ANY (ARRAY['a'::text, 'b'::text])))": ["titre"]}},
}


@pytest.mark.django_db
def test_la_version_publiee_tourne_sur_le_schema_d_aujourd_hui():
    with connection.cursor() as curseur:
        assert list(ruptures(PUBLIE, lire(curseur))) == []


def test_la_derniere_version_du_journal_est_celle_du_releve():
    page = (settings.BASE_DIR / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\d+\.\d+\.\d+) ", page, re.MULTILINE)[0] == PUBLIE["version"]


def test_toute_migration_se_defait():
    """docs/deploiement.md says so. Tables and columns come back; what was in them, only from the save."""
    notres = [une for une in apps.get_app_configs() if Path(une.path).is_relative_to(settings.BASE_DIR / une.name)]
    assert len(notres) >= 8
    definitives = [
        f"{migration.app_label}.{migration.name}"
        for migration in MigrationLoader(None).disk_migrations.values()
        if migration.app_label in {une.label for une in notres}
        and not all(operation.reversible for operation in migration.operations)
    ]
    assert definitives == []


def colonne(schema: dict, nom: str, *sens) -> None:
    schema["tables"]["fiche"][nom] = list(sens)


CASSES = {
    "table ôtée": lambda s: s["tables"].pop("fiche"),
    "colonne ôtée": lambda s: s["tables"]["fiche"].pop("titre"),
    "colonne raccourcie": lambda s: colonne(s, "titre", "character varying", 100, False, False),
    "autre type": lambda s: colonne(s, "titre", "integer", None, False, False),
    "défaut ôté": lambda s: colonne(s, "id", "bigint", None, False, False),
    "colonne nouvelle et exigée": lambda s: colonne(s, "sorte", "text", None, False, False),
    "règle nouvelle": lambda s: s["regles"]["fiche"].update({"UNIQUE (titre)": ["titre"]}),
    "règle d’une ancienne, qu’une nouvelle vide ne tient pas": lambda s: (
        colonne(s, "lu_le", "date", None, True, False),
        s["regles"]["fiche"].update({"CHECK (((NOT titre) OR (lu_le IS NOT NULL)))": ["titre", "lu_le"]}),
    ),
    "valeur refusée": lambda s: s["regles"].update(
        {"fiche": {"CHECK (((etat)::text = ANY (ARRAY['a'::text])))": ["titre"]}}
    ),
}
PERMIS = {
    "table nouvelle": lambda s: s["tables"].update({"autre": {"id": ["bigint", None, False, False]}}),
    "colonne facultative": lambda s: colonne(s, "sorte", "text", None, True, False),
    "colonne avec défaut": lambda s: colonne(s, "sorte", "text", None, False, True),
    "colonne allongée": lambda s: colonne(s, "titre", "character varying", 300, True, False),
    "règle sur du nouveau": lambda s: s["regles"]["fiche"].update({"UNIQUE (sorte)": ["sorte"]}),
    "règle d’une ancienne, tenue par des nouvelles vides": lambda s: (
        colonne(s, "lu_le", "date", None, True, False),
        colonne(s, "dit_le", "date", None, True, False),
        s["regles"]["fiche"].update(
            {"CHECK (((NOT etat) OR ((lu_le IS NULL) AND (dit_le IS NULL))))": ["etat", "lu_le", "dit_le", "titre"]}
        ),
    ),
    "règle ôtée": lambda s: s["regles"].pop("fiche"),
    "valeur de plus": lambda s: s["regles"].update(
        {"fiche": {"CHECK (((etat)::text = ANY (ARRAY['a'::text, 'b'::text, 'c'::text])))": ["titre"]}}
    ),
}


@pytest.mark.parametrize("changer", CASSES.values(), ids=CASSES)
def test_ce_qui_casserait_la_version_d_avant_se_voit(changer):
    apres = copy.deepcopy(AVANT)
    changer(apres)
    assert len(list(ruptures(AVANT, apres))) == 1


@pytest.mark.parametrize("changer", PERMIS.values(), ids=PERMIS)
def test_ce_qui_s_ajoute_ne_casse_rien(changer):
    apres = copy.deepcopy(AVANT)
    changer(apres)
    assert list(ruptures(AVANT, apres)) == []
