import pytest

from contributions.models import Proposition, Tableau
from contributions.verbes import lots, propositions
from tests.balisage import texte
from tests.contributions.papier import ouvrir
from tests.contributions.recits import ligne, proposition, signalement
from tests.factories import fiche_dispositif, moderatrice, personne

pytestmark = pytest.mark.django_db
ADRESSE = "/mes-contributions/"


@pytest.fixture
def fiche():
    return fiche_dispositif(slug="asv", sections={"description": "Une démarche.[^1]", "cout": "Peu."})


@pytest.fixture
def connectee(client):
    client.force_login(personne())
    return client


def test_il_faut_un_compte(client):
    reponse = client.get(ADRESSE)
    assert reponse.status_code == 302 and reponse["Location"].startswith("/comptes/connexion/")


def test_on_y_trouve_tout_ce_qu_on_a_ecrit(connectee, fiche):
    ouvrir(connectee, "/dispositifs/asv/proposer/").envoyer(brouillon="1")
    proposition(fiche, auteur=personne(), cout="Un.")
    ecartee = proposition(fiche, auteur=personne(), cout="Deux.")
    propositions.ecarter(ecartee, par=moderatrice(), depot=1, motif="inexact", explication="Non.")
    recu = signalement(fiche, auteur=personne())
    page = connectee.get(ADRESSE).text
    assert "Brouillon" in page and "Déposée" in page and "Écartée" in page and "information inexacte" in page
    for une in (*Proposition.objects.all(), recu):
        assert une.get_absolute_url() in page


def tableau(qui, **champs) -> Tableau:
    return Tableau.objects.create(auteur=qui, nom="cls-2026.xlsx", editeur="ARS", le="2026", feuilles=[], **champs)


def test_un_tableau_commence_s_y_reprend(connectee):
    commence, lu = tableau(personne()), tableau(personne(), tour=1)
    autre = tableau(personne("autre"))
    page = connectee.get(ADRESSE).text
    assert texte(page).count("Reprendre « cls-2026.xlsx »") == 2
    assert commence.get_absolute_url() in page and lu.get_absolute_url() in page
    assert autre.get_absolute_url() not in page


SORTS = {
    "retirée": propositions.retirer,
    "acceptée": lambda une: propositions.accepter(une, par=moderatrice(), depot=1),
    "à corriger": lambda une: propositions.demander_corrections(
        une, par=moderatrice(), depot=1, explication="Précisez."
    ),
    "en attente": lambda une: une,
}


@pytest.mark.parametrize(
    "premiere,seconde,dit",
    [
        ("retirée", "retirée", "Retiré 2 lignes, le"),
        ("acceptée", "retirée", "Terminé 2 lignes, dont 1 retirée, le"),
        ("acceptée", "acceptée", "Terminé 2 lignes, le"),
        ("acceptée", "à corriger", "1 à corriger 2 lignes, le"),
        ("en attente", "retirée", "1 en attente 2 lignes, dont 1 retirée, le"),
    ],
)
def test_un_tableau_envoye_dit_ce_qu_il_est_devenu(connectee, premiere, seconde, dit):
    lot = lots.deposer(personne(), "Suivi des CLS", [ligne(2), ligne(3)])
    for sort, une in zip((premiere, seconde), lot.propositions.order_by("ligne"), strict=True):
        SORTS[sort](une)
    assert dit in texte(connectee.get(ADRESSE).text)


def test_on_n_y_trouve_rien_des_autres(connectee, fiche):
    autre = proposition(fiche, auteur=personne("autre"), cout="Un.")
    assert autre.get_absolute_url() not in connectee.get(ADRESSE).text


def test_la_page_ne_coute_pas_plus_avec_cent_contributions(connectee, fiche, django_assert_max_num_queries):
    for n in range(30):
        proposition(fiche, auteur=personne(), cout=f"Prix {n}.")
        signalement(fiche, auteur=personne())
    with django_assert_max_num_queries(8):  # tables, sent or not, among them
        connectee.get(ADRESSE)
