"""The page of an action, and what it leads to."""

import re

import pytest

from tests.factories import fiche_action, fiche_dispositif, masquer, territoire

pytestmark = pytest.mark.django_db


def proches(page: str) -> list[str]:
    bloc = page.partition("Autres actions proches")[2]
    return re.findall(r"Action (\w+)</a>", bloc)


def test_le_meme_levier_ou_le_meme_dispositif_rapproche(client):
    fiche_dispositif(slug="asv")
    fiche_action(slug="lue", titre="Action lue", levier="culture", dispositif="asv")
    fiche_action(titre="Action voisine", levier="culture")
    fiche_action(titre="Action cousine", dispositif="asv")
    fiche_action(titre="Action lointaine", levier="sport")
    assert sorted(proches(client.get("/actions/lue/").text)) == ["cousine", "voisine"]


def test_sans_levier_ni_dispositif_rien_n_est_proche(client):
    fiche_action(slug="lue")
    fiche_action()
    assert "Autres actions proches" not in client.get("/actions/lue/").text


def test_une_action_hors_de_vue_n_est_proche_de_rien(client):
    fiche_action(slug="lue", levier="culture")
    masquer(fiche_action(levier="culture"))
    assert "Autres actions proches" not in client.get("/actions/lue/").text


def test_trois_actions_proches_au_plus(client):
    for nom in ("lue", "a", "b", "c", "d", "e", "f", "g"):
        fiche_action(slug=nom, titre=f"Action {nom}", levier="culture")
    assert len(proches(client.get("/actions/lue/").text)) == 3


def test_elle_mene_aux_territoires_semblables_a_celui_qui_en_a(client):
    region, commune = territoire("region", "28", "Normandie"), territoire(code="76540", nom="Rouen")
    fiche_action(slug="ici", sur=[commune])
    fiche_action(slug="la", sur=[region])
    assert 'href="/territoires/commune/76540/semblables/"' in client.get("/actions/ici/").text
    assert "ne permet pas de la rapprocher" in client.get("/actions/la/").text


def test_un_dispositif_hors_de_vue_n_est_plus_lie(client):
    asv = fiche_dispositif(slug="asv")
    fiche_action(slug="lue", dispositif="asv")
    assert 'href="/dispositifs/asv/"' in client.get("/actions/lue/").text
    masquer(asv)
    assert 'href="/dispositifs/asv/"' not in client.get("/actions/lue/").text
