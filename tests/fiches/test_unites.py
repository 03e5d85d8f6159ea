import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiches.gabarits import Nature
from fiches.unites import avec, changements, unites

CLES = {nature: [unite.cle for unite in unites(nature)] for nature in Nature}
TEXTE = st.text(alphabet="aé ’\n[^1]", max_size=8)


@st.composite
def contenus(draw, nature: Nature) -> dict:
    sections = {c.removeprefix("section-"): draw(TEXTE) for c in CLES[nature] if c.startswith("section-")}
    champs = {cle: draw(TEXTE) for cle in CLES[nature] if not cle.startswith("section-")}
    champs["sources"] = [{"cle": cle, "titre": draw(TEXTE)} for cle in sorted(draw(st.sets(st.sampled_from("123"))))]
    return {**champs, "sections": {cle: texte for cle, texte in sections.items() if texte}}


@pytest.mark.parametrize("nature", Nature)
@given(data=st.data())
def test_les_changements_portes_sur_le_depart_donnent_l_arrivee(nature, data):
    avant, apres = data.draw(contenus(nature)), data.draw(contenus(nature))
    assert avec(avant, changements(nature, avant, apres)) == apres


@pytest.mark.parametrize("nature", Nature)
@given(data=st.data())
def test_rien_ne_change_de_soi_a_soi(nature, data):
    contenu = data.draw(contenus(nature))
    assert changements(nature, contenu, contenu) == {}


def test_une_source_deplacee_n_est_pas_un_changement():
    sources = [{"cle": "rdv22", "titre": "A"}, {"cle": "2", "titre": "B"}]
    assert changements(Nature.ACTION, {"sources": sources}, {"sources": sources[::-1]}) == {}
    autres = [{"cle": "2", "titre": "A"}, {"cle": "rdv22", "titre": "B"}]
    assert changements(Nature.ACTION, {"sources": sources}, {"sources": autres}) == {"sources": autres}


def test_une_section_videe_disparait():
    assert avec({"sections": {"cout": "12 €"}}, {"section-cout": ""}) == {"sections": {}}
