"""docs/workflow.md says what the code does."""

import re

import pytest
from django.conf import settings

from contributions.verbes import recours, retraits, signalements, workflow
from moderation import regles


def etats(brut) -> set[str]:
    if not brut:
        return set()
    return {str(brut)} if isinstance(brut, str) else {str(etat) for etat in brut}


def table(titre: str) -> dict[str, tuple[set[str], set[str]]]:
    texte = (settings.BASE_DIR / "docs/workflow.md").read_text()
    partie = next(partie for partie in texte.split("\n## ") if partie.startswith(titre))
    lignes = re.findall(r"^\| (\w+) \| ?(.*?) \| (.*?) \| .* \|$", partie, re.MULTILINE)
    return {verbe: (set(de.split(", ")) - {""}, set(vers.split(", "))) for verbe, de, vers in lignes if verbe != "verb"}


@pytest.mark.parametrize(
    "titre,transitions",
    [
        ("Proposition", workflow.TRANSITIONS),
        ("Signalement", signalements.TRANSITIONS),
        ("Fiche", retraits.TRANSITIONS),
        ("Recours", recours.TRANSITIONS),
        ("Règle", regles.TRANSITIONS),
    ],
)
def test_la_documentation_dit_les_transitions_du_code(titre, transitions):
    assert table(titre) == {verbe: (etats(de), etats(vers)) for verbe, (de, vers) in transitions.items()}
