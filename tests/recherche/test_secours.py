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


def test_une_orthographe_corrigee_ne_propose_pas_d_ecrire_la_fiche(client):
    fiche_action(titre="Prévention")
    assert "Proposer cette fiche" not in lire(client, q="preventoin").texte


@pytest.mark.parametrize(
    "recherche, proposee",
    [
        ("vacination", "vaccination"),
        ("psycologue", "psychologues"),
        ("adolescant", "adolescents"),
        ("vaccintaion des psycologue", "vaccination des psychologues"),
        ("VACINATION", "vaccination"),
    ],
)
def test_le_mot_propose_est_tout_proche(client, recherche, proposee):
    fiche_action(titre="Vaccination", sections={"deroule": "Des psychologues et des adolescents."})
    fiche_action(titre="Santé mentale", sections={"deroule": "Des psychologues et la vaccination d’adolescents."})
    assert proposee in lire(client, q=recherche).pistes


@pytest.mark.parametrize("recherche", ["tabac", "suicide", "dentaire", "sida", "nutrition"])
def test_un_mot_inconnu_n_en_devient_pas_un_autre(client, recherche):
    for _ in range(3):
        fiche_action(
            titre="Table", sections={"deroule": "Un suivi, à décrire, à table. L’attribution du départementale, aide."}
        )
    assert "Essayez" not in lire(client, q=recherche).texte


def test_un_mot_de_trop_n_empeche_pas_de_trouver(client):
    fiche_action(titre="Sport")
    fiche_action(titre="Sport et alimentation")
    fiche_action(titre="Lecture")
    page = lire(client, q="sport alimentation trampoline")
    assert page.titres == ["Sport et alimentation", "Sport"]
    assert (
        "Aucune fiche n’a tous ces mots. 2 fiches en ont une partie, celles qui en ont le plus d’abord." in page.texte
    )


def test_des_mots_jamais_reunis_dans_ce_territoire_s_y_cherchent_en_partie(client):
    elbeuf = territoire("commune", "76231", "Elbeuf")
    fiche_action(titre="Sport et alimentation")
    fiche_action(titre="Sport à Elbeuf", sur=[elbeuf])
    page = lire(client, q="sport alimentation", territoire="commune:76231")
    assert (
        page.titres == ["Sport à Elbeuf"] and "tous ces mots avec ces filtres. 1 fiche en a une partie." in page.texte
    )


@pytest.mark.parametrize("recherche", ["sport lecture -santé", '"santé et sport"', "« santé et sport »"])
def test_ce_qui_est_exclu_ou_cite_l_est_a_la_lettre(client, recherche):
    fiche_action(titre="Sport et santé")
    assert lire(client, q=recherche).titres == []


def test_avec_beaucoup_de_fiches_celles_qui_ont_presque_tous_les_mots_viennent_d_abord(client, monkeypatch):
    monkeypatch.setattr("recherche.plein_texte.CLASSEES", 2)
    fiche_action(titre="Trois", sections={"deroule": "Le sport, la lecture et la danse."})
    for n in range(4):
        fiche_action(titre=f"Un {n}", sections={"deroule": "Le sport."})
    assert lire(client, q="sport lecture danse trampoline").titres[0] == "Trois"


def test_sport_ou_alimentation(client):
    fiche_action(titre="Sport")
    fiche_action(titre="Alimentation")
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


def test_sans_piste_les_themes_sont_offerts(client):
    fiche_action(themes=["logement"])
    page = lire(client, q="introuvable")
    assert page.pistes["logement"] == "/fiches/?theme=logement" and "Aucune fiche n’emploie ce mot." in page.texte


def test_peu_de_fiches_ont_tous_les_mots_celles_qui_en_ont_presque_tous_suivent(client):
    fiche_action(titre="Sport, jeunes et quartier")
    fiche_action(titre="Sport et jeunes")
    fiche_action(titre="Sport et quartier")
    fiche_action(titre="Sport")
    page = lire(client, q="sport jeunes quartier")
    assert page.titres == ["Sport, jeunes et quartier", "Sport et jeunes", "Sport et quartier"]
    assert "1 fiche a tous ces mots, puis 2 à un mot près." in page.texte


def test_deux_mots_ou_assez_de_fiches_ne_s_elargissent_pas(client):
    for n in range(3):
        fiche_action(titre=f"Sport, jeunes et quartier {n}")
    fiche_action(titre="Sport et jeunes")
    assert len(lire(client, q="sport jeunes quartier").titres) == 3
    assert len(lire(client, q="jeunes quartier").titres) == 3


@pytest.mark.parametrize("colle", ["santémentale", "santementale", "Santémentale"])
def test_deux_mots_colles_se_lisent_separes(client, colle):
    fiche_action(titre="Un", resume="La santé mentale.")
    fiche_action(titre="Deux", resume="La santé mentale aussi.")
    fiche_action(titre="Trois", sections={"deroule": "Lire santementale."})
    page = lire(client, q=colle)
    assert {"Un", "Deux"} <= set(page.titres) and "aussi : santé mentale" in page.texte


def test_un_mot_courant_fait_de_deux_autres_reste_un_mot(client):
    for n in range(3):
        fiche_action(titre=f"Contrat {n}", resume="Un porteprojet.")
    fiche_action(titre="Autre", resume="La porte projet.")
    assert "Autre" not in lire(client, q="porteprojet").titres


@pytest.mark.parametrize("q", ["b c f g", "sport b c", "vitamine b", "k"])
def test_des_lettres_seules_se_cherchent_sans_erreur(client, monkeypatch, q):
    monkeypatch.setattr("recherche.plein_texte.CLASSEES", 2)
    for n in range(3):
        fiche_action(titre=f"Sport {n}", resume="La vitamine c et le plan b.")
    assert lire(client, q=q).statut == 200
