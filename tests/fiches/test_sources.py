"""The keys of sources, and contents of before them read in the present format."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiches.sources import actuel, avec_les_appelees, cle_libre, cles, numeros, par_document, renommer

ANCIEN = {
    "sections": {"cout": "Selon.[^2] Selon.[^01]"},
    "sources": [{"titre": "A"}, {"titre": "B"}],
    "chiffres": [{"libelle": "C", "source": 2}],
}


def test_un_contenu_d_avant_a_ses_numeros_pour_cles():
    assert actuel(ANCIEN) == {
        "sections": {"cout": "Selon.[^2] Selon.[^1]"},
        "sources": [{"titre": "A", "cle": "1"}, {"titre": "B", "cle": "2"}],
        "chiffres": [{"libelle": "C", "source": "2"}],
    }
    assert ANCIEN["chiffres"] == [{"libelle": "C", "source": 2}]


@given(st.lists(st.fixed_dictionaries({"titre": st.just("A")}, optional={"cle": st.sampled_from(["1", "2", "a", ""])})))
def test_chaque_source_a_une_cle_a_elle_et_la_garde(sources):
    lues = actuel({"sources": sources})
    assert len(set(cles(lues))) == len(sources) and all(cles(lues)) and actuel(lues) == lues


@pytest.mark.parametrize("prises, libre", [((), "1"), (("1", "2"), "3"), (("5", "rdv22"), "6"), (("rdv22",), "1")])
def test_la_cle_libre_suit_la_plus_grande(prises, libre):
    assert cle_libre(prises) == libre


def test_renommer_une_source_la_renomme_partout():
    renomme = renommer(actuel(ANCIEN), {"1": "rdv22", "2": "1"})
    assert renomme["sections"] == {"cout": "Selon.[^1] Selon.[^rdv22]"}
    assert numeros(renomme) == {"rdv22": 1, "1": 2} and renomme["chiffres"][0]["source"] == "1"


def test_une_source_appelee_mais_absente_revient_d_ou_elle_est_connue():
    sans = {**actuel(ANCIEN), "sources": []}
    assert cles(avec_les_appelees(sans, [actuel(ANCIEN)])) == ["2", "1"]
    assert avec_les_appelees(sans, []) == sans


@given(st.lists(st.fixed_dictionaries({"titre": st.sampled_from("AB"), "url": st.sampled_from(["", "https://a.fr/"])})))
def test_chaque_source_est_une_fois_dans_un_seul_document(cites):
    documents = par_document(cites)
    numerotees = [(p["numero"], p["titre"], p["url"]) for d in documents for p in d["passages"]]
    assert sorted(numerotees) == [(n, s["titre"], s["url"]) for n, s in enumerate(cites, 1)]
    assert len(documents) == len({(s["titre"], s["url"]) for s in cites})
    assert [d["passages"][0]["numero"] for d in documents] == sorted(d["passages"][0]["numero"] for d in documents)
