"""A hostile file ends in a sentence of ours, within the memory of a small server, whatever it was made of."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from contenu.fichiers import ContenuInvalide, lire
from tests.essais import eventail
from tests.factories import fiche_dispositif
from tests.securite.fichiers_hostiles import FICHIERS

ESSAYES = eventail(FICHIERS)
MEMOIRE = 300_000  # KB, all of Django included


@pytest.fixture(scope="module")
def lectures(tmp_path_factory) -> dict[str, dict]:
    """What each file gave, read in a process of its own."""
    commande = [
        sys.executable,
        "-m",
        "tests.securite.fichiers_hostiles",
        str(tmp_path_factory.mktemp("hostiles")),
        *ESSAYES,
    ]
    milieu = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    sortie = subprocess.run(commande, cwd=settings.BASE_DIR, env=milieu, capture_output=True, text=True, check=True)
    return {lue["nom"]: lue for lue in map(json.loads, sortie.stdout.splitlines())}


@pytest.mark.parametrize("nom", ESSAYES)
def test_un_fichier_hostile_est_refuse_en_une_phrase_sans_remplir_la_memoire(lectures, nom):
    lue = lectures[nom]
    assert lue["memoire"] < MEMOIRE
    assert lue["refus"].endswith((".", "autres.")) and "Error" not in lue["refus"]
    assert FICHIERS[nom][1] in lue["refus"]


@pytest.mark.parametrize(
    "generation, dit", [("9" * 90, "ce rang"), ("9" * 5000, "cellule est trop longue")], ids=["longue", "sans fin"]
)
def test_une_generation_de_trop_de_chiffres(db, tmp_path, generation, dit):
    entete = "type;nom;statut;porteur_nom;territoires;date_verification;generation\n"
    fichier = tmp_path / "locaux.csv"
    fichier.write_text(f"{entete}asv;Nom;actif;Ville;commune:76540;2025-01-01;{generation}\n", encoding="utf-8")
    fiche_dispositif(slug="asv")
    with pytest.raises(CommandError, match=dit):
        call_command("importer_dispositifs_locaux", str(fichier))


def test_un_dossier_ou_un_fichier_absent(db, tmp_path):
    for chemin in (tmp_path, tmp_path / "absent.csv"):
        with pytest.raises(CommandError, match="n’existe pas"):
            call_command("importer_dispositifs_locaux", str(chemin))


YAML = {
    "date impossible": b"a: 9999-99-99",
    "alias": b"a: &a [x]\nb: [*a, *a]",
    "alias de lui-meme": b"a: &a [*a]",
    "imbrique": b"a: " + b"[" * 500_000,
    "blocs imbriques": b"a:\n" + b"".join(b" " * n + b"- \n" for n in range(1, 500)),
    "trop gros": b"a: " + b"x" * 3_000_000,
    "liste": b"- a",
    "vide": b"",
    "binaire": bytes(range(256)),
    "etiquette": b"a: !!python/object/apply:os.system [ls]",
    "entier sans fin": b"a: " + b"9" * 5_000,
    "cle impossible": b"? {a: b}\n: c",
}


@pytest.mark.parametrize("nom", YAML)
def test_un_yaml_hostile_est_refuse_en_une_phrase(tmp_path, nom):
    fichier = tmp_path / "fiche.yaml"
    fichier.write_bytes(YAML[nom])
    with pytest.raises(ContenuInvalide, match="^fiche.yaml") as refus:
        lire(fichier)
    assert "\n" not in str(refus.value)
