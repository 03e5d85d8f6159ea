import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from comparaison.textes import Effort, Morceau, comparer_lignes, comparer_textes
from fiches.forms import TEXTE_MAX
from tests.essais import essais

QUELCONQUE = st.text(max_size=60)
# Few words, many of the signs that matter: texts that have much in common, and all the traps of Markdown.
MORCEAUX = ["a", "deux", "l’", "l'", "hôpital", "1 584", "13,5 %", "[^1]", "[x](https://a.fr)", "**", "[", "](", ")"]
MORCEAUX += [" ", "\u00a0", "\n", "\n\n", "\r", "\x1e", "- ", "1. ", "## ", ". ", "« ", " »"]
PROCHE = st.lists(st.sampled_from(MORCEAUX), max_size=25).map("".join)
TEXTES = st.one_of(QUELCONQUE, PROCHE)


def morceaux(avant: str, apres: str) -> list[Morceau]:
    return [morceau for passage in comparer_textes(avant, apres) for morceau in passage.morceaux]


def ecrit(avant: str, apres: str) -> str:
    """The comparison as one reads it: [-removed-], {+added+}, a row by line."""
    signes = {"egal": "{}", "retrait": "[-{}-]", "ajout": "{{+{}+}}"}
    return "\n".join(
        "".join(signes[m.sorte].format(re.sub(r"\n+", " ", m.vu).strip("\n")) for m in passage.morceaux).strip()
        for passage in comparer_textes(avant, apres)
    )


@essais(1000)
@given(TEXTES, TEXTES)
@example("\n\na", "a\r\n")
def test_ce_qui_est_garde_et_ajoute_redonne_l_arrivee_le_reste_le_depart(avant, apres):
    assert "".join(m.apres for m in morceaux(avant, apres)) == apres
    assert "".join(m.avant for m in morceaux(avant, apres)) == avant
    for morceau in morceaux(avant, apres):
        assert {"retrait": morceau.apres, "ajout": morceau.avant, "egal": ""}[morceau.sorte] == ""


@essais(500)
@given(TEXTES, TEXTES)
def test_une_valeur_d_une_ligne_se_recompose_aussi(avant, apres):
    lus = comparer_lignes(avant, apres)
    assert ("".join(m.avant for m in lus), "".join(m.apres for m in lus)) == (avant, apres)


@essais(500)
@given(TEXTES)
def test_un_texte_ne_differe_pas_de_lui_meme(texte):
    assert all(passage.sorte == "inchange" for passage in comparer_textes(texte, texte))


@essais(500)
@given(TEXTES, TEXTES)
def test_sans_effort_permis_le_compte_y_est_encore(avant, apres):
    passages = comparer_textes(avant, apres, Effort(0))
    assert "".join(m.apres for passage in passages for m in passage.morceaux) == apres


@essais(500)
@given(TEXTES, TEXTES)
def test_un_changement_montre_toujours_quelque_chose(avant, apres):
    for passage in comparer_textes(avant, apres):
        changes = [m for m in passage.morceaux if m.sorte != "egal"]
        assert bool(changes) == (passage.sorte != "inchange")
        assert all(m.vu.strip() for m in changes)


def test_les_mots_d_une_phrase_changee_se_lisent_par_groupes():
    avant = "Il contribue à deux buts pour les personnes précaires."
    apres = "Il poursuit notamment deux buts pour les personnes en situation de précarité."
    assert ecrit(avant, apres) == (
        "Il [-contribue à-]{+poursuit notamment+} deux buts pour les personnes"
        " [-précaires-]{+en situation de précarité+}."
    )


def test_une_phrase_de_plus_ne_touche_pas_ses_voisines():
    assert ecrit("Un chat dort.", "Un chat dort. Un chien veille.") == "Un chat dort.{+ Un chien veille.+}"


def test_un_paragraphe_de_plus_est_une_ligne_de_plus():
    assert ecrit("Un.\n\nTrois.", "Un.\n\nDeux.\n\nTrois.") == "Un.\n{+Deux. +}\nTrois."


def test_une_puce_changee_ne_touche_que_sa_ligne():
    assert ecrit("- un toit\n- deux euros", "- un toit\n- trois euros") == "• un toit\n• [-deux-]{+trois+} euros"


def test_une_phrase_toute_autre_n_est_pas_emiettee():
    avant, apres = "Le maire ouvre la séance de travail.", "Une équipe soigne dans le quartier depuis 1999, la nuit."
    assert {passage.sorte for passage in comparer_textes(avant, apres)} == {"moins", "plus"}


@pytest.mark.parametrize(
    "avant, apres, attendu",
    [
        ("l’hôpital", "l’accueil", "l’[-hôpital-]{+accueil+}"),
        ("aujourd’hui", "demain", "[-aujourd’hui-]{+demain+}"),
        ("les 1 584 quartiers", "les 1 585 quartiers", "les [-1 584-]{+1 585+} quartiers"),
        ("soit 13,5 % du total", "soit 14 % du total", "soit [-13,5 %-]{+14 %+} du total"),
        ("un lieu médico-social", "un lieu médical", "un lieu [-médico-social-]{+médical+}"),
        ("dit « oui » à tous", "dit « non » à tous", "dit « [-oui-]{+non+} » à tous"),
        ("vu en 2022.[^1]", "vu en 2022.[^2]", "vu en 2022.[-[1]-]{+[2]+}"),
    ],
)
def test_les_mots_francais_restent_entiers(avant, apres, attendu):
    avant, apres = f"Voici {avant} ici et là.", f"Voici {apres} ici et là."
    assert ecrit(avant, apres) == f"Voici {attendu} ici et là."


def test_l_adresse_d_un_lien_qui_change_se_voit():
    avant, apres = "Lire [le guide](https://a.fr/g) en ligne.", "Lire [le guide](https://b.fr/g) en ligne."
    assert ecrit(avant, apres) == "Lire le guide[- (https://a.fr/g)-]{+ (https://b.fr/g)+} en ligne."


def test_le_texte_d_un_lien_qui_change_se_voit():
    avant, apres = "Lire [le guide](https://a.fr) en ligne.", "Lire [le manuel](https://a.fr) en ligne."
    assert ecrit(avant, apres) == "Lire le [-guide-]{+manuel+} (https://a.fr) en ligne."


@pytest.mark.parametrize(
    "avant, apres",
    [
        ("une ligne\ncoupée ici", "une ligne coupée\nici"),
        ("un\n\ndeux", "un\n\n\n\ndeux\n"),
        ("- un\n- deux", "* un\n\n* deux"),
    ],
)
def test_ce_que_le_lecteur_ne_voit_pas_n_est_pas_un_changement(avant, apres):
    assert [passage.sorte for passage in comparer_textes(avant, apres) if passage.sorte != "inchange"] == []


@pytest.mark.parametrize(
    "avant, apres", [("l'eau vive", "l’eau vive"), ("un mot : deux", "un mot\u00a0: deux"), ('dit "a"', "dit “a”")]
)
def test_la_typographie_est_un_petit_changement(avant, apres):
    changes = [m for m in morceaux(avant, apres) if m.sorte != "egal"]
    assert changes and all(m.petit for m in changes)


def test_une_espace_changee_est_nommee():
    changes = [m for m in morceaux("un mot : deux", "un mot\u00a0: deux") if m.sorte != "egal"]
    assert [m.vu for m in changes] == ["espace", "espace insécable"]


def test_le_gras_ajoute_se_voit():
    assert "**" in ecrit("Un mot fort ici.", "Un mot **fort** ici.")


def test_un_appel_de_source_se_lit_par_sa_cle():
    (passage,) = comparer_textes("Vu.[^1] Lu.[^rdv22]", "Vu.[^1] Lu.[^rdv22]")
    assert [(m.sorte, m.vu) for m in passage.morceaux] == [("egal", "Vu.[1] Lu.[rdv22]")]


def test_les_mots_se_comptent_sans_la_ponctuation():
    (change,) = [m for m in morceaux("Un chat dort.", "Un chat dort. Un chien « veille ».") if m.sorte != "egal"]
    assert change.mots == 3


def _alterne(marque: str, nombre: int, fin: str = " ") -> str:
    return fin.join(f"x{i} {marque}{i}" for i in range(nombre))


@pytest.mark.parametrize(
    "avant, apres",
    [
        ("a " * TEXTE_MAX, "a " * 9_950 + "b " * TEXTE_MAX),
        ("a b " * TEXTE_MAX, "b a " * TEXTE_MAX),
        ("a\n\n" * TEXTE_MAX, "b\n\n" + "a\n\n" * 6_000 + "c\n\n" * TEXTE_MAX),
        ("a. " * TEXTE_MAX, "b. " + "a. a. b. " * TEXTE_MAX),
        (_alterne("y", TEXTE_MAX), _alterne("z", TEXTE_MAX)),
        (_alterne("y", 700), _alterne("z", 700)),
        (_alterne("y", 70, ". ") * 30, _alterne("z", 70, ". ") * 30),
        ("[" * TEXTE_MAX, "](" * TEXTE_MAX),
        ("[a](" * TEXTE_MAX, "[a]((b)" * TEXTE_MAX),
        ("1 111 " * TEXTE_MAX, "1,1." * TEXTE_MAX),
        ("", "- a\n" * TEXTE_MAX),
    ],
    ids=["même mot", "deux mots", "blocs", "phrases", "un mot sur deux", "limite", "mêlé", *"[(1-"],
)
def test_un_texte_hostile_n_occupe_pas_le_serveur(avant, apres):
    debut = time.process_time()
    passages = comparer_textes(avant[:TEXTE_MAX], apres[:TEXTE_MAX])
    assert time.process_time() - debut < 1  # measured: 0.12 s at worst; the margin is for loaded machines
    assert len(passages) < 500
