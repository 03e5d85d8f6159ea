"""What people really type finds what the base really holds."""

import pytest
from django.test import Client

from config.settings import base
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
    [("vilfe santé", "ville santé"), ("vandeuvre", "vandœuvre"), ("psychaitrie", "psychiatrie")],
)
def test_la_bonne_orthographe_est_proposee(client, recherche, orthographe):
    assert orthographe in lire(client, q=recherche).pistes


def test_ce_qu_on_exclut_n_y_est_pas(client):
    page = lire(client, q='"maison de santé" -valenciennes')
    assert page.titres and not any("Valenciennes" in titre for titre in page.titres)


def test_un_nom_de_commune_mene_a_sa_page(client):
    assert "/territoires/commune/02168/" in lire(client, q="château thierry").html


@pytest.mark.parametrize(
    "q, lieu", [("76350", "commune/76484"), ("76540", "commune/76540"), ("Oissel", "commune/76484")]
)
def test_un_code_postal_mene_au_territoire_et_a_ses_fiches(client, q, lieu):
    page = lire(client, q=q).html
    assert f'href="/territoires/{lieu}/"' in page
    assert f'href="/fiches/?territoire={lieu.replace("/", ":")}">Toutes ses fiches' in page


def test_sans_aucun_mot_on_en_demande_un(client):
    assert "Écrivez au moins un mot." in lire(client, q="'\"<>").html


TAPEES = [
    "CLS Elbeuf", "cls 76", "cls normandie", "contrat de ville rouen", "CLSM métropole rouen", "QPV Elbeuf",
    "cls 76500", "rouan", "ville de xyzzy", "xyzzy plouf", "vacination gripe", "que faire à Elbeuf",
    "comment monter un CLSM à Elbeuf", "asv et cls à Rouen et Elbeuf", "elbeuf sur seine", "santé mentale",
    "c’est quoi le trampoline social", "trampoline social à Rouen",
    "agglo rouen", "cc dieppe", "cls cc dieppe", "les sapins rouen", "QPV les violettes rouen", "QPV Normandie",
    "quartier les arts fleuris", "cls pays de bray", "contrat de ville grand nancy", "adolescents Elbeuf",
    '"' * 200, "1 OU " * 40, "x " * 5_000, "cls OU " * 1_000,
]  # fmt: skip


@pytest.mark.parametrize("q", TAPEES, ids=lambda q: q[:40])
def test_une_recherche_coute_huit_requetes_au_plus(settings, django_assert_max_num_queries, q):
    settings.MIDDLEWARE = base.MIDDLEWARE  # the reading of the edition too
    with django_assert_max_num_queries(8):
        Client().get("/fiches/", {"q": q})


@pytest.mark.parametrize(
    "parametres",
    [
        {"q": "cls", "territoire": "rouan"},
        {"q": "cls", "territoire": "agglo de rouen", "theme": "sante-mentale"},
        {"q": "contrat de ville", "territoire": "commune:76540", "nature": "local"},
        {"q": "cls", "territoire": "commune:93059", "tri": "proximite"},
        {"q": "xyzzy", "territoire": "76500", "dans": "leviers"},
        {"q": "trampoline social santé", "territoire": "agglo de rouen", "dans": "leviers"},
    ],
    ids=lambda parametres: " ".join(parametres.values())[:40],
)
def test_une_recherche_filtree_coute_huit_requetes_au_plus(client, django_assert_max_num_queries, parametres):
    with django_assert_max_num_queries(8):
        client.get("/fiches/", parametres)
