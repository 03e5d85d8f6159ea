"""The style sheets: one can live in them, and the joined ones are what the browser would have put together."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import get_finder
from django.core.management import call_command

from config.jointure import IMPORT, IMPORT_DE_SCRIPT, FichiersJoints, alleger, joindre, joindre_script
from tests.maison.test_regles import FICHIERS, GABARITS, PYTHON

STATIQUES: Path = settings.BASE_DIR / "static"
FEUILLES = sorted(STATIQUES.rglob("*.css"))
LISTES = sorted(STATIQUES.glob("*.css"))
PARTIES = [feuille for feuille in FEUILLES if feuille not in LISTES]
JETONS, PAPIER = STATIQUES / "feuilles" / "jetons.css", STATIQUES / "feuilles" / "media" / "papier.css"
COULEUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(rgb|hsl|hwb|lab|lch|oklab|oklch|color)a?\(|\b(white|black|gr[ae]y|red|green|blue)\b"
)
CORPS = {"font", "font-size"}
COMMENTAIRE = re.compile(r"/\*.*?\*/", re.DOTALL)
SCRIPT = re.compile(r"<script src=[^>]*>")
QUI_IMPORTENT = sorted(s.name for s in STATIQUES.glob("*.js") if IMPORT_DE_SCRIPT.search(s.read_text()))
CHAINE = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")


def lire(nom: str) -> str:
    return (STATIQUES / nom).read_text(encoding="utf-8")


def sans_commentaire(feuille: Path) -> str:
    """Return the sheet without its comments and strings, its lines kept in their places."""
    nu = COMMENTAIRE.sub(lambda vu: "\n" * vu[0].count("\n"), feuille.read_text(encoding="utf-8"))
    return CHAINE.sub('""', nu)


def nom(feuille: Path) -> str:
    return feuille.relative_to(STATIQUES).as_posix()


@pytest.mark.parametrize("feuille", FEUILLES, ids=nom)
def test_une_declaration_par_ligne(feuille):
    """An opening brace ends its line, a closing one is alone, and what ends by « ; » is alone too."""
    serrees = [
        f"{nom(feuille)}:{numero}: {ligne.strip()}"
        for numero, ligne in enumerate(sans_commentaire(feuille).splitlines(), 1)
        if re.search(r"\{\s*\S|\S\s*\}|\}\s*\S|;\s*\S", ligne)
    ]
    assert serrees == []


@pytest.mark.parametrize("feuille", FEUILLES, ids=nom)
def test_un_selecteur_par_ligne(feuille):
    """A comma inside parentheses belongs to one selector."""
    sans_parentheses = re.sub(r"\([^()]*(\([^()]*\)[^()]*)*\)", "", sans_commentaire(feuille))
    lignes = [ligne for ligne in sans_parentheses.splitlines() if not re.match(r"\s*(@|[\w-]+:[^{]*;$)", ligne)]
    assert [ligne for ligne in lignes if re.search(r",\s*\S", ligne) and ligne.endswith(("{", ","))] == []


def test_chaque_partie_est_importee_une_fois_dans_la_couche_de_son_dossier():
    imports = [vu for liste in LISTES for vu in IMPORT.finditer(lire(liste.name))]
    assert Counter(vu["partie"] for vu in imports) == Counter(nom(partie) for partie in PARTIES)
    for vu in imports:
        assert vu["couche"] == Path(vu["partie"]).parts[1].removesuffix(".css"), vu[0]


@pytest.fixture
def rassembler(settings, tmp_path) -> Callable[[Path], FichiersJoints]:
    """Gather the static files of a folder as `collectstatic` does, and return where they are served from."""
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "config.jointure.FichiersJoints"}}
    settings.STATIC_ROOT = tmp_path / "servis"

    def depuis(dossier: Path) -> FichiersJoints:
        settings.STATICFILES_DIRS = [dossier]
        get_finder.cache_clear()
        call_command("collectstatic", "--no-input", "--verbosity=0", "--ignore=admin")
        return FichiersJoints()

    yield depuis
    get_finder.cache_clear()


def test_les_feuilles_jointes_disent_la_meme_chose(rassembler):
    servis = rassembler(STATIQUES)
    assert {cle for cle in servis.hashed_files if cle.endswith(".css")} == {liste.name for liste in LISTES}
    for liste in LISTES:
        jointe = Path(servis.path(servis.stored_name(liste.name))).read_text(encoding="utf-8")
        assert jointe == joindre(lire(liste.name), lire)
        assert "@import" not in jointe
        for vu in IMPORT.finditer(lire(liste.name)):
            assert alleger(f"@layer {vu['couche']} {{\n{lire(vu['partie'])}}}\n") in jointe


@pytest.mark.parametrize("nom", ["suggestions.js", "catalogue.js", "redaction.js"])
def test_un_script_est_servi_avec_ceux_dont_il_part(rassembler, nom):
    servis = rassembler(STATIQUES)
    joint = Path(servis.path(servis.stored_name(nom))).read_text(encoding="utf-8")
    assert joint == joindre_script(lire(nom), lire)
    assert joint.count(joindre_script(lire("page.js"), lire)) == 1 and "import " not in joint


@pytest.mark.parametrize("nom", QUI_IMPORTENT)
def test_un_script_qui_part_d_un_autre_est_charge_comme_module(nom):
    """Elsewhere, `import` is a fault of syntax, and nothing of the script runs."""
    balises = [balise for gabarit in GABARITS for balise in SCRIPT.findall(gabarit.read_text()) if f"'{nom}'" in balise]
    assert [balise for balise in balises if 'type="module"' not in balise] == []


def test_ce_qui_ressemble_a_un_commentaire_dans_une_chaine_reste():
    assert alleger('/* Dit. */\na {\n  content: "/* dit */";\n}\n') == '\na {\ncontent: "/* dit */";\n}\n'


def test_une_partie_qui_change_change_l_adresse_de_sa_feuille(rassembler, tmp_path):
    (tmp_path / "sources" / "feuilles").mkdir(parents=True)
    (tmp_path / "sources" / "style.css").write_text('@import "feuilles/base.css" layer(base);\n')
    partie = tmp_path / "sources" / "feuilles" / "base.css"
    partie.write_text("a {\n  color: red;\n}\n")
    avant = rassembler(tmp_path / "sources").stored_name("style.css")
    partie.write_text("a {\n  color: blue;\n}\n")
    assert rassembler(tmp_path / "sources").stored_name("style.css") != avant


def test_chaque_classe_sert():
    """In the `class` of a template, or in a string of Python or JavaScript."""
    gabarits = "".join(f.read_text(encoding="utf-8") for f in GABARITS)
    dites = re.findall(r"class=\"((?:\{[{%].*?[%}]\}|[^\"])*)\"|=(\"[^\"]*\"|'[^']*')", gabarits)
    code = [f for f in FICHIERS if f.suffix == ".js"] + [f for f in PYTHON if "tests" not in f.parts]
    chaines = [chaine for f in code for chaine in re.findall(r"\"[^\"\n]*\"|'[^'\n]*'", f.read_text(encoding="utf-8"))]
    mots = set(re.findall(r"[\w-]+", " ".join([mot for dite in dites for mot in dite] + chaines)))
    nommees = {
        classe
        for feuille in FEUILLES
        for selecteur in re.findall(r"[^{};]*(?=\{)", sans_commentaire(feuille))
        for classe in re.findall(r"\.([a-zA-Z][\w-]*)", selecteur)
    }
    faites = {"p1", "p2", "p3"}  # class="p{{ zone.teinte }}"
    assert nommees - mots - faites == set()


def declarations(feuille: Path) -> list[tuple[str, str]]:
    return re.findall(r"([\w-]+)\s*:\s*([^;{}]+);", sans_commentaire(feuille))


@pytest.mark.parametrize("feuille", [feuille for feuille in FEUILLES if feuille != JETONS], ids=nom)
def test_une_couleur_est_un_jeton(feuille):
    """Paper alone gives tokens other colours."""
    jetons = {propriete for propriete, _ in declarations(JETONS)}
    libres = [
        f"{propriete}: {valeur}"
        for propriete, valeur in declarations(feuille)
        if COULEUR.search(re.sub(r"var\(--[\w-]+", "", valeur)) and not (feuille == PAPIER and propriete in jetons)
    ]
    assert libres == []


@pytest.mark.parametrize("feuille", [feuille for feuille in FEUILLES if feuille != JETONS], ids=nom)
def test_un_corps_de_texte_est_un_jeton(feuille):
    """Or a share of the size around it, in `em` or `%`."""
    tailles = [(valeur.split("/")[0], valeur) for propriete, valeur in declarations(feuille) if propriete in CORPS]
    assert [valeur for taille, valeur in tailles if re.search(r"\d(rem|px|pt|ch|vw)\b", taille)] == []


def test_les_corps_de_texte_sont_peu_nombreux():
    assert len({propriete for propriete, _ in declarations(JETONS) if re.match(r"--t-?\d", propriete)}) <= 10


def test_chaque_jeton_est_defini_et_sert():
    """`--pile`, `--col` and the like are set by a component for what it holds: a fallback says what they are."""
    textes = [sans_commentaire(feuille) for feuille in FEUILLES]
    poses = {jeton for texte in textes for jeton in re.findall(r"(--[\w-]+):", texte)}
    lus = {jeton for texte in textes for jeton in re.findall(r"var\((--[\w-]+)\)", texte)}
    lus_au_besoin = {jeton for texte in textes for jeton in re.findall(r"var\((--[\w-]+),", texte)}
    assert lus - poses == set()
    assert poses - lus - lus_au_besoin == set()
