"""House rules that a machine can hold (docs/architecture.md gives their reasons)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

DEPOT: Path = settings.BASE_DIR
ICI = Path(__file__).parent
LIGNES_AU_PLUS = 400
SIGNES_AU_PLUS = 160  # of Python, ruff asks for 120 already, but for comments that speak to tools
TEXTES = {".py", ".html", ".css", ".js", ".svg", ".md", ".txt", ".toml", ".yaml", ".yml", ".json", ".csv", ".in", ""}


def fichiers() -> Iterator[Path]:
    """Yield the files of the project, not those of tools (.venv, caches, databases, the `.git` file of a worktree)."""
    racines = [d for d in DEPOT.iterdir() if d.is_dir() and (not d.name.startswith(".") or d.name == ".ci")]
    for racine in sorted(racines):
        if racine.name != "node_modules":
            yield from (f for f in sorted(racine.rglob("*")) if f.is_file() and "__pycache__" not in f.parts)
    yield from (
        f for f in sorted(DEPOT.iterdir()) if f.is_file() and f.name != ".git" and not f.name.startswith(".cle-secrete")
    )


FICHIERS = list(fichiers())
PYTHON = [f for f in FICHIERS if f.suffix == ".py" and f.parent.name != "migrations"]
CODE = [f for f in PYTHON if f.relative_to(DEPOT).parts[0] not in ("tests", "bench")]
FEUILLES = [f for f in FICHIERS if f.suffix == ".css"]
GABARITS = [f for f in FICHIERS if f.suffix == ".html" and "templates" in f.parts]
VERROUS = sorted((DEPOT / "requirements").glob("*.txt"))


def ou(trouves: list[tuple[Path, int, str]]) -> list[str]:
    """Return the places as an editor opens them, so that a failure says where to go."""
    return [f"{fichier.relative_to(DEPOT)}:{numero}: {ligne.strip()[:100]}" for fichier, numero, ligne in trouves]


def chercher(motif: str, parmi: list[Path]) -> list[str]:
    expression = re.compile(motif)
    return ou(
        [
            (fichier, numero, ligne)
            for fichier in parmi
            if ICI not in fichier.parents
            for numero, ligne in enumerate(fichier.read_text(encoding="utf-8").splitlines(), 1)
            if expression.search(ligne)
        ]
    )


def test_un_fichier_se_lit_d_une_traite():
    longueurs = {f: f.read_text(encoding="utf-8").count("\n") for f in PYTHON + FEUILLES + GABARITS}
    assert {str(f.relative_to(DEPOT)): n for f, n in longueurs.items() if n > LIGNES_AU_PLUS} == {}


def test_une_ligne_tient_a_l_ecran():
    assert chercher(f"^.{{{SIGNES_AU_PLUS + 1}}}", PYTHON + FEUILLES + GABARITS) == []


def test_un_module_porte_le_nom_de_ce_qu_il_fait():
    creux = {"utils", "util", "helpers", "services", "common", "misc", "signals", "tools"}
    assert [str(f.relative_to(DEPOT)) for f in FICHIERS if f.suffix == ".py" and f.stem in creux] == []


def test_un_module_commence_par_dire_ce_qu_il_est():
    """Declarations of Django and commands apart: their `verbose_name` or `help` says it to the people who read them."""
    muets = {"apps.py", "__init__.py", "manage.py"}
    modules = [f for f in CODE if f.name not in muets and "commands" not in f.parts]
    assert [str(f.relative_to(DEPOT)) for f in modules if not ast.get_docstring(ast.parse(f.read_text()))] == []


def test_un_alias_ne_tient_pas_en_une_lettre():
    assert chercher(r"^[A-Za-z](, [A-Za-z])* = | as [A-Za-z]$", CODE) == []


def test_le_prefixe_des_sections_est_ecrit_une_fois():
    """`Section.unite` gives the key of a section; elsewhere `fiches.gabarits.PREFIXE` is read."""
    assert [trouve.split(":")[0] for trouve in chercher("[\"']section-", CODE)] == ["fiches/gabarits.py"]


def test_rien_n_est_remis_a_plus_tard():
    code = [f for f in FICHIERS if f.suffix in {".py", ".html", ".css", ".js", ".toml", ""}]
    assert chercher(r"\b(TODO|FIXME|XXX|HACK)\b|lorem ipsum", code) == []


def test_aucun_chemin_de_la_machine():
    textes = [f for f in FICHIERS if f.suffix in TEXTES]
    assert chercher(r"(?<![\w.])/(work|root|home/\w+|Users/\w+)/", textes) == []


def test_les_gabarits_n_ont_ni_style_ni_script_ni_gestionnaire():
    """The content security policy refuses them: they would silently do nothing."""
    style = r"<style|\sstyle\s*="
    script = r"<script(?![^>]*\bsrc=)(?![^>]*type=.application/(ld\+)?json)"
    gestionnaire = r"<[^>]*\son\w+\s*=|javascript:"
    assert chercher(f"{style}|{script}|{gestionnaire}", GABARITS) == []


def test_aucun_verrou_ne_dit_ou_telecharger():
    assert chercher("://", VERROUS) == []


@pytest.mark.parametrize("verrou", VERROUS, ids=lambda f: f.name)
def test_chaque_paquet_verrouille_a_ses_empreintes(verrou):
    for bloc in re.split(r"\n(?=\S)", verrou.read_text()):
        assert re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+", bloc), bloc
        assert "--hash=sha256:" in bloc, bloc


def test_les_verrous_s_accordent_sur_les_versions():
    """They are installed one over the other in the same .venv."""
    versions: dict[str, set[str]] = {}
    for verrou in VERROUS:
        for nom, version in re.findall(r"^([\w.-]+)(?:\[.*\])?==(\S+)", verrou.read_text(), re.MULTILINE):
            versions.setdefault(nom, set()).add(version)
    assert {nom: vues for nom, vues in versions.items() if len(vues) > 1} == {}


def test_un_parametre_ne_prend_pas_le_nom_d_un_outil_du_navigateur():
    """pytest-playwright’s `page` runs once for each browser: the tests would be sorted by it, and load France twice."""
    essais = [f for f in PYTHON if f.relative_to(DEPOT).parts[0] == "tests" and f.parent.name != "navigateur"]
    assert chercher(r'(parametrize\(|^ +)"(\w+, )*page(, \w+)*",', essais) == []


def test_un_gabarit_n_en_nomme_que_qui_existent():
    nommes = re.compile(r'{% (?:extends|include) "([^"]+)"')
    racine = DEPOT / "templates"
    absents = {
        f"{fichier.relative_to(DEPOT)}: {nom}"
        for fichier in [*racine.rglob("*.html"), *racine.rglob("*.txt")]
        for nom in nommes.findall(fichier.read_text(encoding="utf-8"))
        if not (racine / nom).exists() and not nom.startswith("admin/")  # Django's own
    }
    assert absents == set()


def test_les_decisions_se_suivent_sans_trou_ni_double():
    numeros = [int(f.name[:4]) for f in sorted((DEPOT / "docs" / "decisions").glob("*.md"))]
    assert numeros == list(range(1, len(numeros) + 1))
