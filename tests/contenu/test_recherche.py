"""What people really type finds what the base really holds."""

import pytest

from tests.recherche.lecture import lire

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contenu")]


@pytest.mark.parametrize(
    "recherche, premiere",
    [
        ("clsm", "Conseil local de santé mentale (CLSM)"),
        ("conseil local de sante mentale", "Conseil local de santé mentale (CLSM)"),
        ("asv rouen", "Atelier santé ville de Rouen"),
        ("semaines d’information sante mentale", "Semaines d’information sur la santé mentale (SISM)"),
        ("vandoeuvre", "Aider les mineures enceintes ou mères à reprendre leurs études"),
        ("Vandœuvre", "Aider les mineures enceintes ou mères à reprendre leurs études"),
        ("lien social jeunes", "Les Matinales, pour prendre soin des habitants en réseau"),
    ],
)
def test_la_premiere_fiche_est_la_bonne(client, recherche, premiere):
    assert lire(client, q=recherche).titres[0] == premiere


@pytest.mark.parametrize(
    "recherche, orthographe",
    [("vilfe santé", "ville santé"), ("vandeuvre", "vandœuvre"), ("psychiatrei", "psychiatrie")],
)
def test_la_bonne_orthographe_est_proposee(client, recherche, orthographe):
    assert orthographe in lire(client, q=recherche).pistes


def test_ce_qu_on_exclut_n_y_est_pas(client):
    page = lire(client, q='"maison de santé" -valenciennes')
    assert page.titres and not any("Valenciennes" in titre for titre in page.titres)


def test_un_nom_de_commune_mene_a_sa_page(client):
    assert "/territoires/commune/02168/" in lire(client, q="château thierry").html
