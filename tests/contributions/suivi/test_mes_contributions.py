import pytest

from contributions.models import Proposition
from contributions.verbes import propositions
from tests.contributions.papier import ouvrir
from tests.contributions.recits import proposition, signalement
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


def test_on_n_y_trouve_rien_des_autres(connectee, fiche):
    autre = proposition(fiche, auteur=personne("autre"), cout="Un.")
    assert autre.get_absolute_url() not in connectee.get(ADRESSE).text


def test_la_page_ne_coute_pas_plus_avec_cent_contributions(connectee, fiche, django_assert_max_num_queries):
    for n in range(30):
        proposition(fiche, auteur=personne(), cout=f"Prix {n}.")
        signalement(fiche, auteur=personne())
    with django_assert_max_num_queries(7):  # tables among them
        connectee.get(ADRESSE)
