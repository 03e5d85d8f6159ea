"""What one wants to compare, carried by the address of the list of dispositifs."""

import pytest

from tests.factories import fiche_action, fiche_dispositif
from tests.recherche.lecture import lire

pytestmark = pytest.mark.django_db


@pytest.fixture
def dispositifs():
    for slug in ("asv", "cls", "clsm", "rtps", "cmt"):
        fiche_dispositif(slug=slug, titre=f"Dispositif {slug}", sigle=slug.upper())


def test_chaque_carte_ajoute_son_dispositif_a_l_adresse(dispositifs, client):
    assert 'href="/dispositifs/?d=asv"' in lire(client, "/dispositifs/").html
    assert 'href="/dispositifs/?d=asv&amp;d=cls"' in lire(client, "/dispositifs/", d="asv").html


def test_ceux_qu_on_a_choisis_se_retirent_et_se_comparent(dispositifs, client):
    page = lire(client, "/dispositifs/", d=["asv", "cls"])
    assert page.puces["Retirer du comparateur Dispositif asv (ASV)"] == "/dispositifs/?d=cls"
    assert 'href="/dispositifs/comparer/?d=asv&amp;d=cls"' in page.html


def test_au_dela_de_quatre_rien_ne_s_ajoute(dispositifs, client):
    assert "Ajouter au comparateur" not in lire(client, "/dispositifs/", d=["asv", "cls", "clsm", "rtps"]).texte


def test_filtrer_ou_tout_effacer_garde_ce_qu_on_compare(dispositifs, client):
    page = lire(client, "/dispositifs/", d="asv", q="dispositif")
    assert '<input type="hidden" name="d" value="asv">' in page.html
    assert '<a class="bouton nu" href="/dispositifs/?d=asv">Tout effacer</a>' in page.html


def test_un_dispositif_inconnu_n_est_pas_garde(dispositifs, client):
    assert "À comparer" not in lire(client, "/dispositifs/", d="<b>").texte


def test_de_la_liste_a_une_fiche_ce_qu_on_compare_suit(dispositifs, client):
    assert '<a href="/dispositifs/cls/?d=asv">' in lire(client, "/dispositifs/", d="asv").html


def test_la_fiche_ajoute_a_ce_qu_on_comparait(dispositifs, client):
    page = client.get("/dispositifs/asv/?d=cls").text
    assert 'href="/dispositifs/comparer/?d=cls&amp;d=asv"' in page


def test_une_action_ne_se_compare_pas(client):
    fiche_action(titre="Bouger")
    assert "comparateur" not in lire(client).texte
