import pytest

from tests.factories import fiche_action, fiche_locale, masquer, territoire
from tests.recherche.lecture import lire

pytestmark = pytest.mark.django_db


def test_une_faute_de_frappe_est_rattrapee(client):
    fiche_action(titre="Villes et santé mentale")
    page = lire(client, q="vilfes santé")
    assert page.titres == [] and "Essayez avec cette orthographe : villes santé (1 fiche)" in page.texte
    assert lire(client, page.pistes["villes santé"]).titres == ["Villes et santé mentale"]


def test_l_orthographe_proposee_garde_ses_accents_et_les_filtres(client):
    fiche_action(titre="Prévention", themes=["logement"])
    page = lire(client, q="preventoin", theme="logement")
    assert page.pistes["prévention"] == "/fiches/?q=pr%C3%A9vention&theme=logement"


def test_une_orthographe_qui_ne_donnerait_rien_n_est_pas_proposee(client):
    fiche_action(titre="Prévention", themes=["logement"])
    fiche_locale(themes=["addictions"])
    assert "prévention" not in lire(client, q="preventoin", theme="addictions").pistes


def test_une_fiche_masquee_ne_souffle_aucun_mot(client):
    masquer(fiche_action(titre="Trampoline"))
    assert "trampoline" not in lire(client, q="trampolin").texte.lower().replace("« trampolin »", "")


def test_des_mots_connus_mais_jamais_reunis_se_cherchent_l_un_ou_l_autre(client):
    fiche_action(titre="Sport")
    fiche_action(titre="Alimentation")
    page = lire(client, q="sport alimentation")
    assert page.pistes["Chercher l’un ou l’autre"] == "/fiches/?q=sport+OU+alimentation"
    assert lire(client, q="sport OU alimentation").titres == ["Alimentation", "Sport"]


def test_plus_large_le_territoire_autour_avec_ses_comptes(client):
    region = territoire("region", "28", "Normandie")
    departement = territoire("departement", "76", "Seine-Maritime", dans=[region])
    rouen = territoire("commune", "76540", "Rouen", dans=[departement, region])
    elbeuf = territoire("commune", "76231", "Elbeuf", dans=[departement, region])
    fiche_action(themes=["logement"], sur=[elbeuf])
    fiche_action(themes=["addictions"], sur=[rouen])
    page = lire(client, territoire="commune:76540", theme="logement")
    assert page.pistes["Seine-Maritime (76) 1 fiche"] == "/fiches/?territoire=departement:76&theme=logement"
    assert page.pistes["Normandie 1 fiche"] == "/fiches/?territoire=region:28&theme=logement"


def test_avec_un_filtre_de_moins(client):
    fiche_action(themes=["logement"], publics=["jeunes"])
    fiche_action(themes=["addictions"], publics=["aidants"])
    page = lire(client, theme="logement", public="aidants")
    assert page.pistes["Sans « Thème » 1 fiche"] == "/fiches/?public=aidants"
    assert page.pistes["Sans « Public » 1 fiche"] == "/fiches/?theme=logement"


def test_rien_du_tout_invite_a_proposer(client):
    page = lire(client, q="introuvable")
    assert page.statut == 200 and "Proposer cette fiche" in page.texte and "Tout effacer" in page.texte
