"""The elements of a printed document: every word of a section, in its order, whatever stands in what."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiches.rendu import en_html
from panorama.elements import lire as lire_elements
from panorama.impression import Genre
from tests.factories import fiche_dispositif


@pytest.mark.parametrize(
    "ecrit, lu",
    [
        ("Un.\n\nDeux.", [(Genre.TEXTE, ["Un.", "Deux."])]),
        ("- un\n- deux", [(Genre.PUCES, ["un", "deux"])]),
        ("1. un\n   - sous\n   - autre\n2. deux", [(Genre.NUMEROS, ["un\n– sous\n– autre", "deux"])]),
        ("## Titre\n\nSuite **grasse**.[^1]", [(Genre.TITRE, ["Titre"]), (Genre.TEXTE, ["Suite grasse.\u00a0[1]"])]),
        ("Un [guide](https://exemple.fr/g).", [(Genre.TEXTE, ["Un guide (https://exemple.fr/g)."])]),
        ("[Ici](/dispositifs/clsm/)", [(Genre.TEXTE, ["Ici"])]),
        ("<https://exemple.fr/g>", [(Genre.TEXTE, ["https://exemple.fr/g"])]),
        ("> Cité.\n\nAprès\u00a0: &amp; <b>", [(Genre.TEXTE, ["Cité.", "Après\u00a0: &amp; <b>"])]),
        ("- un\n\n  suite\n- deux", [(Genre.PUCES, ["un\nsuite", "deux"])]),
        ("", []),
        ("- - un\n  - deux", [(Genre.PUCES, ["– un\n– deux"])]),
        ("1. - un\n\n     suite\n2. deux", [(Genre.NUMEROS, ["– un\nsuite", "deux"])]),
        ("    code\n\nSuite.", [(Genre.TEXTE, ["code", "Suite."])]),
        ("## Titre\n\n    code\n\n- un", [(Genre.TITRE, ["Titre"]), (Genre.TEXTE, ["code"]), (Genre.PUCES, ["un"])]),
        ("Avant.\n\n```\ncode\n```", [(Genre.TEXTE, ["Avant.", "code"])]),
        (
            "- un\n\n  | a |\n  |---|\n  | b |\n\n  suite\n- deux",
            [(Genre.PUCES, ["un"]), (Genre.TABLEAU, []), (Genre.PUCES, ["suite", "deux"])],
        ),
        (
            "1. un\n   | a |\n   |---|\n   | b |\n2. deux",
            [(Genre.NUMEROS, ["un"]), (Genre.TABLEAU, []), (Genre.NUMEROS, ["deux"])],
        ),
    ],
)
def test_une_section_se_lit_en_elements(ecrit, lu):
    html = en_html(ecrit, numeros={"1": 1})
    assert [(element.genre, element.lignes) for element in lire_elements(html)] == lu


def _emboiter(blocs: list[str], marque: str) -> str:
    suite = "> " if marque == "> " else " " * len(marque)
    return marque + "\n\n".join(blocs).replace("\n", f"\n{suite}")


BLOCS = st.recursive(
    st.sampled_from(
        ["mot", "## mot", "```\nmot\n```", "| mot | mot |\n|---|---|\n| mot | mot |", "|  |\n|---|\n| mot |", "---"]
    ),
    lambda blocs: st.builds(_emboiter, st.lists(blocs, min_size=1, max_size=3), st.sampled_from(["- ", "1. ", "> "])),
    max_leaves=8,
)


@given(st.lists(BLOCS, max_size=4))
def test_aucun_mot_d_une_section_ne_se_perd(blocs):
    html = en_html("\n\n".join(blocs))
    lus = [[e.lignes, [*e.colonnes], e.rangees if e.genre == Genre.TABLEAU else []] for e in lire_elements(html)]
    assert str(lus).count("mot") == re.sub(r"<[^>]*>", "", html).count("mot")
    assert all(e.genre == Genre.TABLEAU or not (e.colonnes or e.rangees) for e in lire_elements(html))
    assert all(e.genre != Genre.TABLEAU or not e.lignes for e in lire_elements(html))


@pytest.mark.django_db
@pytest.mark.parametrize("forme", ["", "pdf", "docx"])
@pytest.mark.parametrize(
    "ecrit", ["- un\n\n  | a |\n  |---|\n  | b |\n\n  suite\n- deux", "|  |  |\n|---|---|\n| un | deux |", "    deux"]
)
def test_une_section_emboitee_se_lit_et_s_emporte(client, ecrit, forme):
    fiche_dispositif(slug="emboite", sections={"description": ecrit})
    reponse = client.get("/dossier/", {"f": "dispositifs/emboite", "format": forme})
    assert reponse.status_code == 200
    if not forme:
        assert "deux" in reponse.text and '<th scope="col"></th>' not in reponse.text


def test_un_tableau_garde_ses_entetes():
    (tableau,) = lire_elements(
        "<table><thead><tr><th>Quoi</th><th>Combien</th></tr></thead>"
        "<tbody><tr><td>Poste</td><td>63 000 €<sup>2</sup></td></tr></tbody></table>"
    )
    assert (tableau.genre, tableau.colonnes) == (Genre.TABLEAU, ["Quoi", "Combien"])
    assert tableau.rangees == [[["Poste"], ["63 000 €\u00a0[2]"]]]
