"""A named perimeter on the pages: what it is made of, what it covers, where it is found."""

from datetime import date

import pytest

from dispositifs.age import COUVERT, INCONNU
from panorama.couverture import couverture
from territoires.models import Composition
from tests.balisage import texte
from tests.factories import fiche_dispositif, fiche_locale, territoire

pytestmark = pytest.mark.django_db
PAYS = "/territoires/perimetre/pays-de-bray/"
SOURCE = {
    "organisation": "Préfecture",
    "titre": "Arrêté de périmètre",
    "url": "https://exemple.fr/arrete",
    "date": "2020-05",
    "lue_le": "2026-11-26",
}


@pytest.fixture
def lieux():
    region = territoire("region", "28", "Normandie")
    departement = territoire("departement", "76", "Seine-Maritime", dans=[region])
    champs = {"sous_nature": "PETR", "autres_noms": ["Pays de Bray"], "departements": ["76"]}
    pays = territoire("perimetre", "pays-de-bray", "PETR du Pays de Bray", dans=[departement, region], **champs)
    epci = territoire("epci", "200069730", "CC des Quatre Rivières", dans=[pays, departement, region])
    commune = territoire("commune", "76312", "Gournay-en-Bray", dans=[epci, pays, departement, region])
    return {"pays": pays, "departement": departement, "epci": epci, "commune": commune}


def composer(lieux, *, complete: bool = True, note: str = "") -> None:
    composition = Composition.objects.create(territoire=lieux["pays"], complete=complete, note=note, **SOURCE)
    composition.membres.set([lieux["epci"]])


@pytest.fixture
def connu_en_partie(lieux):
    """Return the places, the perimeter of which holds nothing for sure."""
    lieux["pays"].inclus.exclude(contenu=lieux["pays"]).delete()
    composer(lieux, complete=False, note="Une communauté nommée sur trois.")
    return lieux


def test_la_page_dit_les_membres_et_la_source(client, lieux):
    composer(lieux)
    page = texte(client.get(PAYS).text)
    assert "Pôle d’équilibre territorial et rural" in page
    assert "1 membre : ce qui couvre ce territoire le couvre aussi." in page
    assert "CC des Quatre Rivières" in page
    assert "Préfecture, Arrêté de périmètre (mai 2020). Lue le 26 novembre 2026." in page


def test_la_page_dit_que_la_composition_est_connue_en_partie(client, connu_en_partie):
    page = texte(client.get(PAYS).text)
    assert "Nous ne connaissons pas tous les membres" in page and "Une communauté nommée sur trois." in page
    assert "CC des Quatre Rivières" in page and "Qui couvre quoi" not in page


def test_les_requetes_de_la_page(client, lieux, django_assert_max_num_queries):
    composer(lieux)
    client.get(PAYS)
    with django_assert_max_num_queries(11):
        client.get(f"{PAYS}?encore")


def test_le_fil_d_ariane_ne_passe_pas_par_un_territoire_de_projet(client, lieux):
    composer(lieux)
    fil = client.get("/territoires/commune/76312/").context["etapes"]
    assert [nom for nom, _ in fil] == ["Territoires", "Normandie", "Seine-Maritime", "CC des Quatre Rivières"]
    assert "PETR du Pays de Bray" in client.get("/territoires/commune/76312/").text


def test_le_departement_liste_ses_territoires_de_projet(client, lieux):
    page = client.get("/territoires/departement/76/").text
    assert f'href="{PAYS}"' in page and "territoire de projet" in page


def test_un_dispositif_du_pays_couvre_ses_membres(client, lieux):
    fiche_dispositif(slug="cls", titre="Contrat local de santé", sigle="CLS")
    fiche_locale(titre="CLS du Pays de Bray", dispositif="cls", sur=[lieux["pays"]])
    for adresse in ("/territoires/commune/76312/", "/territoires/epci/200069730/"):
        assert "Via PETR du Pays de Bray" in client.get(adresse).text
    table = couverture(lieux["departement"], "commune", date(2023, 1, 1))
    assert [(case.etat, list(case.via)) for r in table.rangees for case in r.cases] == [
        (COUVERT, ["via PETR du Pays de Bray"])
    ]


def test_un_dispositif_d_un_pays_mal_connu_ne_couvre_personne(client, connu_en_partie):
    fiche_dispositif(slug="cls", titre="Contrat local de santé", sigle="CLS")
    fiche_locale(titre="CLS du Pays de Bray", dispositif="cls", sur=[connu_en_partie["pays"]])
    assert "CLS du Pays de Bray" not in client.get("/territoires/commune/76312/").text
    assert "CLS du Pays de Bray" in client.get("/territoires/departement/76/").text
    table = couverture(connu_en_partie["departement"], "commune", date(2023, 1, 1))
    assert [case.etat for rangee in table.rangees for case in rangee.cases] == [INCONNU]


def test_la_couverture_d_un_pays_se_lit_commune_par_commune(client, lieux):
    fiche_dispositif(slug="cls", titre="Contrat local de santé", sigle="CLS")
    assert "Gournay-en-Bray" in client.get(f"{PAYS}couverture/").text
    assert client.get(f"{PAYS}semblables/").status_code == 404


def test_la_couverture_d_un_pays_mal_connu_ne_dit_pas_qu_il_n_a_pas_de_commune(client, connu_en_partie):
    assert "Nous ne connaissons pas toutes les communes" in client.get(f"{PAYS}couverture/").text


def test_on_ne_dit_pas_d_un_pays_mal_connu_qu_il_n_a_pas_de_quartier(client, connu_en_partie):
    assert "Nous ne connaissons aucun quartier" in client.get(f"{PAYS}couverture/?niveau=qpv").text
    page = texte(client.get("/fiches/", {"q": "qpv Pays de Bray"}).text)
    assert "Nous ne connaissons aucun quartier prioritaire ici" in page


@pytest.mark.parametrize(
    "q", ["Pays de Bray", "PETR du Pays de Bray", "petr du pays de bray", "PETR de Bray", "pays-de-bray"]
)
def test_il_se_trouve_par_ses_noms(client, lieux, q):
    assert f'href="{PAYS}"' in client.get("/territoires/chercher/", {"q": q}).text


def test_il_filtre_le_catalogue(client, lieux):
    fiche_locale(titre="CLS du Pays de Bray", sur=[lieux["pays"]])
    fiche_locale(titre="CLS d’ailleurs")
    for saisie in ("perimetre:pays-de-bray", "Pays de Bray"):
        page = client.get("/fiches/", {"territoire": saisie})
        assert "CLS du Pays de Bray" in page.text and "CLS d’ailleurs" not in page.text


def test_le_lieu_se_lit_dans_les_mots(client, lieux):
    fiche_dispositif(slug="cls", titre="Contrat local de santé", sigle="CLS")
    fiche_locale(titre="Contrat du pays", dispositif="cls", sur=[lieux["pays"]])
    assert "Contrat du pays" in client.get("/fiches/", {"q": "CLS Pays de Bray"}).text


def test_la_carte_du_departement_le_montre(client, lieux):
    fiche_locale(titre="CLS du Pays de Bray", sur=[lieux["pays"]])
    assert f'href="{PAYS}"' in client.get("/carte/?departement=76").text


def test_l_export_dit_son_code(client, lieux):
    fiche_locale(titre="CLS du Pays de Bray", sur=[lieux["pays"]])
    assert "perimetre:pays-de-bray" in client.get("/fiches/", {"format": "csv"}).content.decode("utf-8-sig")


def test_le_plan_du_site_le_dit(client, lieux):
    fiche_locale(sur=[lieux["pays"]])
    assert PAYS in client.get("/sitemap-territoires.xml").text
