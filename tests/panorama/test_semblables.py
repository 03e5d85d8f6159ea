from datetime import date

import pytest

from panorama.semblables import Semblables
from panorama.semblables import semblables as ses_semblables
from tests.balisage import texte
from tests.factories import fiche_action, fiche_dispositif, fiche_locale, masquer, territoire

pytestmark = pytest.mark.django_db
PEUPLE = {"population_annee": 2023, "population_source": "Insee"}


def commune(nom: str, population: int, *, quartiers: int = 0, genre: str = "CC", code: str = ""):
    epci = territoire("epci", sous_nature=genre)
    creee = territoire("commune", code, nom, dans=[epci], population=population, **PEUPLE)
    for _ in range(quartiers):
        territoire("qpv", dans=[creee])
    return creee


@pytest.fixture
def rouen():
    return commune("Rouen", 100_000, quartiers=2, genre="METRO", code="76540")


def semblables(lieu, jour=date(2026, 11, 20)) -> Semblables:
    return ses_semblables(lieu, jour)


def proches(lieu) -> list[tuple[str, int]]:
    return [(voisine.territoire.nom, voisine.note) for voisine in semblables(lieu).proches]


def test_une_jumelle_a_tous_les_points(rouen):
    commune("Jumelle", 100_000, quartiers=2, genre="METRO")
    assert proches(rouen) == [("Jumelle", 100)]


def test_la_population_donne_cinquante_points_et_plus_aucun_du_simple_au_double(rouen):
    commune("Double", 200_000, quartiers=2, genre="METRO")
    commune("Moitié", 50_000, quartiers=2, genre="METRO")
    commune("Au-delà", 200_001, quartiers=2, genre="METRO")
    commune("En deçà", 49_999, quartiers=2, genre="METRO")
    assert sorted(proches(rouen)) == [("Double", 50), ("Moitié", 50)]


def test_deux_fois_plus_de_quartiers_donnent_la_moitie_des_trente_points(rouen):
    commune("Le double", 100_000, quartiers=4, genre="METRO")
    commune("Aucun", 100_000, genre="METRO")
    assert proches(rouen) == [("Le double", 85), ("Aucun", 70)]


def test_une_autre_sorte_d_intercommunalite_coute_vingt_points(rouen):
    commune("Agglo", 100_000, quartiers=2, genre="CA")
    assert proches(rouen) == [("Agglo", 80)]


def test_la_metropole_de_lyon_est_une_metropole(rouen):
    commune("Villeurbanne", 100_000, quartiers=2, genre="MET69")
    assert proches(rouen) == [("Villeurbanne", 100)]


def test_cinq_au_plus_et_jamais_une_commune_disparue(rouen):
    for n in range(7):
        commune(f"Commune {n}", 100_000 + n)
    territoire("commune", nom="Disparue", population=100_000, fin="2025-01-01", **PEUPLE)
    noms = [nom for nom, _ in proches(rouen)]
    assert len(noms) == 5 and "Disparue" not in noms


def test_la_raison_est_dite_en_mots(rouen):
    commune("Agglo", 95_000, quartiers=2, genre="CA")
    assert texte(" ; ".join(semblables(rouen).proches[0].raisons)) == (
        "même taille ; 2 quartiers prioritaires, comme ici ; dans une communauté d’agglomération"
    )


def test_sans_population_rien_n_est_compare():
    assert semblables(territoire("commune")).proches == []


def test_un_territoire_sans_habitant_ne_casse_rien():
    assert proches(commune("Beaumont", 0)) == []


# What they do, and not here


def test_les_actions_des_semblables_sont_proposees_meme_loin_derriere(rouen):
    for n in range(6):
        commune(f"Sans action {n}", 100_000, quartiers=2, genre="METRO")
    active = commune("Active", 150_000)
    fiche_action(titre="Bouger", sur=[active])
    trouves = semblables(rouen)
    assert "Active" not in [voisine.territoire.nom for voisine in trouves.proches]
    assert [(v.territoire.nom, v.actions[0].action.titre) for v in trouves.actives] == [("Active", "Bouger")]


def test_une_action_qui_concerne_deja_le_territoire_n_est_pas_proposee(rouen):
    active = commune("Active", 100_000)
    fiche_action(sur=[active, rouen])
    assert semblables(rouen).actives == []


def test_une_action_de_plusieurs_semblables_n_est_dite_qu_une_fois(rouen, client):
    voisins = [commune(f"Active {n}", 100_000 + 10_000 * n, quartiers=2, genre="METRO") for n in range(7)]
    fiche_action(titre="Bouger", sur=voisins[:6])
    fiche_action(titre="Manger", sur=voisins[4:])
    trouves = [(v.territoire.nom, [i.action.titre for i in v.actions]) for v in semblables(rouen).actives]
    assert trouves == [("Active 0", ["Bouger"]), ("Active 4", ["Manger"])]
    page = texte(client.get("/territoires/commune/76540/semblables/").text)
    assert page.count("Bouger") == 1 == page.count("Manger")


def test_une_action_dite_une_fois_laisse_voir_celles_de_plus_loin(rouen):
    voisins = [commune(f"Active {n}", 100_000 + n, quartiers=2, genre="METRO") for n in range(6)]
    fiche_action(titre="Bouger", sur=voisins)
    fiche_action(titre="Manger", sur=[commune("Lointaine", 150_000)])
    assert [v.territoire.nom for v in semblables(rouen).actives] == ["Active 0", "Lointaine"]


def test_une_action_masquee_n_est_pas_proposee(rouen):
    masquer(fiche_action(sur=[commune("Active", 100_000)]))
    assert semblables(rouen).actives == []


def test_une_action_d_un_quartier_est_une_action_de_sa_commune(rouen):
    active = commune("Active", 100_000)
    fiche_action(titre="Au pied des tours", sur=[territoire("qpv", dans=[active])])
    assert semblables(rouen).actives[0].actions[0].action.titre == "Au pied des tours"


def test_le_dispositif_qui_porte_l_action_est_dit_present_ou_inconnu(rouen):
    fiche_dispositif(slug="clsm", titre="Conseil", sigle="CLSM")
    active = commune("Active", 100_000)
    fiche_action(dispositif="clsm", sur=[active])
    assert "que nous ne savons pas en vigueur ici" in semblables(rouen).actives[0].actions[0].raison
    fiche_locale(dispositif="clsm", sur=[rouen])
    assert "présent ici aussi" in semblables(rouen).actives[0].actions[0].raison


# The page


def test_la_page_publie_sa_formule(rouen, client):
    commune("Jumelle", 100_000, quartiers=2, genre="METRO")
    page = texte(client.get("/territoires/commune/76540/semblables/").text)
    assert "Jumelle" in page and "100 au plus" in page
    assert "la population, 50 points" in page and "la sorte d’intercommunalité" in page


def test_un_departement_n_a_pas_de_sorte_d_intercommunalite(client):
    territoire("departement", "76", "Seine-Maritime", population=1_000_000, **PEUPLE)
    page = texte(client.get("/territoires/departement/76/semblables/").text)
    assert "80 au plus" in page and "la sorte d’intercommunalité" not in page


@pytest.mark.parametrize("adresse", ["region/28", "qpv/QN07620M", "commune/00000"])
def test_ni_les_regions_ni_les_quartiers_ne_sont_compares(client, adresse):
    territoire("region", "28", "Normandie")
    assert client.get(f"/territoires/{adresse}/semblables/").status_code == 404


def test_la_page_d_une_region_dit_pourquoi(client):
    territoire("region", "28", "Normandie")
    assert "Nous ne rapprochons pas les régions" in client.get("/territoires/region/28/").text


def test_quatre_requetes_quel_que_soit_le_nombre_d_actions(rouen, client, django_assert_max_num_queries):
    for n in range(6):
        active = commune(f"Active {n}", 100_000)
        fiche_action(sur=[active])
        fiche_locale(sur=[active])
    with django_assert_max_num_queries(4):
        client.get("/territoires/commune/76540/semblables/")


def test_la_fiche_d_une_action_mene_aux_territoires_ou_elle_pourrait_servir(rouen, client):
    action = fiche_action(sur=[rouen])
    assert 'href="/territoires/commune/76540/semblables/"' in client.get(action.get_absolute_url()).text


def test_un_dispositif_echu_n_est_plus_present(rouen):
    fiche_dispositif(slug="cls", sigle="CLS")
    lille = commune("Lille", 100_000, quartiers=2, genre="METRO")
    fiche_locale(dispositif="cls", sur=[lille], fin="2025-12-31")
    assert semblables(rouen, date(2025, 12, 31)).proches[0].dispositifs == ["CLS"]
    assert semblables(rouen, date(2026, 1, 1)).proches[0].dispositifs == []
