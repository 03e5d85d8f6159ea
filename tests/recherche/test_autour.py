"""A list asked of a place: what is there first, then what is around it, as far as one wants."""

import pytest

from recherche.plein_texte import CLASSEES
from tests.factories import fiche_action, fiche_dispositif, fiche_locale, territoire
from tests.recherche.lecture import lire

pytestmark = pytest.mark.django_db


@pytest.fixture
def elbeuf():
    """Elbeuf and what surrounds it, with a fiche in each place."""
    region = territoire("region", "28", "Normandie")
    departement = territoire("departement", "76", "Seine-Maritime", dans=[region])
    metropole = territoire("epci", "200023414", "Métropole Rouen Normandie", dans=[departement, region])
    elbeuf, rouen = (
        territoire("commune", code, nom, dans=[metropole, departement, region])
        for code, nom in (("76231", "Elbeuf"), ("76540", "Rouen"))
    )
    fiche_action(titre="Marche à Rouen", sur=[rouen])
    fiche_action(titre="Marche au Havre", sur=[territoire("commune", "76351", "Le Havre", dans=[departement, region])])
    fiche_action(titre="Marche dans l’Eure", sur=[territoire("departement", "27", "Eure", dans=[region])])
    fiche_action(titre="Marche de la métropole", sur=[metropole])
    fiche_action(titre="Marche d’Elbeuf", sur=[elbeuf])
    fiche_locale(titre="Contrat de la métropole, pour la marche", sur=[metropole])
    fiche_dispositif(titre="La marche")
    fiche_dispositif(titre="Autre chose")


A_ELBEUF = ["Contrat de la métropole, pour la marche", "Marche d’Elbeuf"]
ELBEUF = {"territoire": "commune:76231"}


def test_ce_qui_est_ici_ou_couvre_vient_avant_ce_qui_est_autour(client, elbeuf):
    page = lire(client, **ELBEUF)
    assert {titre: sorted(fiches) for titre, fiches in page.groupes.items()} == {
        "À Elbeuf": A_ELBEUF,
        "Autour d’Elbeuf": ["Marche de la métropole"],
    }


def test_et_autour_va_jusqu_au_departement_et_se_retire(client, elbeuf):
    page = lire(client, **ELBEUF, autour=1)
    assert list(page.groupes) == ["À Elbeuf", "Autour d’Elbeuf", "Ailleurs dans le département"]
    assert page.groupes["Autour d’Elbeuf"] == ["Marche de la métropole", "Marche à Rouen"]
    assert page.groupes["Ailleurs dans le département"] == ["Marche au Havre"]
    assert page.puces["et autour, jusqu’au département"] == "/fiches/?territoire=commune:76231"
    assert "5 fiches sur 8" in page.texte and 'name="autour" value="1" checked' in page.html


def test_avec_des_mots_les_dispositifs_qui_les_ont_aident_a_comprendre(client, elbeuf):
    page = lire(client, **ELBEUF, q="marche", autour=1)
    assert list(page.groupes)[-1] == "Pour comprendre" and page.groupes["Pour comprendre"] == ["La marche"]
    assert sorted(page.groupes["À Elbeuf"]) == A_ELBEUF


def test_on_y_va_d_un_lien(client, elbeuf):
    page = lire(client, **ELBEUF, theme="logement")
    assert "Voir aussi autour" not in page.texte  # nothing answers: other ways are offered
    page = lire(client, **ELBEUF, q="marche")
    assert 'href="/fiches/?autour=1&amp;q=marche&amp;territoire=commune:76231"' in page.html
    assert "Voir aussi autour" not in lire(client, **ELBEUF, q="marche", autour=1).texte


def test_un_autre_ordre_ne_fait_qu_une_liste(client, elbeuf):
    page = lire(client, **ELBEUF, autour=1, tri="nom")
    assert page.groupes == {} and page.titres[0] == A_ELBEUF[0] and page.titres[-1] == "Marche de la métropole"


def test_un_departement_va_jusqu_a_la_region_et_une_region_n_a_pas_d_autour(client, elbeuf):
    page = lire(client, territoire="departement:76", autour=1)
    assert list(page.groupes) == ["En Seine-Maritime", "Ailleurs dans la région"]
    assert page.groupes["Ailleurs dans la région"] == ["Marche dans l’Eure"]
    page = lire(client, territoire="region:28", autour=1)
    assert list(page.groupes) == ["En Normandie"] and 'name="autour"' not in page.html


def test_sans_territoire_autour_ne_veut_rien_dire(client, elbeuf):
    page = lire(client, q="marche", autour=1)
    assert page.groupes == {} and "autour" not in str(page.puces)


def test_au_dela_de_ce_qui_est_classe_chaque_fiche_est_sur_une_page_et_une_seule(client, elbeuf, monkeypatch):
    monkeypatch.setattr("recherche.plein_texte.CLASSEES", 2)
    monkeypatch.setattr("recherche.catalogue.PAR_PAGE", 2)
    pages = [lire(client, **ELBEUF, q="marche", autour=1, page=numero).titres for numero in (1, 2, 3)]
    assert len({titre for page in pages for titre in page}) == 6 and CLASSEES > 2
