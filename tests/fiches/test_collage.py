"""What people paste in a text: lists, tables, addresses, and what is nested too deep."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparaison.textes import comparer_textes
from fiches.rendu import en_html, en_texte

CELLULES = "Jour\tHeures\nLundi\t9 h\nMardi\t14 h"


def sans_blancs(html: str) -> str:
    return re.sub(r"\s*\n\s*", "", html).replace("&nbsp;", "\u00a0")


@pytest.mark.parametrize(
    "colle",
    ["•\tPremier\n•\tSecond", "• Premier\n• Second", "-\tPremier\n-\tSecond", "–\tPremier\n–\tSecond",
     "\uf0b7\tPremier\n\uf0b7\tSecond", "·\u00a0Premier\n·\u00a0Second", "– Premier\n– Second",
     "o\tPremier\no\tSecond"],
)  # fmt: skip
def test_les_puces_d_un_traitement_de_texte_font_une_liste(colle):
    assert sans_blancs(en_html(colle)) == "<ul><li>Premier</li><li>Second</li></ul>"


def test_une_liste_collee_suit_la_phrase_qui_l_annonce():
    html = sans_blancs(en_html("L’équipe compte :\n– une infirmière\n– un médiateur"))
    assert html == "<p>L’équipe compte :</p><ul><li>une infirmière</li><li>un médiateur</li></ul>"


def test_un_tiret_dans_une_phrase_n_est_pas_une_puce():
    assert "<ul>" not in en_html("Le lieu ouvre le soir\n– sauf le lundi – et le samedi.")


def test_des_cellules_separees_de_tabulations_font_un_tableau():
    html = sans_blancs(en_html(f"Ouverture.\n{CELLULES}\nFermé en août."))
    assert html.startswith("<p>Ouverture.</p>") and html.endswith("<p>Fermé en août.</p>")
    assert '<th scope="col">Jour</th><th scope="col">Heures</th>' in html
    assert "<tr><td>Mardi</td><td>14 h</td></tr>" in html
    assert 'role="region" aria-label="Tableau\u00a0: Jour, Heures" tabindex="0"' in html


def test_un_coin_vide_n_est_pas_un_titre_de_colonne():
    assert '<tr><td></td><th scope="col">2024</th></tr>' in sans_blancs(en_html("\t2024\nHabitants\t10"))


@pytest.mark.parametrize("colle", ["Une ligne\tavec une tabulation", "1.\tUn\n2.\tDeux", "a\tb\nc\td\te\tf\tg\th"])
def test_ce_qui_n_est_pas_un_tableau_n_en_devient_pas_un(colle):
    assert "<table>" not in en_html(colle)


def test_un_tableau_de_markdown_garde_ses_liens_et_ses_sources():
    html = en_html("| Lieu | Source |\n| --- | ---: |\n| **Mairie** | [site](https://a.fr)[^1] |", numeros={"1": 1})
    assert "<strong>Mairie</strong>" in html and 'href="https://a.fr"' in html and 'href="#source-1"' in html
    assert "style" not in html


def test_les_mots_d_un_tableau_se_citent_ligne_par_ligne():
    assert en_texte(en_html(CELLULES)) == "Jour · Heures\nLundi · 9 h\nMardi · 14 h"


@pytest.mark.parametrize(
    "ecrit, lien",
    [
        ("Voir https://a.fr/page.", "https://a.fr/page"),
        ("(https://a.fr/x_(y))", "https://a.fr/x_(y)"),
        ("« https://a.fr »", "https://a.fr"),
        ("https://a.fr/un_mot_deux?b=1&c=2[^1]", "https://a.fr/un_mot_deux?b=1&amp;c=2"),
        ("Site : www.a.fr, ouvert", "https://www.a.fr"),
    ],
)
def test_une_adresse_nue_devient_un_lien(ecrit, lien):
    assert f'<a href="{lien}" rel="nofollow ugc noopener">' in en_html(ecrit)


@pytest.mark.parametrize("ecrit", ["x@www.a.fr", "https://", "ahttps://a.fr", "`https://a.fr`", "http : //a.fr"])
def test_ce_qui_n_est_pas_une_adresse_reste_du_texte(ecrit):
    assert "<a " not in en_html(ecrit)


def test_une_adresse_dans_un_lien_n_en_fait_pas_un_second():
    assert en_html("[https://a.fr](https://b.fr) <https://c.fr>").count("<a ") == 2


def test_une_adresse_postale_garde_ses_lignes():
    assert sans_blancs(en_html("Maison de santé\n12 rue du Port\n76000 Rouen")) == (
        "<p>Maison de santé<br>12 rue du Port<br>76000 Rouen</p>"
    )


def test_une_longue_phrase_coupee_par_le_clavier_reste_une_phrase():
    longue = "Le contrat local de santé de la métropole réunit les communes, l’agence\nrégionale et les habitants."
    assert "<br>" not in en_html(longue)


@pytest.mark.parametrize("marque", ["> ", ">", "- ", "1. ", "- > ", "•\t"])
def test_au_dela_d_une_profondeur_les_mots_se_lisent_encore(marque):
    assert "mot gardé" in en_texte(en_html(f"{marque * 60}mot gardé"))


def test_une_liste_en_retrait_tres_profonde_garde_tous_ses_mots():
    texte = "\n".join(f"{'  ' * n}- mot{n}" for n in range(60))
    assert all(f"mot{n}" in en_html(texte) for n in range(60))


@given(st.lists(st.sampled_from(["> ", "- ", "1. ", "  ", "•\t", "| ", "\t", "\n", "\n\n", "# "]), max_size=60))
def test_aucun_mot_ne_disparait(marques):
    """Words, whatever block they are in (a definition of link apart: CommonMark hides it)."""
    texte = "".join(f"{marque}mot{n} " for n, marque in enumerate(marques))
    lu = en_texte(en_html(texte))
    assert all(f"mot{n}" in lu for n in range(len(marques)))


def test_une_rangee_changee_se_lit_seule_dans_les_differences():
    avant = "| Jour | Heures |\n| --- | --- |\n| Lundi | 9 h |\n| Mardi | 14 h |"
    changes = [p for p in comparer_textes(avant, avant.replace("14", "15")) if p.sorte != "inchange"]
    assert len(changes) == 1 and "Lundi" not in "".join(m.vu for m in changes[0].morceaux)
    assert all("---" not in m.vu for p in comparer_textes("", avant) for m in p.morceaux)
