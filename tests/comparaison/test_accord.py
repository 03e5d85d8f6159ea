"""Sources compared and merged by their key: set logic, wherever they stand; by what they are, of before the keys."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from comparaison.accord import noms, partager
from comparaison.contenus import comparer
from comparaison.fusion import reunir
from fiches.gabarits import Nature
from fiches.sources import FORMAT, appels, cles, par_cle, renommer
from fiches.unites import avec, changements
from tests.comparaison.ecrits import contenu, source
from tests.essais import essais

NATURE = Nature.DISPOSITIF
TITRES = {"1": "Rapport annuel", "2": "Guide pratique", "rdv22": "Rencontre", "loi-2016": "Texte officiel"}
CLES = list(TITRES)
SECTIONS = ["description", "cout", "duree"]


def connue(cle: str, **champs: Any) -> dict[str, Any]:
    return source(TITRES[cle], cle=cle, **champs)


@st.composite
def versions(draw, tous=CLES) -> dict[str, Any]:
    """A content whose texts and figures call its sources."""
    siennes = draw(st.lists(st.sampled_from(tous), unique=True, min_size=1))
    appel = st.sampled_from(siennes)
    return contenu(
        *(connue(cle, repere=draw(st.sampled_from(["", "page 1", "page 2"]))) for cle in siennes),
        format=FORMAT,
        chiffres=[
            {"libelle": libelle, "valeur": draw(st.integers(1, 3)), "source": draw(appel)}
            for libelle in draw(st.lists(st.sampled_from(["habitants", "ateliers"]), unique=True))
        ],
        **{
            cle: f"Selon {draw(st.sampled_from('ab'))}.[^{draw(appel)}]"
            for cle in draw(st.sets(st.sampled_from(SECTIONS)))
        },
    )


def permute(tirage, version: dict[str, Any]) -> dict[str, Any]:
    return {**version, "sources": tirage.draw(st.permutations(version["sources"]))}


def dit(version: dict[str, Any]) -> dict[str, Any]:
    return {**version, "sources": par_cle(version["sources"])}


def appelees(version: dict[str, Any]) -> set[str]:
    textes = {cle for texte in version["sections"].values() for cle in appels(texte)}
    return textes | {chiffre["source"] for chiffre in version["chiffres"]}


@essais(200)
@given(versions(), st.data())
def test_deplacer_des_sources_n_est_pas_un_changement(version, tirage):
    deplacee = permute(tirage, version)
    assert changements(NATURE, version, deplacee) == {} and not comparer(NATURE, version, deplacee)


@essais(200)
@given(versions(), versions(), versions(), st.data())
def test_des_sources_deplacees_d_un_cote_ne_changent_rien_a_la_reunion(base, publiee, proposee, tirage):
    droite = reunir(NATURE, base, publiee, proposee)
    for ici, la in ((permute(tirage, publiee), proposee), (publiee, permute(tirage, proposee))):
        fusion = reunir(NATURE, permute(tirage, base), ici, la)
        assert dit(fusion.contenu) == dit(droite.contenu)
        assert fusion.conflits == droite.conflits


@essais(200)
@given(versions(), versions(), versions())
def test_tout_ce_qui_est_appele_apres_la_reunion_y_est(base, publiee, proposee):
    fusion = reunir(NATURE, base, publiee, proposee)
    assert appelees(fusion.contenu) <= set(cles(fusion.contenu))
    assert len(set(cles(fusion.contenu))) == len(cles(fusion.contenu))


@essais(200)
@given(versions(), st.sets(st.sampled_from("XYZ"), min_size=1), st.sets(st.sampled_from("XYZ"), min_size=1))
def test_des_sources_ajoutees_de_chaque_cote_sous_les_memes_cles_sont_toutes_la(base, ici, la):
    def ajouter(titres: set[str], section: str) -> dict[str, Any]:
        neuves = [source(titre, cle=f"n{n}") for n, titre in enumerate(sorted(titres))]
        texte = " ".join(f"{neuve['titre']}.[^{neuve['cle']}]" for neuve in neuves)
        return avec(base, {"sources": [*base["sources"], *neuves], f"section-{section}": texte})

    fusion = reunir(NATURE, base, ajouter(ici, "objectif"), ajouter(la, "ressources"))
    reunies = par_cle(fusion.contenu["sources"])
    assert fusion.conflits == []
    assert sorted(s["titre"] for s in reunies.values() if s["titre"] in "XYZ") == sorted(ici | la)
    for section, titres in (("objectif", ici), ("ressources", la)):
        for phrase in fusion.contenu["sections"][section].split(" "):
            titre, appel = phrase.split(".")
            assert reunies[appel[2:-1]]["titre"] == titre
        assert len(fusion.contenu["sections"][section].split(" ")) == len(titres)


def test_une_source_retiree_d_un_cote_et_appelee_de_l_autre_revient():
    base = contenu(connue("1"), connue("rdv22"), format=FORMAT, description="Selon.[^1]")
    publiee = avec(base, {"sources": [connue("1")]})
    proposee = avec(base, {"section-cout": "Selon.[^rdv22]"})
    for ici, la in ((publiee, proposee), (proposee, publiee)):
        assert cles(reunir(NATURE, base, ici, la).contenu) == ["1", "rdv22"]


def test_une_source_retiree_d_un_cote_et_corrigee_de_l_autre_se_tranche():
    base = contenu(connue("1"), connue("rdv22"), format=FORMAT, description="Selon.[^1]")
    publiee = avec(base, {"sources": [connue("1")]})
    proposee = avec(base, {"sources": [connue("1"), connue("rdv22", repere="page 3")]})
    (rangee,) = reunir(NATURE, base, publiee, proposee).rangees["sources"]
    assert (rangee.numero, rangee.publiee, rangee.proposee["repere"]) == ("rdv22", None, "page 3")


def numerotee(version: dict[str, Any]) -> dict[str, Any]:
    """The same, as it was written when sources were called by their number."""
    ancienne = {**renommer(version, {cle: str(n) for n, cle in enumerate(cles(version), 1)})}
    ancienne["sources"] = [{nom: v for nom, v in s.items() if nom != "cle"} for s in ancienne["sources"]]
    ancienne["chiffres"] = [{**chiffre, "source": int(chiffre["source"])} for chiffre in ancienne["chiffres"]]
    return {cle: v for cle, v in ancienne.items() if cle != "format"}


@essais(200)
@given(versions(), st.data())
def test_deux_anciennes_versions_ou_les_numeros_ont_bouge_se_comparent(version, tirage):
    avant, apres = numerotee(version), numerotee(permute(tirage, version))
    assert not comparer(NATURE, avant, apres)
    assert not comparer(NATURE, avant, permute(tirage, version))
    assert not comparer(NATURE, version, apres)


@essais(200)
@given(versions(), versions(), versions(), st.data())
def test_une_reunion_d_anciennes_versions_dit_la_meme_chose(base, publiee, proposee, tirage):
    """Whatever the format of each side: what is published keeps its keys, and what is added finds one."""
    neuve = reunir(NATURE, base, publiee, proposee)
    fusion = reunir(NATURE, numerotee(base), publiee, numerotee(permute(tirage, proposee)))
    assert sorted(s["titre"] for s in fusion.contenu["sources"]) == sorted(s["titre"] for s in neuve.contenu["sources"])
    assert fusion.conflits == neuve.conflits
    assert set(cles(publiee)) & set(cles(neuve.contenu)) <= set(cles(fusion.contenu))


@essais(200)
@given(versions(), versions(), versions())
def test_accorder_ne_donne_jamais_la_meme_cle_a_deux_sources(base, publiee, proposee):
    for version in partager(numerotee(publiee), numerotee(base), numerotee(proposee)):
        assert len(set(cles(version))) == len(version["sources"])
    connues = noms(publiee, base, identite=True)
    assert len(set(connues.values())) == len(base["sources"])
