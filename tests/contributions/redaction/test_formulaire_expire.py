"""A post refused before it reaches its view: the text comes back, is kept, and can be sent again."""

import pytest
from django.test import Client

from contributions.models import Proposition
from tests.contributions.papier import Papier, ouvrir, seule
from tests.factories import fiche_dispositif, personne

pytestmark = pytest.mark.django_db
ADRESSE = "/dispositifs/asv/proposer/?section=cout"


@pytest.fixture
def stricte():
    """A browser whose posts are checked as in production."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def papier(stricte):
    fiche_dispositif(slug="asv", sections={"description": "Une démarche.[^1]", "cout": "Peu."})
    return ouvrir(stricte, ADRESSE).remplir(**{"section-cout": "Beaucoup, et bien plus encore."}).signer()


def test_avec_son_jeton_l_envoi_passe(papier):
    assert papier.envoyer().status_code == 303


def test_un_jeton_perime_rend_le_texte_et_le_renvoyer_suffit(papier):
    reponse = papier.remplir(csrfmiddlewaretoken="périmé").envoyer()
    assert reponse.status_code == 403 and "Votre texte est là" in reponse.text
    rendu = Papier(papier.client, reponse)
    assert rendu["section-cout"] == "Beaucoup, et bien plus encore."
    assert "<script" not in reponse.text.partition("<main")[2].partition("</main>")[0]
    assert "redaction.js" not in reponse.text and "autofocus" not in reponse.text
    assert papier.client.post(rendu.adresse, rendu.champs).status_code == 303
    assert seule().depot.changements == {"section-cout": "Beaucoup, et bien plus encore."}


def test_le_texte_refuse_est_deja_garde_en_brouillon(papier):
    reponse = papier.remplir(csrfmiddlewaretoken="périmé").envoyer()
    assert seule().statut == "brouillon" and seule().saisie["section-cout"] == ["Beaucoup, et bien plus encore."]
    assert seule().get_absolute_url() in reponse.text


def test_le_texte_refuse_n_est_au_nom_de_personne(stricte, papier):
    stricte.force_login(personne())
    papier.remplir(csrfmiddlewaretoken="périmé").envoyer()
    assert seule().auteur is None


def test_corriger_le_texte_rendu_garde_le_meme_brouillon(stricte, papier):
    rendu = Papier(stricte, papier.remplir(csrfmiddlewaretoken="périmé").envoyer())
    rendu.remplir(**{"section-cout": "Encore plus que cela, vraiment."})
    assert stricte.post(rendu.adresse, rendu.champs).status_code == 303
    assert Proposition.objects.count() == 1


def test_sans_aucun_cookie_on_le_dit_clairement(papier):
    nu = Client(enforce_csrf_checks=True)
    reponse = nu.post(ADRESSE, {**papier.champs, "envoyer": "1"})
    assert reponse.status_code == 403 and "aucun cookie" in reponse.text
    assert "Beaucoup, et bien plus encore." in reponse.text and seule().get_absolute_url() in reponse.text


def test_un_texte_mechant_revient_inoffensif(papier):
    page = papier.remplir(**{"section-cout": "</textarea><script>alert(1)</script>"}).remplir(csrfmiddlewaretoken="x")
    assert "<script>alert" not in page.envoyer().text


def test_sans_page_a_nous_rien_n_est_garde_mais_tout_est_rendu(stricte):
    fiche_dispositif(slug="asv")
    reponse = stricte.post(ADRESSE, {"section-cout": "Un texte venu d’on ne sait où."})
    assert reponse.status_code == 403 and "Un texte venu d’on ne sait où." in reponse.text
    assert not Proposition.objects.exists()


@pytest.mark.parametrize(
    "adresse",
    [
        "/moderation/propositions/1/",
        "/moderation/signalements/1/",
        "/moderation/recours/1/",
        "/moderation/fiches/1/",
        "/moderation/choisir/nouvelle/",
        "/moderation/choisir/1/",
        "/moderation/portee/",
        "/moderation/a-rafraichir/",
        "/admin/contributions/proposition/1/etat/ecarter/",
        "/mes-notifications/",
        "/suivi/un-jeton/",
        "/suivi/un-jeton/modifier/",
        "/dispositifs/asv/proposer/",
        "/dispositifs/asv/signaler/",
        "/contribuer/nouvelle-fiche/dispositif/",
    ],
)
def test_partout_ou_l_on_ecrit_un_jeton_perime_rend_le_message(stricte, adresse):
    reponse = stricte.post(adresse, {"verbe": "ecarter", "message": "Merci, mais la source dit autre chose."})
    assert reponse.status_code == 403 and "Merci, mais la source dit autre chose." in reponse.text


def test_hors_des_contributions_la_page_habituelle(stricte):
    reponse = stricte.post("/comptes/connexion/", {"email": "a@exemple.fr"})
    assert reponse.status_code == 403 and "Ce formulaire a expiré" in reponse.text


# What cannot even be read


def test_un_envoi_enorme_est_refuse_clairement(client, papier):
    reponse = client.post(ADRESSE, {"section-cout": "a" * 1_100_000}, content_type="application/x-www-form-urlencoded")
    assert reponse.status_code == 413 and "trop lourd" in reponse.text and "Revenez en arrière" in reponse.text


def test_dix_mille_champs_sont_refuses_clairement(client, papier):
    corps = "&".join(f"sources-{n}-titre=a" for n in range(10_000))
    reponse = client.post(ADRESSE, corps, content_type="application/x-www-form-urlencoded")
    assert reponse.status_code == 400 and "trop de champs" in reponse.text


@pytest.mark.parametrize(
    "genre",
    ["application/x-www-form-urlencoded; charset=utf-7", "multipart/form-data", "multipart/form-data; boundary=é"],
)
def test_un_envoi_illisible_est_refuse_clairement(client, papier, genre):
    reponse = client.post(ADRESSE, b"titre=%FF\0", content_type=genre)
    assert reponse.status_code == 400 and "n’a pas été comprise" in reponse.text


@pytest.mark.parametrize("genre", ["application/json", "text/plain", ""])
def test_un_envoi_d_une_autre_sorte_ne_casse_rien(client, papier, genre):
    assert client.post(ADRESSE, b'{"titre": [}', content_type=genre).status_code in (200, 400, 415, 422)
