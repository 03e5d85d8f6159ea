"""What cannot be undone asks for a fresh proof: the second factor, or a code sent to the present address."""

from datetime import timedelta

import html5lib
import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP
from django.utils import timezone

from comptes.models import Utilisateur
from tests.boite import Boite
from tests.comptes.preuves import SECRET, code_de, entrer, prouver, se_connecter
from tests.factories import personne

pytestmark = pytest.mark.django_db
CAMILLE = "camille@ville.example"
NOUVELLE = "camille@agence.example"


@pytest.fixture
def camille() -> Utilisateur:
    return personne("camille")


def changer_d_adresse(client):
    return client.post("/comptes/adresse/", {"email": NOUVELLE, "action_add": "1"})


def fermer(client):
    return client.post("/comptes/supprimer/", {"nom": "garder", "compris": "on"})


def exporter(client):
    return client.get("/comptes/donnees/fichier/")


def activer(client):
    return client.get("/comptes/second-facteur/application/")


ACTES = [changer_d_adresse, fermer, exporter, activer]


def donner_le_code(client, courriels: Boite, reponse):
    """Prove by a code, from the page one was led to."""
    client.post(reponse.url, {"action": "envoyer"})
    return client.post(reponse.url, {"code": courriels.code(CAMILLE)})


@pytest.mark.parametrize("acte", ACTES)
def test_une_session_restee_ouverte_ne_suffit_pas(client, camille, courriels: Boite, acte):
    client.force_login(camille)
    assert acte(client).url.startswith("/comptes/preuve/?next=")
    assert not courriels and Utilisateur.objects.get() == camille


@pytest.mark.parametrize("acte", ACTES)
def test_qui_a_un_second_facteur_doit_le_donner(client, camille, acte):
    TOTP.activate(camille, SECRET)
    entrer(client, camille, "code")
    assert acte(client).url.startswith("/comptes/second-facteur/confirmer/?next=")
    prouver(client, camille, "mfa")
    assert "confirmer" not in acte(client).get("Location", "")


@pytest.mark.parametrize("acte", ACTES)
def test_venir_de_se_connecter_suffit_dix_minutes(client, camille, courriels: Boite, acte):
    debut = timezone.now()
    se_connecter(client, courriels, CAMILLE)
    with time_machine.travel(debut + timedelta(minutes=11)):
        assert acte(client).url.startswith("/comptes/preuve/")
    with time_machine.travel(debut + timedelta(minutes=9)):
        assert "preuve" not in acte(client).get("Location", "")


def test_le_code_va_a_l_adresse_presente_et_ce_qui_est_saisi_suit(client, camille, courriels: Boite):
    client.force_login(camille)
    reponse = changer_d_adresse(client)
    assert donner_le_code(client, courriels, reponse).url == "/comptes/confirmation/"
    assert "c’est vous" in courriels.pour(CAMILLE)[0].objet
    client.post("/comptes/confirmation/", {"code": courriels.code(NOUVELLE)})
    camille.refresh_from_db()
    assert camille.email == NOUVELLE


def test_l_export_vient_apres_le_code(client, camille, courriels: Boite):
    client.force_login(camille)
    assert donner_le_code(client, courriels, exporter(client)).url == "/comptes/donnees/fichier/"
    assert exporter(client).status_code == 200


def test_un_mauvais_code_n_est_pas_une_preuve(client, camille, courriels: Boite):
    client.force_login(camille)
    page = exporter(client).url
    client.post(page, {"action": "envoyer"})
    bon = courriels.code(CAMILLE)
    faux = "000000" if bon != "000000" else "111111"
    for _ in range(2):
        reponse = client.post(page, {"code": faux})
        assert reponse.status_code == 422 and "pas le bon" in reponse.text
        html5lib.HTMLParser(strict=True).parse(reponse.text)
    assert client.post(page, {"code": "12"}).status_code == 422
    client.post(page, {"code": faux})
    client.post(page, {"code": bon})
    assert exporter(client).status_code == 302


def test_le_code_d_une_ancienne_adresse_ne_prouve_rien(client, camille):
    entrer(client, camille)
    Utilisateur.objects.filter(pk=camille.pk).update(email=NOUVELLE)
    assert exporter(client).url.startswith("/comptes/preuve/")


def test_la_page_de_preuve_est_du_html_valide(client, camille, courriels: Boite):
    client.force_login(camille)
    page = exporter(client).url
    for _ in range(2):
        reponse = client.get(page)
        html5lib.HTMLParser(strict=True).parse(reponse.text)
        assert CAMILLE in reponse.text and reponse["Cache-Control"].count("no-store")
        client.post(page, {"action": "envoyer"})


def test_on_ne_demande_pas_des_codes_sans_fin(client, camille, courriels: Boite):
    client.force_login(camille)
    for _ in range(5):
        reponse = client.post("/comptes/preuve/", {"action": "envoyer"}, follow=True)
    assert "Trop de demandes" in reponse.text and len(courriels) == 3


def test_qui_a_un_second_facteur_ne_prouve_rien_par_un_code(client, camille):
    TOTP.activate(camille, SECRET)
    client.force_login(camille)
    assert client.get("/comptes/preuve/").url == "/comptes/second-facteur/confirmer/"
    assert client.post("/comptes/preuve/", {"action": "envoyer"}).url == "/comptes/second-facteur/confirmer/"


def test_le_second_facteur_donne_ce_qui_etait_demande_se_fait(client, camille, courriels: Boite):
    TOTP.activate(camille, SECRET)
    client.force_login(camille)
    reponse = changer_d_adresse(client)
    suite = client.post(reponse.url, {"code": code_de(), "next": "/comptes/adresse/"})
    assert suite.url == "/comptes/confirmation/" and courriels.pour(NOUVELLE)


def test_ce_a_quoi_l_on_a_renonce_ne_se_fait_pas_a_la_preuve_suivante(client, camille, courriels: Boite):
    TOTP.activate(camille, SECRET)
    client.force_login(camille)
    page = "/comptes/second-facteur/application/retirer/"
    client.post(page)  # and one goes elsewhere
    confirmer = client.get(page).url
    assert client.post(confirmer, {"code": code_de(), "next": page}).url == page
    assert camille.authenticator_set.exists()
