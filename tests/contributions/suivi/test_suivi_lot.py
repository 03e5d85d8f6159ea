"""The follow-up page of a table: where each row stands, under one secret link; the whole withdrawn."""

import pytest

from contributions.verbes import lots, propositions
from tests.balisage import texte
from tests.contributions.recits import ligne
from tests.factories import constat, fiche_locale, moderatrice, personne

pytestmark = pytest.mark.django_db


@pytest.fixture
def lot():
    cls = fiche_locale(constats=[constat("actif", "2024")], titre="CLS d’Elbeuf")
    vu = [constat("actif", "2024"), constat("actif", "2025")]
    return lots.deposer(personne(), "Suivi des CLS", [ligne(3, cls), ligne(4, cls, constats=vu), ligne(7)])


def test_la_page_dit_ou_en_est_chaque_ligne(client, lot):
    propositions.accepter(lot.propositions.get(ligne=4), par=moderatrice(), depot=1)
    page = texte(client.get(lot.get_absolute_url()).text)
    assert "1 fiche attend une réponse" in page and "Acceptée, 1" in page and "lignes 3" not in page
    assert "Sans effet, la fiche le dit déjà : ligne 3." in page
    filtree = client.get(lot.get_absolute_url(), {"etat": "acceptee"}).text
    assert "CLS d’Elbeuf" in filtree and "ligne 7" not in filtree


def test_le_lien_est_secret_et_rien_ne_change_a_le_lire(client, lot):
    reponse = client.get(lot.get_absolute_url())
    assert reponse.headers["X-Robots-Tag"] == "noindex, nofollow" and "no-store" in reponse.headers["Cache-Control"]
    assert client.get("/suivi/lot/inconnu/").status_code == 404
    assert lot.propositions.filter(statut="soumise").count() == 2


def test_le_lot_se_retire_de_sa_page_une_fois(client, lot):
    assert client.post(lot.get_absolute_url(), {"verbe": "retirer"}).status_code == 303
    assert {p.statut for p in lot.propositions.all()} == {"retiree"}
    assert client.post(lot.get_absolute_url(), {"verbe": "retirer"}).status_code == 409
    assert client.post(lot.get_absolute_url(), {"verbe": "autre"}).status_code == 400


def test_chaque_ligne_mene_a_son_tableau_et_mes_contributions_aussi(client, lot):
    une = lot.propositions.get(ligne=7)
    assert lot.get_absolute_url() in client.get(une.get_absolute_url()).text
    client.force_login(personne())
    page = client.get("/mes-contributions/").text
    assert lot.get_absolute_url() in page and une.get_absolute_url() not in page
