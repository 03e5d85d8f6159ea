"""Each pair of tokens that the sheets put together, in both themes: WCAG 1.4.3 for texts, 1.4.11 for states.

(tests/navigateur/contraste.py measures what is painted, on the pages it opens; here is what any page could paint.)
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from tests.maison.test_feuilles import FEUILLES, JETONS, PAPIER, declarations, nom, sans_commentaire

THEMES = ("clair", "sombre")
FONDS = ("--fond", "--surface", "--creux")  # what has no ground of its own stands on one of these
BANDES = ("--marque", "--marque-2")  # the dark bands, and what one points at in them
TRAITS = ("border", "box-shadow", "outline", "accent-color")
DECOR = {"--trait", "--creux", "--mimosa"}  # what only separates or adorns says nothing
JETON = r"var\((--[\w-]+)"
VALEURS = dict(declarations(JETONS))
ECRAN = [feuille for feuille in FEUILLES if feuille not in (JETONS, PAPIER)]
# `--n`, `--n-fond`, `--c`: what a component lends its parts. Those of a sheet, or else of whichever sheet lends it.
PRETES: dict[tuple[Path | None, str], list[str]] = defaultdict(list)
for feuille in ECRAN:
    for prete, jeton in re.findall(rf"(--[a-z-]+): {JETON}\);", sans_commentaire(feuille)):
        if prete not in VALEURS:
            PRETES[feuille, prete].append(jeton)
            PRETES[None, prete].append(jeton)


def couleur(jeton: str, theme: str) -> bytes:
    """Return the red, green and blue of a token."""
    valeur = VALEURS[jeton]
    if autre := re.fullmatch(rf"{JETON}\)", valeur):
        return couleur(autre[1], theme)
    deux = re.fullmatch(r"light-dark\((#\w+), (#\w+)\)", valeur)
    chiffres = (deux[1 + THEMES.index(theme)] if deux else valeur).removeprefix("#")
    return bytes.fromhex(chiffres if len(chiffres) == 6 else "".join(2 * chiffre for chiffre in chiffres))


def est_une_couleur(jeton: str) -> bool:
    return VALEURS.get(jeton, "").startswith(("#", "light-dark(", "var("))


def clarte(jeton: str, theme: str) -> float:
    """Return the relative luminance of WCAG 2.1."""
    parts = [part / 255 for part in couleur(jeton, theme)]
    rouge, vert, bleu = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * rouge + 0.7152 * vert + 0.0722 * bleu


def contraste(un: str, autre: str, theme: str) -> float:
    faible, fort = sorted((clarte(un, theme), clarte(autre, theme)))
    return (fort + 0.05) / (faible + 0.05)


def regles() -> Iterator[tuple[Path, str, dict[str, str]]]:
    """Yield each rule of the sheets of the screen: its sheet, its selector, its declarations."""
    for feuille in ECRAN:
        for selecteur, corps in re.findall(r"([^{};]+)\{([^{}]*)\}", sans_commentaire(feuille)):
            yield feuille, " ".join(selecteur.split()), dict(re.findall(r"([\w-]+)\s*:\s*([^;]+);", corps))


def jetons_de(feuille: Path, jeton: str) -> list[str]:
    return PRETES.get((feuille, jeton)) or PRETES.get((None, jeton)) or [jeton]


def fonds_de(jeton: str) -> tuple[str, ...]:
    return BANDES if jeton.startswith("--sur-marque") else FONDS


def textes() -> dict[tuple[str, str], str]:
    """Return the pairs (colour of a text, ground) of the sheets, and where the first of each is."""
    paires: dict[tuple[str, str], str] = {}
    for feuille, selecteur, declare in regles():
        encre = re.match(JETON, declare.get("color", ""))
        if not encre:
            continue
        encres = jetons_de(feuille, encre[1])
        fond = re.match(JETON, declare.get("background", ""))
        fonds = jetons_de(feuille, fond[1]) if fond else []
        if fond and len(encres) == len(fonds):  # lent together
            ensemble = list(zip(encres, fonds, strict=True))
        elif fond:
            ensemble = list(product(encres, fonds))
        else:
            ensemble = [(encre, dessous) for encre in encres for dessous in fonds_de(encre)]
        for paire in ensemble:
            paires.setdefault(paire, f"{nom(feuille)}: {selecteur}")
    return paires


def signes() -> dict[str, str]:
    """Return what borders, rings and strokes are drawn in, and where first; but for those of their own ground."""
    traces: dict[str, str] = {}
    for feuille, selecteur, declare in regles():
        valeurs = [v for propriete, v in declare.items() if propriete.startswith(TRAITS) and "radius" not in propriete]
        for jeton in re.findall(JETON, " ".join(valeurs)):
            if jeton in declare.get("background", ""):
                continue
            for trace in jetons_de(feuille, jeton):
                if est_une_couleur(trace) and trace not in DECOR:
                    traces.setdefault(trace, f"{nom(feuille)}: {selecteur}")
    return traces


@pytest.mark.parametrize("theme", THEMES)
def test_chaque_texte_se_lit_sur_chaque_fond_ou_il_est_ecrit(theme):
    paires = textes()
    assert {("--encre-2", "--surface"), ("--sur-marque", "--marque-2"), ("--n-local", "--n-local-fond")} <= set(paires)
    pales = {
        f"{encre} sur {fond} ({ou})": round(rapport, 2)
        for (encre, fond), ou in paires.items()
        if (rapport := contraste(encre, fond, theme)) < 4.5
    }
    assert pales == {}


@pytest.mark.parametrize("theme", THEMES)
def test_ce_qui_dit_un_etat_se_voit_sur_chaque_fond(theme):
    """Current, chosen, wrong, focused, filled."""
    traces = signes()
    assert {"--trait-fort", "--actif", "--rouge", "--halo"} <= set(traces)
    pales = {
        f"{signe} sur {fond} ({ou})": round(rapport, 2)
        for signe, ou in traces.items()
        for fond in fonds_de(signe)
        if (rapport := contraste(signe, fond, theme)) < 3
    }
    assert pales == {}


@pytest.mark.parametrize("theme", THEMES)
def test_ce_qui_est_trace_sur_les_bandes_sombres_s_y_voit(theme):
    assert all(contraste(signe, bande, theme) >= 3 for signe in ("--mimosa", "--sur-marque") for bande in BANDES)


def test_une_jauge_se_remplit_d_une_couleur_qui_dit_un_etat():
    remplies = [
        declare["background"] for _, selecteur, declare in regles() if re.search("-value|-moz-.*-bar", selecteur)
    ]
    assert remplies and {re.match(JETON, remplie)[1] for remplie in remplies} <= set(signes())


def test_l_indication_d_un_champ_a_sa_couleur():
    """Without one, browsers write it in a grey of their own, whatever the theme."""
    indications = [declare for _, selecteur, declare in regles() if selecteur.endswith("::placeholder")]
    assert [(i["color"], i["opacity"]) for i in indications] == [("var(--encre-2)", "1")]
