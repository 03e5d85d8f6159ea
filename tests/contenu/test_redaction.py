"""How the content files are written: what a reader meets in titles, summaries, sections and lines."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from contenu.fichiers import lire
from fiches.gabarits import Nature
from tests.base_reelle import FIXTURES

CONTENU = FIXTURES / "contenu"
# What was awkward to read in a document is the business of a note under the source, never of the reader.
LECTURE = re.compile(
    r"diapositive|diaporama|illisible|\bOCR\b|numérisation|à l’envers|lecture incertaine|déchiffr|"
    r"cellules? fusionnées?|passage (?:très )?abîmé|ne développe pas (?:ce|ces|le) (?:deux )?sigles?",
    re.IGNORECASE,
)
# Whatever is told as today's is false one day: the state of a scheme is derived from its dated statements.
PRESENT = re.compile(r"aujourd[’']hui|actuellement|à ce jour", re.IGNORECASE)
ATTENDU = re.compile(
    r"\bv(?:a|ont) \w+(?:er|ir|re)\b|\bdevrai(?:t|ent)\b|\bser(?:a|ont)\b|\baur(?:a|ont)\b|"
    r"(?<!\d )\bprévue?s?\b|\bespér|(?<!l’)\battendue?s?\b"
)


@pytest.fixture(scope="module")
def fiches() -> dict[str, dict[str, Any]]:
    """The content of every file of a fiche, by its path."""
    chemins = [chemin for nature in Nature for chemin in sorted((CONTENU / nature.chemin).rglob("*.yaml"))]
    return {str(chemin.relative_to(CONTENU)): lire(chemin) for chemin in chemins}


def passages(lu: dict[str, Any]) -> Iterator[str]:
    """Yield what a reader meets of a fiche, the sources left out."""
    yield from (lu["titre"], lu["resume"], *lu["sections"].values())
    for nom in ("chiffres", "missions", "articulations"):
        for ligne in lu.get(nom) or []:
            yield from (ligne[cle] for cle in ("libelle", "note", "nuance", "precision") if ligne.get(cle))


def fautes(fiches: dict[str, dict[str, Any]], motif: re.Pattern[str]) -> list[str]:
    return [f"{nom} : {mot[0]}" for nom, lu in fiches.items() for p in passages(lu) for mot in motif.finditer(p)]


def test_une_fiche_ne_parle_pas_de_la_lecture_de_ses_sources(fiches):
    assert fautes(fiches, LECTURE) == []


@pytest.mark.parametrize("nom", ["glossaire.yaml", "organismes.yaml", "reperes.yaml"])
def test_le_glossaire_et_les_listes_non_plus(nom):
    assert [mot[0] for entree in lire(CONTENU / nom, list) for mot in LECTURE.finditer(str(entree))] == []


def test_une_fiche_date_ce_qu_elle_dit_au_lieu_d_ecrire_aujourd_hui(fiches):
    assert fautes(fiches, PRESENT) == []


def test_un_resultat_obtenu_n_est_pas_un_resultat_attendu(fiches):
    obtenus = {nom: lu["sections"].get("resultats_obtenus", "") for nom, lu in fiches.items()}
    assert {nom: texte for nom, texte in obtenus.items() if ATTENDU.search(texte)} == {}
