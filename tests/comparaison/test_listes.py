"""Lists merged row by row: nothing of either side goes without a choice."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparaison.fusion import Fusion, reunir
from comparaison.listes import PROPOSEE, PUBLIEE, Tranche, reunir_listes
from fiches.sources import FORMAT
from fiches.unites import avec
from tests.comparaison.ecrits import contenu, source
from tests.essais import essais

ECRITE = {"libelle": "écrite", "valeur": 99, "source": "1"}
TRANCHES: list[Tranche] = [(PUBLIEE,), (PROPOSEE,), (PUBLIEE, PROPOSEE), (), (ECRITE,)]
ENVERS: dict[Any, str] = {PUBLIEE: PROPOSEE, PROPOSEE: PUBLIEE}


def chiffre(libelle: str, valeur: int, cle: str = "1") -> dict[str, Any]:
    return {"libelle": libelle, "valeur": valeur, "source": cle}


def chiffree(*chiffres: dict[str, Any]) -> dict[str, Any]:
    """Return a content of one source, which gives these figures."""
    return contenu(source("A", cle="1"), chiffres=list(chiffres), format=FORMAT)


@st.composite
def recritures(draw) -> tuple[dict, dict, dict]:
    """A list, and two rewritings of it: rows kept, changed, taken away, added."""
    libelles = draw(st.lists(st.sampled_from("abcd"), unique=True, min_size=1))

    def recrire(cote: str) -> list[dict[str, Any]]:
        lignes = []
        for libelle in libelles:
            geste = draw(st.sampled_from(["garder", "changer", "retirer"]))
            if geste != "retirer":
                lignes.append(chiffre(libelle, 0 if geste == "garder" else draw(st.integers(1, 3))))
        return lignes + [chiffre(f"{cote}-{n}", n) for n in range(draw(st.integers(0, 2)))]

    base = chiffree(*(chiffre(libelle, 0) for libelle in libelles))
    return base, avec(base, {"chiffres": recrire("ici")}), avec(base, {"chiffres": recrire("la")})


def lignes(*listes: list[dict[str, Any] | None]) -> Counter[str]:
    return Counter(str(sorted(ligne.items())) for liste in listes for ligne in liste if ligne)


def conflits(fusion: Fusion) -> list:
    return fusion.rangees.get("chiffres", [])


@essais(150)
@given(recritures())
def test_aucune_ligne_d_un_cote_ne_se_perd_sans_choix(versions):
    base, publiee, proposee = versions
    fusion = reunir("dispositif", base, publiee, proposee)
    vues = lignes(fusion.contenu["chiffres"], *([*r.cotes] for r in conflits(fusion)))
    for cote in (publiee, proposee):
        ecrites = lignes(cote["chiffres"]) - lignes(base["chiffres"])
        assert not ecrites - vues


@essais(150)
@given(recritures())
def test_ce_qui_est_en_conflit_reste_publie_tant_que_personne_n_a_choisi(versions):
    fusion = reunir("dispositif", *versions)
    assert not lignes([r.publiee for r in conflits(fusion)]) - lignes(fusion.contenu["chiffres"])
    assert (fusion.conflits == ["chiffres"]) == bool(conflits(fusion))


@essais(150)
@given(recritures(), st.data())
def test_un_choix_donne_exactement_les_lignes_choisies(versions, tirage):
    base, publiee, proposee = versions
    avant = reunir("dispositif", base, publiee, proposee)
    choix = {r.numero: tirage.draw(st.sampled_from(TRANCHES)) for r in conflits(avant)}
    apres = reunir("dispositif", base, publiee, proposee, choix={"chiffres": choix})
    assert apres.conflits == [] and apres.rangees == {}
    attendues = lignes(avant.contenu["chiffres"]) - lignes([r.publiee for r in conflits(avant)])
    for rangee in conflits(avant):
        cotes = {PUBLIEE: rangee.publiee, PROPOSEE: rangee.proposee}
        attendues += lignes([cotes[x] if isinstance(x, str) else x for x in choix[rangee.numero]])
    assert lignes(apres.contenu["chiffres"]) == attendues


@essais(150)
@given(recritures(), st.data())
def test_publier_l_un_puis_l_autre_ou_l_inverse_revient_au_meme(versions, tirage):
    base, une, autre = versions
    fusion = reunir("dispositif", base, une, autre)
    choix = {r.numero: tirage.draw(st.sampled_from(TRANCHES)) for r in conflits(fusion)}
    envers = {n: tuple(ENVERS[x] if isinstance(x, str) else x for x in t) for n, t in choix.items()}
    endroit = reunir("dispositif", base, une, autre, choix={"chiffres": choix})
    renverse = reunir("dispositif", base, autre, une, choix={"chiffres": envers})
    assert lignes(endroit.contenu["chiffres"]) == lignes(renverse.contenu["chiffres"])


def test_les_lignes_sans_conflit_se_reunissent_a_cote_de_celle_qui_en_a_un():
    base = chiffree(chiffre("habitants", 10), chiffre("ateliers", 2))
    publiee = chiffree(chiffre("habitants", 11), chiffre("ateliers", 2), chiffre("équipes", 1))
    proposee = chiffree(chiffre("habitants", 12), chiffre("ateliers", 3))
    fusion = reunir("dispositif", base, publiee, proposee)
    assert fusion.contenu["chiffres"] == [chiffre("habitants", 11), chiffre("ateliers", 3), chiffre("équipes", 1)]
    (rangee,) = fusion.rangees["chiffres"]
    assert [cote["valeur"] for cote in rangee.cotes] == [10, 11, 12]


@pytest.mark.parametrize("tranche, attendus", [((PUBLIEE,), []), ((PROPOSEE,), [chiffre("habitants", 12)])])
def test_une_ligne_retiree_d_un_cote_et_changee_de_l_autre_se_tranche(tranche, attendus):
    base, publiee = chiffree(chiffre("habitants", 10)), chiffree()
    proposee = chiffree(chiffre("habitants", 12))
    assert reunir("dispositif", base, publiee, proposee).rangees["chiffres"][0].publiee is None
    fusion = reunir("dispositif", base, publiee, proposee, choix={"chiffres": {"0": tranche}})
    assert fusion.contenu["chiffres"] == attendus


def test_une_source_corrigee_des_deux_cotes_se_tranche_et_reste_appelee():
    avant, ici, la = (source("A", cle="1", url="https://a.fr", repere=repere) for repere in ("", "page 1", "page 2"))
    base = contenu(avant, source("B", cle="2"), format=FORMAT, description="Selon A.[^1] Selon B.[^2]")
    publiee = avec(base, {"sources": [ici, source("B", cle="2")]})
    proposee = avec(
        base, {"sources": [la, source("B", cle="2"), source("C", cle="3")], "section-cout": "Selon C.[^3] et A.[^1]"}
    )
    ecrite = source("A, troisième édition", cle="1", url="https://a.fr/3")
    for tranche, attendue in (((PUBLIEE,), ici), ((PROPOSEE,), la), ((ecrite,), ecrite)):
        fusion = reunir("dispositif", base, publiee, proposee, choix={"sources": {"1": tranche}})
        assert fusion.contenu["sources"] == [attendue, source("B", cle="2"), source("C", cle="3")]
        assert fusion.contenu["sections"]["cout"] == "Selon C.[^3] et A.[^1]"


def test_une_source_que_personne_ne_garde_revient_si_un_texte_l_appelle():
    avant, ici, la = (source("A", cle="1", url="https://a.fr", repere=repere) for repere in ("", "page 1", "page 2"))
    base = contenu(avant, source("B", cle="2"), format=FORMAT, description="Selon A.[^1] Selon B.[^2]")
    publiee, proposee = (avec(base, {"sources": [une, source("B", cle="2")]}) for une in (ici, la))
    fusion = reunir("dispositif", base, publiee, proposee, choix={"sources": {"1": ()}}).contenu
    assert fusion["sources"] == [source("B", cle="2"), ici]
    assert fusion["sections"]["description"] == "Selon A.[^1] Selon B.[^2]"


def test_une_ligne_proposee_garde_la_source_qu_elle_appelle():
    base = chiffree(chiffre("habitants", 10))
    publiee = avec(
        base, {"sources": [source("A", cle="1"), source("B", cle="2")], "chiffres": [chiffre("habitants", 11, "2")]}
    )
    proposee = avec(
        base, {"sources": [source("A", cle="1"), source("C", cle="2")], "chiffres": [chiffre("habitants", 12, "2")]}
    )
    vue = reunir("dispositif", base, publiee, proposee)
    assert [s["titre"] for s in vue.contenu["sources"]] == ["A", "B", "C"]
    assert [cote["source"] for cote in vue.rangees["chiffres"][0].cotes] == ["1", "2", "3"]
    ecrite = chiffre("habitants", 12, "3")
    for tranche in ((PROPOSEE,), (ecrite,)):
        # Without the new source of the proposition among what is retained, it comes with the row that calls it.
        fusion = reunir("dispositif", base, publiee, proposee, {"chiffres"}, {"chiffres": {"0": tranche}}).contenu
        assert fusion["chiffres"] == [chiffre("habitants", 12, "3")] and fusion["sources"][2]["titre"] == "C"


@pytest.mark.parametrize(
    "cle, ligne, autre", [("autres_noms", "ASV", "Atelier"), ("chiffres", chiffre("a", 1), chiffre("b", 2))]
)
def test_de_deux_lignes_identiques_aucune_ne_se_perd(cle, ligne, autre):
    reunion = reunir_listes(cle, [ligne], [ligne, ligne], [ligne, autre])
    assert reunion.lignes == [ligne, ligne, autre] and reunion.rangees == []
    assert reunir_listes(cle, [ligne, ligne], [ligne, ligne], [ligne, ligne, autre]).lignes == [ligne, ligne, autre]
