"""docs/workflow.md says what the code does."""

import re

import pytest
from django.conf import settings

from contributions.models import transitions


def table(titre: str) -> dict[str, tuple[set[str], set[str]]]:
    texte = (settings.BASE_DIR / "docs/workflow.md").read_text()
    partie = next(partie for partie in texte.split("\n## ") if partie.startswith(titre))
    lignes = re.findall(r"^\| (\w+) \| ?(.*?) \| (.*?) \| .* \|$", partie, re.MULTILINE)
    return {verbe: (set(de.split(", ")) - {""}, set(vers.split(", "))) for verbe, de, vers in lignes if verbe != "verb"}


@pytest.mark.parametrize(
    "titre,verbes",
    [
        ("Proposition", transitions.PROPOSITION),
        ("Signalement", transitions.DOSSIER),
        ("Fiche", transitions.FICHE),
        ("Recours", transitions.RECOURS),
        ("Règle de «", transitions.REGLE),
        ("Synonyme", transitions.SYNONYME),
        ("Règle de la file", transitions.REGLE_DE_FILE),
        ("Demande", transitions.DEMANDE),
    ],
)
def test_la_documentation_dit_les_transitions_du_code(titre, verbes):
    assert table(titre) == {verbe: (set(t.depuis), set(t.vers)) for verbe, t in verbes.items()}
