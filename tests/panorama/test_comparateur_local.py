"""Comparing local schemes: what stands side by side, how one chooses, what one takes away."""

import csv
import re
from io import StringIO

import pytest

from territoires.imports.tableur import feuilles
from tests.balisage import texte
from tests.factories import constat, fiche_dispositif, fiche_locale, masquer, territoire

pytestmark = pytest.mark.django_db
ADRESSE = "/dispositifs-locaux/comparer/"


@pytest.fixture
def contrats():
    nord = territoire("departement", "59")
    villes = [territoire(nom=nom, dans=[nord]) for nom in ("Hem", "Roubaix", "Lille")]
    fiche_dispositif(slug="cls", titre="Contrat local de santé", sigle="CLS")
    hem, roubaix, lille = (
        {"slug": f"cls-{ville.nom.lower()}", "titre": f"CLS de {ville.nom}", "dispositif": "cls", "sur": [ville]}
        for ville in villes
    )
    fiche_locale(**hem, constats=[constat("actif", "2016-04")])
    fiche_locale(
        **roubaix,
        constats=[constat("signe", "2023-03"), constat("actif", "2026")],
        porteur="Ville de <Roubaix>",
        debut="2023",
        fin="2099",
        generation=2,
        sections={"description": "Un contrat.", "priorites": "Santé mentale.[^1]", "gouvernance": "Ville et ARS."},
    )
    fiche_locale(**lille, constats=[constat("actif", "2016-04")])


def rangees(page: str) -> dict[str, list[str]]:
    lignes = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', page, re.DOTALL)
    return {
        texte(titre): [texte(case) for case in re.findall(r"<td>(.*?)</td>", cases, re.DOTALL)]
        for titre, cases in lignes
    }


def test_les_faits_d_abord_puis_les_axes_et_la_gouvernance(client, contrats):
    page = client.get(f"{ADRESSE}?l=cls-hem&l=cls-roubaix")
    lues = rangees(page.text)
    assert page.status_code == 200
    assert list(lues)[:2] == ["État", "Dispositif"] and list(lues)[-1] == "Description"
    inconnu = "—on ne sait pas"
    assert lues["État"] == ["À vérifier", "En vigueur"] and lues["Fin"] == [inconnu, "2099"]
    assert lues["Signé"] == [inconnu, "mars 2023"] and lues["Qui le porte"] == [inconnu, "Ville de <Roubaix>"]
    assert lues["Priorités"][0] == inconnu and lues["Gouvernance et partenaires"] == [inconnu, "Ville et ARS."]
    assert 'href="/dispositifs-locaux/cls-roubaix/#source-1"' in page.text and "Réalisations" not in lues


def test_ce_que_personne_ne_distingue_se_cache(client, contrats):
    page = client.get(f"{ADRESSE}?l=cls-hem&l=cls-lille&differences=1").text
    assert re.search(r'<tr class="pareil" hidden>\s*<th scope="row"><span class="colle">Dispositif', page)
    assert re.search(r'<tr>\s*<th scope="row"><span class="colle">Territoires', page)


def test_ceux_d_un_territoire_se_comparent_d_un_lien(client, contrats):
    page = client.get("/territoires/departement/59/").text
    lien = re.search(rf'href="({ADRESSE}\?[^"]*)"', page)[1].replace("&amp;", "&")
    assert set(rangees(client.get(lien).text)["Territoires"]) == {"Hem", "Roubaix", "Lille"}


def test_au_dela_de_six_on_choisit(client, contrats):
    for n in range(4):
        fiche_locale(slug=f"cls-{n}", dispositif="cls", titre=f"CLS {n}")
    page = client.get(f"{ADRESSE}?dispositif=cls")
    assert page.status_code == 200 and "<table" not in page.text
    assert page.text.count('<input type="checkbox" name="l"') == 7


def test_a_un_seul_on_propose_ceux_d_a_cote(client, contrats):
    fiche_locale(slug="cls-ailleurs", titre="CLS d’ailleurs", dispositif="cls", sur=[territoire(nom="Brest")])
    page = client.get(f"{ADRESSE}?l=cls-hem")
    assert page.status_code == 200 and "Ajoutez-en au moins un autre." in page.text and "<table" not in page.text
    assert re.findall(r'<input type="checkbox" name="l" value="([^"]*)"', page.text) == ["cls-lille", "cls-roubaix"]


@pytest.mark.parametrize(
    "demande, dit, compares",
    [
        ("l=cls-hem&l=cls-lille&l=<b>", "Dispositif local inconnu", 2),
        ("l=cls-hem&l=cls-masque", "Dispositif local inconnu", 0),
        ("l=cls-hem&l=cls-lille&territoire=nullepart-du-tout", "nullepart-du-tout", 2),
        ("l=cls-hem&l=cls-lille&dispositif=rien", "pas de la liste", 2),
        ("&".join(f"l=cls-{n}" for n in range(7)), "au plus 6", 6),
    ],
)
def test_une_demande_fautive_est_dite_et_le_reste_garde(client, contrats, demande, dit, compares):
    masquer(fiche_locale(slug="cls-masque"))
    for n in range(7):
        fiche_locale(slug=f"cls-{n}", titre=f"CLS {n}")
    for suite in ("", "&format=xlsx"):
        page = client.get(f"{ADRESSE}?{demande}{suite}")
        assert page.status_code == 400 and dit in texte(page.text) and "<b>" not in page.text
        assert len(re.findall(r'<th scope="col"><a', page.text)) == compares


def test_le_tableau_s_emporte_une_ligne_par_contrat_une_colonne_par_valeur(client, contrats):
    adresse = f"{ADRESSE}?l=cls-hem&l=cls-roubaix&format="
    lignes = list(csv.reader(StringIO(client.get(f"{adresse}csv").content.decode("utf-8-sig")), delimiter=";"))
    classeur = [cellules for feuille in feuilles(client.get(f"{adresse}xlsx").content) for _, cellules in feuille]
    assert [[cellule or "" for cellule in ligne] for ligne in classeur] == lignes
    entete, hem, roubaix = lignes
    lu = dict(zip(entete, roubaix, strict=True))
    assert lu["Nom"] == "CLS de Roubaix" and lu["Priorités"] == "Santé mentale." and lu["État"] == "En vigueur"
    assert lu["Qui le porte"] == "Ville de <Roubaix>" and lu["Adresse"].endswith("/dispositifs-locaux/cls-roubaix/")
    assert dict(zip(entete, hem, strict=True))["Fin"] == ""


@pytest.mark.parametrize("voir, vue", [("cls-roubaix", "2"), ("", "1"), ("autre", "1")])
def test_au_telephone_on_en_montre_un_que_l_adresse_choisit(client, contrats, voir, vue):
    page = client.get(f"{ADRESSE}?l=cls-hem&l=cls-roubaix&voir={voir}").text
    assert f'data-vue="{vue}"' in page
    assert re.search(r'id="vue-(\d)"\s+value="[^"]*" checked', page)[1] == vue


def test_comparer_coute_peu_de_requetes(client, contrats, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        client.get(f"{ADRESSE}?l=cls-hem&l=cls-roubaix&l=cls-lille")
