import re
from time import perf_counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from comparaison.fusion import Conflit, en_phrases, reunir, trois_voies
from fiches.sources import actuel, renommer, sans_cle
from fiches.unites import avec
from tests.comparaison.ecrits import SECTIONS, contenu, source
from tests.essais import essais

PHRASES = st.lists(st.sampled_from(["Un. ", "Deux ! ", "Trois[^1]. ", "Quatre[^2]. ", "Cinq.\n\n"]), max_size=5)


@st.composite
def contenus(draw) -> dict:
    titres = draw(st.lists(st.sampled_from("ABCDE"), unique=True, min_size=2, max_size=4))
    return contenu(
        *(source(titre, repere=draw(st.sampled_from(["", "début", "fin"]))) for titre in titres),
        titre=draw(st.sampled_from(["ASV", "Atelier"])),
        themes=draw(st.lists(st.sampled_from(["logement", "climat", "soins"]), unique=True)),
        chiffres=[
            {"libelle": libelle, "valeur": draw(st.integers(1, 3)), "source": draw(st.integers(1, 2))}
            for libelle in draw(st.lists(st.sampled_from(["habitants", "ateliers"]), unique=True))
        ],
        **{cle: texte for cle in SECTIONS[:3] if (texte := "".join(draw(PHRASES)))},
    )


def lisible(contenu: dict) -> dict:
    """The content as a reader sees it: sources known by what they are, whatever their order and number."""
    contenu = actuel(contenu)
    titres = {source["cle"]: sans_cle(source)["titre"].lower() for source in contenu["sources"]}
    return {
        **renommer(contenu, titres),
        "sources": sorted(str(sans_cle(source)) for source in contenu["sources"]),
        "themes": sorted(contenu["themes"]),
    }


@given(contenus(), contenus())
def test_sans_autre_version_la_proposition_passe_telle_quelle(base, proposee):
    fusion = reunir("dispositif", base, base, proposee)
    assert fusion.conflits == [] and lisible(fusion.contenu) == lisible(proposee)


@given(contenus(), contenus())
def test_une_proposition_sans_changement_ne_touche_a_rien(base, publiee):
    assert reunir("dispositif", base, publiee, base).contenu == actuel(publiee)


@given(contenus(), contenus())
def test_la_meme_proposition_deja_publiee_ne_fait_pas_conflit(base, proposee):
    fusion = reunir("dispositif", base, proposee, proposee)
    assert fusion.conflits == [] and lisible(fusion.contenu) == lisible(proposee)


def vu(contenu: dict, cle: str) -> object:
    """A unit as a reader sees it: source calls replaced by the titles of the sources."""
    contenu = actuel(contenu)
    section = cle.removeprefix("section-")
    brut = contenu["sections"].get(section, "") if section != cle else contenu[cle]
    titres = {source["cle"]: source["titre"] for source in contenu["sources"]}
    if cle == "chiffres":
        return [{**ligne, "source": titres[ligne["source"]]} for ligne in brut]
    return re.sub(r"\[\^(\d)\]", lambda a: titres[a[1]], brut) if isinstance(brut, str) else brut


@essais(200)
@given(contenus(), contenus(), contenus())
def test_une_unite_en_conflit_reste_comme_elle_est_publiee(base, publiee, proposee):
    fusion = reunir("dispositif", base, publiee, proposee)
    # A source that the proposition corrects is corrected wherever it is called: another question.
    assume(fusion.contenu["sources"][: len(publiee["sources"])] == actuel(publiee)["sources"])
    for cle in set(fusion.conflits) - set(fusion.rangees):  # lists: test_listes.py
        assert vu(fusion.contenu, cle) == vu(publiee, cle)


@essais(300)
@given(contenus(), st.lists(PHRASES, min_size=4, max_size=4), st.booleans())
def test_des_propositions_sur_des_sections_differentes_commutent(base, phrases, avec_source):
    une = avec(base, {"section-objectif": "".join(phrases[0]), "section-description": "".join(phrases[1])})
    autre = avec(base, {"section-cout": "".join(phrases[2]), "section-duree": "".join(phrases[3]) + "Fin.[^1]"})
    if avec_source:  # each brings a source of its own, under the same number
        n = len(base["sources"]) + 1
        une = avec(une, {"sources": [*base["sources"], source("X")], "section-objectif": f"Selon X.[^{n}]"})
        autre = avec(autre, {"sources": [*base["sources"], source("Y")], "section-cout": f"Selon Y.[^{n}]"})
    fusions = []
    for premiere, seconde in ((une, autre), (autre, une)):
        etape = reunir("dispositif", base, base, premiere)
        fusions.append(reunir("dispositif", base, etape.contenu, seconde))
    assert [f.conflits for f in fusions] == [[], []]
    assert lisible(fusions[0].contenu) == lisible(fusions[1].contenu)


@given(st.text(alphabet="ab.!?… \n\u00a0\ue000\ue001[^1]é", max_size=60))
def test_les_phrases_mises_bout_a_bout_redonnent_le_texte(texte):
    assert "".join(en_phrases(texte)) == texte


@essais(500)
@given(*[st.lists(st.sampled_from("abcdef"), max_size=7)] * 3)
def test_ce_que_chaque_cote_apporte_de_neuf_est_dans_la_reunion(origine, ici, la):
    try:
        reuni = trois_voies(origine, ici, la)
    except Conflit:
        return
    assert set(reuni) >= (set(ici) | set(la)) - set(origine)


def test_deux_phrases_differentes_de_la_meme_section_se_rejoignent():
    base = contenu(source("A"), description="Un début. Un milieu. Une fin.")
    publiee = avec(base, {"section-description": "Un autre début. Un milieu. Une fin."})
    proposee = avec(base, {"section-description": "Un début. Un milieu. Une autre fin."})
    fusion = reunir("dispositif", base, publiee, proposee)
    assert fusion.contenu["sections"]["description"] == "Un autre début. Un milieu. Une autre fin."
    assert fusion.reunies == ["section-description"]


def test_la_meme_phrase_recrite_deux_fois_est_un_conflit():
    base = contenu(source("A"), description="Une phrase.")
    publiee = avec(base, {"section-description": "Une phrase publiée."})
    proposee = avec(base, {"section-description": "Une phrase proposée."})
    fusion = reunir("dispositif", base, publiee, proposee)
    assert fusion.conflits == ["section-description"] and fusion.contenu == actuel(publiee)


def test_une_source_ajoutee_de_chaque_cote_garde_ses_appels():
    base = contenu(source("A"), description="Selon A.[^1]")
    publiee = avec(base, {"sources": [source("A"), source("B")], "section-cout": "Selon B.[^2]"})
    proposee = avec(base, {"sources": [source("A"), source("C")], "section-duree": "Selon C.[^2] et A.[^1]"})
    fusion = reunir("dispositif", base, publiee, proposee).contenu
    assert [s["titre"] for s in fusion["sources"]] == ["A", "B", "C"]
    assert fusion["sections"] == {
        "description": "Selon A.[^1]",
        "cout": "Selon B.[^2]",
        "duree": "Selon C.[^3] et A.[^1]",
    }


def test_une_source_corrigee_d_un_cote_reste_appelee_de_l_autre():
    base = contenu(source("A", url="https://a.fr"), source("B"), description="Selon A.[^1]")
    publiee = avec(
        base, {"sources": [source("B"), source("A bis", url="https://a.fr")], "section-description": "Selon A.[^2]"}
    )
    proposee = avec(base, {"section-cout": "Toujours A.[^1]"})
    fusion = reunir("dispositif", base, publiee, proposee).contenu
    assert fusion["sections"]["cout"] == "Toujours A.[^2]" and len(fusion["sources"]) == 2


def test_une_source_retiree_mais_appelee_par_la_proposition_revient():
    base = contenu(source("A"), source("B"), description="Selon A.[^1] Selon B.[^2]")
    publiee = avec(base, {"sources": [source("A")], "section-description": "Selon A.[^1] "})
    proposee = avec(base, {"section-cout": "Selon B.[^2]"})
    fusion = reunir("dispositif", base, publiee, proposee).contenu
    assert [s["titre"] for s in fusion["sources"]] == ["A", "B"] and fusion["sections"]["cout"] == "Selon B.[^2]"


@pytest.mark.parametrize("champ", ["titre", "resume"])
def test_un_champ_change_des_deux_cotes_est_un_conflit(champ):
    base = contenu(source("A"))
    fusion = reunir("dispositif", base, {**base, champ: "Ici"}, {**base, champ: "Là"})
    assert fusion.conflits == [champ] and fusion.contenu[champ] == "Ici"


def test_les_themes_ajoutes_de_chaque_cote_s_ajoutent():
    base = contenu(source("A"), themes=["soins"])
    fusion = reunir("dispositif", base, {**base, "themes": ["soins", "climat"]}, {**base, "themes": ["logement"]})
    assert fusion.contenu["themes"] == ["climat", "logement"]


def test_un_texte_fait_pour_occuper_le_serveur_est_un_conflit():
    """Ten thousand times the same sentence: comparing took a minute."""
    base, ici, la = ({"sections": {"cout": f"{debut}{'a.' * 9_999}"}} for debut in ("", "b.", "c."))
    debut = perf_counter()
    assert reunir("dispositif", base, ici, la).conflits == ["section-cout"]
    assert perf_counter() - debut < 5
