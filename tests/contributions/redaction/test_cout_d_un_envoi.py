"""What handing in costs: whatever the button, the row of a proposition is written once; whatever fails, it is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contributions.models import Proposition
from contributions.redaction.reception import Reception
from tests.contributions.papier import Papier, ouvrir, seule
from tests.factories import fiche_dispositif, personne

pytestmark = pytest.mark.django_db
ADRESSE = "/dispositifs/asv/proposer/"
TABLE = '"contributions_proposition"'


@pytest.fixture
def papier(client):
    fiche_dispositif(slug="asv", sections={"description": "Une démarche.[^1]", "cout": "Peu."})
    return ouvrir(client, ADRESSE).remplir(**{"section-cout": "Beaucoup."})


def ecritures(papier: Papier, **bouton: str) -> list[str]:
    """Post, and return what was done to the row: INSERT, UPDATE."""
    with CaptureQueriesContext(connection) as requetes:
        papier.envoyer(**bouton)
    mots = [requete["sql"].replace("INTO ", "", 1).split(" ")[:2] for requete in requetes.captured_queries]
    return [verbe for verbe, table in mots if verbe in ("INSERT", "UPDATE", "DELETE") and table == TABLE]


def test_un_premier_envoi_sans_compte_coute_peu(papier, django_assert_max_num_queries):
    papier.signer()
    with django_assert_max_num_queries(20):
        assert papier.envoyer().status_code == 303


def test_un_premier_envoi_ecrit_la_ligne_une_fois(papier):
    assert ecritures(papier.signer()) == ["INSERT"]
    assert seule().statut == Proposition.Statut.A_CONFIRMER


@pytest.mark.parametrize(
    "bouton",
    [{"ajouter": "sources"}, {"retirer": "sources-8"}, {"voir": "apercu"}, {"brouillon": "1"}, {"envoyer": "1"}],
)
def test_chaque_bouton_l_ecrit_une_fois(papier, bouton):
    assert ecritures(papier, **bouton) == ["INSERT"]
    assert seule().saisie["section-cout"] == ["Beaucoup."]


def test_reprendre_un_brouillon_et_l_envoyer_aussi(papier):
    suite = papier.presser(brouillon="1").remplir(**{"section-cout": "Énormément."}).signer()
    assert ecritures(suite) == ["UPDATE"]
    assert seule().depot.changements == {"section-cout": "Énormément."}


def test_avec_un_compte_aussi(client, papier):
    client.force_login(personne())
    assert ecritures(papier.signer()) == ["INSERT"]
    assert (seule().statut, seule().auteur) == (Proposition.Statut.SOUMISE, personne())


@pytest.mark.parametrize(
    "panne", ["contributions.redaction.reception.changements", "contributions.verbes.notifications.a_confirmer"]
)
def test_le_texte_est_garde_quand_le_reste_tombe_en_panne(client, papier, monkeypatch, panne):
    monkeypatch.setattr(panne, lambda *_, **__: 1 / 0)
    client.raise_request_exception = False
    assert papier.signer().envoyer().status_code == 500
    assert (seule().statut, seule().saisie["section-cout"]) == (Proposition.Statut.BROUILLON, ["Beaucoup."])
    assert not seule().depots.exists()


def test_deux_envois_au_meme_instant_font_une_proposition(papier, monkeypatch):
    """The second finds no row, and the first writes it before the second does."""
    chercher, premiere = Reception._retrouver, []

    def pendant_que_l_autre_ecrit(redaction):
        chercher(redaction)
        if not premiere:
            premiere.append(redaction)
            monkeypatch.setattr(Reception, "_retrouver", chercher)
            papier.envoyer()

    monkeypatch.setattr(Reception, "_retrouver", pendant_que_l_autre_ecrit)
    assert papier.signer().envoyer().status_code == 303
    assert seule().depots.count() == 1


def test_qui_envoie_du_premier_coup_ne_recoit_pas_de_cookie_de_session(client, papier, settings):
    papier.signer().envoyer()
    assert settings.SESSION_COOKIE_NAME not in client.cookies
