"""What the table of coverage shows, puts together, and gives to take away."""

import csv
from io import StringIO

import pytest

from dispositifs.models import Absence, Dispositif
from tests.balisage import texte
from tests.factories import constat, fiche_dispositif, fiche_locale, territoire
from tests.francais.test_tableur import lignes
from tests.panorama.test_couverture import premieres_cases

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("en_juin")]
ADRESSE = "/territoires/epci/200023414/couverture/?niveau=commune"


@pytest.fixture(autouse=True)
def suivis(db):
    for slug in ("asv", "cls"):
        fiche_dispositif(slug=slug, sigle=slug.upper())


def communes(metropole, *noms: str) -> list:
    return [territoire("commune", nom=nom, dans=[metropole]) for nom in noms]


def test_les_lignes_identiques_sont_reunies_la_plus_couverte_d_abord(client, metropole):
    _, cleon, elbeuf, _ = communes(metropole, "Bihorel", "Cléon", "Elbeuf", "Duclair")
    fiche_locale(dispositif="asv", sur=[cleon, elbeuf], constats=[constat("actif", "2023-03")])
    fiche_locale(dispositif="cls", sur=[elbeuf], constats=[constat("actif", "2023-03")])
    assert premieres_cases(client.get(ADRESSE).text) == ["Elbeuf", "Cléon", "Bihorel, Duclair"]


def test_deux_contrats_de_la_meme_annee_restent_deux_lignes(client, metropole):
    for commune in communes(metropole, "Cléon", "Elbeuf"):
        fiche_locale(dispositif="cls", sur=[commune], constats=[constat("actif", "2023-03")])
    assert premieres_cases(client.get(ADRESSE).text) == ["Cléon", "Elbeuf"]


def test_les_noms_d_un_grand_groupe_se_replient(client, metropole):
    communes(metropole, *(f"Commune {n:02}" for n in range(12)))
    page = client.get(ADRESSE).text
    assert premieres_cases(page) == ["12 communes"]
    assert "<summary>Voir les 12 noms</summary>" in page and "Commune 11</a>" in page


def test_on_dit_ce_que_l_on_sait_d_un_groupe_pour_ce_qui_le_contient(client, metropole):
    communes(metropole, "Cléon", "Elbeuf")
    assert 'href="?sais=epci:200023414,asv"' in client.get(ADRESSE).text


def test_la_liste_garde_une_ligne_par_commune_dans_l_ordre_du_dictionnaire(client, metropole):
    communes(
        metropole, "Yville", "Épinay", "Duclair", "Houppeville", "Hénouville", "Le Trait", "L’Aigle", "Œuilly", "Ocre"
    )
    noms = ["Duclair", "Épinay", "Hénouville", "Houppeville", "L’Aigle", "Le Trait", "Ocre", "Œuilly", "Yville"]
    assert premieres_cases(client.get(f"{ADRESSE}&vue=liste").text) == noms


def test_la_liste_a_des_pages(client, metropole):
    communes(metropole, *(f"Commune {n:02}" for n in range(45)))
    assert len(premieres_cases(client.get(f"{ADRESSE}&vue=liste").text)) == 20
    assert len(premieres_cases(client.get(f"{ADRESSE}&vue=liste&page=3").text)) == 5


@pytest.mark.parametrize(
    "voir, attendues",
    [
        ("tout", ["Bihorel", "Cléon", "Elbeuf"]),
        ("couverts", ["Cléon"]),
        ("a-verifier", ["Elbeuf"]),
        ("inconnus", ["Bihorel", "Elbeuf"]),
        ("<b>", ["Bihorel", "Cléon", "Elbeuf"]),
    ],
)
def test_on_ne_montre_que_ce_que_l_on_cherche(client, metropole, voir, attendues):
    _, cleon, elbeuf = communes(metropole, "Bihorel", "Cléon", "Elbeuf")
    for slug in ("asv", "cls"):
        fiche_locale(dispositif=slug, sur=[cleon], constats=[constat("actif", "2023-03")])
    fiche_locale(dispositif="cls", sur=[elbeuf], constats=[constat("actif", "2016-04")])
    page = client.get(ADRESSE, {"niveau": "commune", "vue": "liste", "voir": voir}).text
    assert premieres_cases(page) == attendues


def test_un_filtre_qui_ne_garde_rien_le_dit(client, metropole):
    communes(metropole, "Bihorel", "Cléon")
    assert "Aucune ligne dans cet état." in client.get(f"{ADRESSE}&voir=couverts").text


@pytest.mark.parametrize("numero", ["0", "99", "-1", "x", ""])
def test_une_page_qui_n_existe_pas_montre_la_plus_proche(client, metropole, numero):
    communes(metropole, "Bihorel")
    assert client.get(f"{ADRESSE}&page={numero}").status_code == 200


# To take away.


@pytest.fixture
def connue(metropole):
    rouen = territoire("commune", "01011", "Apremont", dans=[metropole])
    fiche_locale(
        slug="cls-apremont", dispositif="cls", sur=[metropole], fin="2028", constats=[constat("actif", "2023-03")]
    )
    asv = Dispositif.objects.get(slug="asv")
    Absence.objects.create(dispositif=asv, territoire=rouen, constatee_le="2024-01", source="ARS", precision="Aucun.")


def test_une_colonne_par_valeur(client, connue):
    contenu = client.get(f"{ADRESSE}&format=csv").content.decode("utf-8-sig")
    asv, cls = csv.DictReader(StringIO(contenu, newline=""), delimiter=";")
    assert asv == {
        "territoire": "commune:01011", "lieu": "Apremont", "intercommunalite": "Métropole", "dispositif": "ASV",
        "etat": "absence dite", "date": "2024-01", "fin": "", "chemin": "", "precision": "Aucun.", "source": "ARS",
        "fiche": "", "decoupage": "",
    }  # fmt: skip
    assert cls == {
        "territoire": "commune:01011", "lieu": "Apremont", "intercommunalite": "Métropole", "dispositif": "CLS",
        "etat": "en vigueur", "date": "2023-03", "fin": "2028", "chemin": "via Métropole", "precision": "",
        "source": "Observatoire, Rapport d’essai", "fiche": "http://testserver/dispositifs-locaux/cls-apremont/",
        "decoupage": "",
    }  # fmt: skip


def test_le_classeur_a_aussi_le_code_en_texte(client, connue):
    reponse = client.get(f"{ADRESSE}&format=xlsx")
    entete, asv, _ = lignes(reponse)
    assert entete[:3] == ["code", "territoire", "lieu"] and asv[:3] == ["01011", "commune:01011", "Apremont"]
    assert reponse["Content-Disposition"] == 'attachment; filename="couverture-epci-200023414-commune.xlsx"'


def test_un_contrat_qui_court_dit_jusqu_a_quand(client, connue):
    assert "En vigueur jusqu’en 2028" in texte(client.get(ADRESSE).text)
