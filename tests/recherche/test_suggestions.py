"""What the search field of the home page proposes as one types."""

import pytest

from recherche.suggestions import proposer
from tests.factories import fiche_dispositif, fiche_locale, masquer, territoire, theme

pytestmark = pytest.mark.django_db
ADRESSE = "/fiches/suggestions/"


@pytest.fixture
def base():
    elbeuf = territoire("commune", "76231", "Elbeuf", departements=["76"])
    fiche_dispositif(slug="cls", titre="Contrat local de santé", sigle="CLS")
    fiche_dispositif(slug="clsm", titre="Conseil local de santé mentale", sigle="CLSM")
    fiche_locale(titre="Contrat local de santé d’Elbeuf", sur=[elbeuf])
    theme("sante-mentale", "Santé mentale")
    return elbeuf


def noms(saisie: str) -> dict[str, list[str]]:
    return {genre: [p.nom for p in propositions] for genre, propositions in proposer(saisie)}


def test_chaque_genre_est_propose_par_ses_noms(base):
    assert noms("contrat loc") == {
        "Dispositifs": ["Contrat local de santé (CLS)"],
        "Fiches": ["Contrat local de santé d’Elbeuf"],
    }
    assert noms("santé ment") == {"Dispositifs": ["Conseil local de santé mentale (CLSM)"], "Thèmes": ["Santé mentale"]}


def test_le_sigle_vient_d_abord_et_il_est_exact(base):
    (_, propositions), *_ = proposer("cls")
    assert (propositions[0].nom, propositions[0].exact) == ("Contrat local de santé (CLS)", True)
    assert not propositions[1].exact


def test_les_territoires_et_les_genres_sont_groupes(base, client):
    page = client.get(ADRESSE, {"q": "elbeuf"}).text
    assert page.index("Territoires") < page.index("/territoires/commune/76231/") < page.index("Fiches")
    assert page.count('role="option"') == 2 and page.count("data-exact") == 1


def test_deux_requetes_suffisent(base, client, django_assert_num_queries):
    with django_assert_num_queries(2):
        client.get(ADRESSE, {"q": "elbeuf"})


def test_ce_qui_est_masque_n_est_pas_propose(base):
    masquer(fiche_locale(titre="Contrat secret", sur=[base]))
    assert "Fiches" not in noms("secret")


@pytest.mark.parametrize("q", ["", "'", "\0", ":*", "a & | !", "de la", "\\", "日本", "mot " * 200, "(", "<->"])
def test_rien_de_sense_ne_casse_rien(base, client, q):
    assert client.get(ADRESSE, {"q": q}).status_code == 200
