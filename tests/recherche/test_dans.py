"""« Dans les actions, chercher seulement »: the conditions of transfer, the levers, the difficulties."""

import pytest

from tests.factories import fiche_action, territoire
from tests.recherche.lecture import lire

pytestmark = pytest.mark.django_db


@pytest.fixture
def actions():
    deroule = {"deroule": "Un coordonnateur anime."}
    fiche_action(titre="Transférable", sections={**deroule, "transfert": "Il faut un coordonnateur à mi-temps."})
    fiche_action(titre="Difficile", sections={**deroule, "difficultes": "Aucun local disponible."})
    fiche_action(titre="Ailleurs dans le texte", sections=deroule)


def test_sans_choix_les_mots_sont_cherches_partout(actions, client):
    assert len(lire(client, q="coordonnateur").titres) == 3


def test_les_mots_ne_sont_cherches_que_dans_les_rubriques_choisies(actions, client):
    assert lire(client, q="coordonnateur", dans="transfert").titres == ["Transférable"]
    assert lire(client, q="coordonnateurs", dans=["transfert", "difficultes"]).titres == ["Transférable"]


def test_sans_mots_la_liste_garde_celles_qui_sont_renseignees(actions, client):
    assert lire(client, dans="difficultes").titres == ["Difficile"]
    assert lire(client, dans=["transfert", "difficultes"]).titres == ["Difficile", "Transférable"]


def test_l_extrait_vient_de_la_rubrique_choisie(actions, client):
    page = lire(client, q="coordonnateur", dans="transfert")
    assert page.extraits == ["Conditions de transfert : Il faut un coordonnateur à mi-temps."]


def test_deux_mots_peuvent_etre_dans_deux_rubriques(actions, client):
    fiche_action(titre="Les deux", sections={"deroule": "On agit.", "transfert": "Un local.", "leviers": "Un élu."})
    assert lire(client, q="local élu", dans=["transfert", "leviers"]).titres == ["Les deux"]


def test_chaque_rubrique_se_retire(actions, client):
    puces = lire(client, q="coordonnateur", dans="transfert").puces
    assert puces["Dans : Conditions de transfert"] == "/fiches/?q=coordonnateur"


def test_rien_trouve_propose_de_chercher_partout(actions, client):
    page = lire(client, q="coordonnateur", dans="leviers")
    assert page.titres == [] and page.pistes["Sans « Dans les actions » 3 fiches"] == "/fiches/?q=coordonnateur"


def test_une_faute_de_frappe_est_corrigee_sans_perdre_les_rubriques(actions, client):
    fiche_action(titre="Psychiatrie de quartier", sections={"deroule": "On agit.", "transfert": "La psychiatrie."})
    piste = lire(client, q="psychiatrei", dans="transfert").pistes["psychiatrie"]
    assert "dans=transfert" in piste
    assert lire(client, q="psychiatrie", dans="transfert").titres == ["Psychiatrie de quartier"]


def test_une_rubrique_inconnue_est_refusee_a_sa_place(actions, client):
    page = lire(client, dans="couleur")
    assert page.statut == 400 and "ne fait pas partie des choix" in page.texte


def test_le_choix_n_est_offert_que_la_ou_il_y_a_des_actions(actions, client):
    assert 'name="dans"' in lire(client, "/actions/").html
    assert 'name="dans"' not in lire(client, "/dispositifs/").html


def test_huit_requetes_au_plus(actions, client, django_assert_max_num_queries):
    lieu = territoire("commune", "76540", "Rouen")
    for n in range(6):
        fiche_action(sur=[lieu], sections={"deroule": "On agit.", "transfert": f"Un coordonnateur, {n} jours."})
    with django_assert_max_num_queries(8):
        assert len(lire(client, q="coordonnateur", dans="transfert", territoire="commune:76540").titres) == 6
