"""The schema of a release, written for the tests: `python -m outils.relever_schema 1.2.0`, just before its tag.

While a release is put in place, the code of the one before runs on its schema: tests/maison/test_schema.py compares.
Never run between two releases: it would hide a break. Works on the database of the demo, once migrated.
"""

import json
import subprocess
import sys
from pathlib import Path

import psycopg

from config import base_embarquee
from tests.maison.schema import lire

RELEVE = Path(__file__).resolve().parent.parent / "tests" / "maison" / "schema_publie.json"


def main(version: str) -> None:
    base_embarquee.demarrer()
    reglages = "--settings=config.settings.demo"
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0", reglages], check=True)
    with psycopg.connect(base_embarquee.url()) as base, base.cursor() as curseur:
        RELEVE.write_text(json.dumps({"version": version, **lire(curseur)}, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
