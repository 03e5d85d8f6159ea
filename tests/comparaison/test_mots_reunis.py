"""Two rewritings of one sentence put together word by word, where they do not touch the same words."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparaison.fusion import _en_mots, reunir_mots
from tests.essais import essais

MOTS = st.lists(
    st.sampled_from(["deux ", "trois ", "ateliers ", "par ", "semaine", "mois", ", ", "infirmière ", ". ", "\n\n- "]),
    max_size=12,
).map("".join)
OUVERT = "Le lieu ouvre deux après-midi par semaine, avec une infirmière.[^1]"


@pytest.mark.parametrize(
    "base, publiee, proposee, reunis",
    [
        (OUVERT, OUVERT.replace("deux", "trois"), OUVERT.replace("infirmière", "médiatrice"),
         "Le lieu ouvre trois après-midi par semaine, avec une médiatrice.[^1]"),
        ("Ouvert lundi et mardi.", "Ouvert lundi et jeudi.", "Fermé lundi et mardi.", "Fermé lundi et jeudi."),
        ("Un. Dix euros par an. Fin.", "Un. Quinze euros par an. Fin.", "Un. Dix euros par mois. La fin.",
         "Un. Quinze euros par mois. La fin."),
        (OUVERT, OUVERT, OUVERT.replace("deux", "six"), OUVERT.replace("deux", "six")),
    ],
)  # fmt: skip
def test_deux_changements_d_autres_mots_se_reunissent(base, publiee, proposee, reunis):
    assert reunir_mots(base, publiee, proposee) == reunir_mots(base, proposee, publiee) == reunis


@pytest.mark.parametrize(
    "base, publiee, proposee",
    [
        ("Dix euros.", "Quinze euros.", "Vingt euros."),
        ("Une phrase.", "Une phrase publiée.", "Une phrase proposée."),
        (OUVERT, OUVERT.replace("deux", "trois"), "Une équipe mobile passe avec une infirmière."),
        (OUVERT, "", OUVERT.replace("deux", "trois")),
        ("", "Une phrase.", "Une autre."),
        ("De la part de la ville.", "Pour la santé de chacun ici.", "Avec le soin de la région entière."),
    ],
)
def test_des_mots_qui_se_chevauchent_ne_se_reunissent_pas(base, publiee, proposee):
    assert reunir_mots(base, publiee, proposee) == reunir_mots(base, proposee, publiee) == ""


@given(st.text(alphabet="ab.!? \n-*[^1]()é\u00a0", max_size=60))
def test_les_mots_mis_bout_a_bout_redonnent_le_texte(texte):
    assert "".join(_en_mots(texte)) == texte


@essais(500)
@given(MOTS, MOTS, MOTS)
def test_ce_qui_est_reuni_garde_les_changements_des_deux_cotes(base, publiee, proposee):
    reunis = reunir_mots(base, publiee, proposee)
    if not reunis:
        return
    avant, ici, la, apres = (Counter(_en_mots(texte)) for texte in (base, publiee, proposee, reunis))
    for cote, texte in ((ici, proposee), (la, publiee)):
        assert set(cote - avant) <= set(apres)  # what a side added is there
        restants = iter(_en_mots(base))
        if all(mot in restants for mot in _en_mots(texte)):  # the other side moved and added nothing
            assert not {mot for mot in avant if not cote[mot]} & set(apres)  # what it took away does not come back
    assert set(apres) <= set(avant) | set(ici) | set(la)


@given(MOTS, MOTS)
def test_un_cote_qui_n_a_rien_change_laisse_l_autre_tel_quel(base, autre):
    assert reunir_mots(base, base, autre) == reunir_mots(base, autre, base) == autre
