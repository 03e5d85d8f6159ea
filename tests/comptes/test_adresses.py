"""A change of address: undone for a week from the former one, and never a way to become somebody else."""

import re
from datetime import timedelta

import html5lib
import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.utils import timezone

from comptes import donnees, taches
from comptes.models import AncienneAdresse, Utilisateur
from tests.boite import Boite
from tests.comptes.preuves import SECRET, entrer, se_connecter
from tests.factories import personne

pytestmark = pytest.mark.django_db
CAMILLE = "camille@ville.example"
PIRATE = "pirate@ailleurs.example"


@pytest.fixture
def camille(client) -> Utilisateur:
    camille = personne("camille")
    entrer(client, camille)
    return camille


def changer(client: Client, courriels: Boite, adresse: str = PIRATE) -> None:
    client.post("/comptes/adresse/", {"email": adresse, "action_add": "1"})
    client.post("/comptes/confirmation/", {"code": courriels.code(adresse)})


def lien(courriels: Boite, adresse: str = CAMILLE) -> str:
    return re.findall(r"http://testserver(/comptes/adresse/annuler/\S+)", courriels.pour(adresse)[-1].corps)[0]


def adresse_de(personne: Utilisateur) -> str:
    personne.refresh_from_db()
    return personne.email


def test_l_ancienne_adresse_recoit_de_quoi_annuler(client, camille, courriels: Boite):
    changer(client, courriels)
    assert adresse_de(camille) == PIRATE
    assert "Annulez ce changement" in courriels.pour(CAMILLE)[-1].corps
    assert not any("annuler" in courriel.corps for courriel in courriels.pour(PIRATE))


def test_lire_le_lien_ne_change_rien(client, camille, courriels: Boite):
    changer(client, courriels)
    page = Client().get(lien(courriels))
    html5lib.HTMLParser(strict=True).parse(page.text)
    assert page.status_code == 200 and "no-store" in page["Cache-Control"]
    assert Client().head(lien(courriels)).status_code == 200
    assert adresse_de(camille) == PIRATE


def test_annuler_rend_l_adresse_et_met_tout_le_monde_dehors(client, camille, courriels: Boite):
    changer(client, courriels)
    TOTP.activate(camille, SECRET)
    SocialAccount.objects.create(user=camille, provider="proconnect", uid="pirate")
    proprietaire = Client()
    assert proprietaire.post(lien(courriels)).url == "/comptes/connexion/"
    assert adresse_de(camille) == CAMILLE
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [(CAMILLE, True, True)]
    assert not Authenticator.objects.exists() and not SocialAccount.objects.exists()
    assert client.get("/comptes/").status_code == 302
    for adresse in (CAMILLE, PIRATE):
        assert "a été annulé" in courriels.pour(adresse)[-1].corps
    se_connecter(proprietaire, courriels, CAMILLE)
    assert proprietaire.get("/comptes/").status_code == 200


def test_ce_qui_protegeait_deja_le_compte_reste(client, camille, courriels: Boite):
    TOTP.activate(camille, SECRET)
    entrer(client, camille, "mfa")
    changer(client, courriels)
    Client().post(lien(courriels))
    assert Authenticator.objects.count() == 1 and adresse_de(camille) == CAMILLE


def test_le_lien_ne_sert_qu_une_fois(client, camille, courriels: Boite):
    changer(client, courriels)
    annuler = lien(courriels)
    Client().post(annuler)
    camille.refresh_from_db()
    entrer(client, camille)
    changer(client, courriels, "neuve@ville.example")
    assert Client().post(annuler).status_code == 404
    assert adresse_de(camille) == "neuve@ville.example"


def test_le_lien_vaut_sept_jours(client, camille, courriels: Boite):
    changer(client, courriels)
    annuler = lien(courriels)
    with time_machine.travel(timezone.now() + timedelta(days=6, hours=23)):
        assert Client().get(annuler).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert Client().get(annuler).status_code == Client().post(annuler).status_code == 404
    assert adresse_de(camille) == PIRATE


def test_le_premier_lien_annule_aussi_les_changements_suivants(client, camille, courriels: Boite):
    changer(client, courriels)
    premier = lien(courriels)
    camille.refresh_from_db()
    entrer(client, camille)
    changer(client, courriels, "autre@ailleurs.example")
    second = lien(courriels, PIRATE)
    Client().post(premier)
    assert adresse_de(camille) == CAMILLE
    assert Client().post(second).status_code == 404 and adresse_de(camille) == CAMILLE


def test_annuler_garde_un_compte_qu_on_fermait(client, camille, courriels: Boite):
    changer(client, courriels)
    camille.refresh_from_db()
    donnees.demander_fermeture(camille, garder_nom=True)
    Client().post(lien(courriels))
    camille.refresh_from_db()
    assert camille.fermeture_prevue_le is None


def test_une_adresse_reprise_par_un_autre_compte_se_dit(client, camille, courriels: Boite):
    changer(client, courriels)
    annuler = lien(courriels)
    personne("camille")
    reponse = Client().post(annuler)
    assert reponse.status_code == 409 and "un autre compte" in reponse.text
    assert adresse_de(camille) == PIRATE


@pytest.mark.parametrize("jeton", ["x", "é", "a" * 500, "None", "%00", "a%1Bb"])
def test_un_lien_invente_ne_dit_rien(jeton):
    for reponse in (Client().get(f"/comptes/adresse/annuler/{jeton}/"), Client().post(f"/comptes/garder/{jeton}/")):
        assert reponse.status_code == 404 and "Ce lien ne sert plus" in reponse.text


def test_apres_sept_jours_il_ne_reste_que_de_quoi_reconnaitre(client, camille, courriels: Boite, settings):
    changer(client, courriels)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        taches.oublier_adresses(timestamp=0)
    ancienne = AncienneAdresse.objects.get()
    assert (ancienne.adresse, ancienne.jeton) == ("", None)
    camille.refresh_from_db()
    assert camille.a_eu(CAMILLE.upper()) and camille.a_eu(PIRATE) and not camille.a_eu("zoe@ville.example")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "autre clé"
    assert camille.a_eu(CAMILLE)


def test_l_ancienne_adresse_est_retenue_par_quelque_porte_qu_on_passe(camille):
    Utilisateur.objects.filter(pk=camille.pk).update(email=PIRATE)
    camille.refresh_from_db()
    assert [ligne["adresse"] for ligne in donnees.exporter(camille)["anciennes adresses"]] == [CAMILLE]
    assert camille.a_eu(CAMILLE) and not camille.a_eu("") and not personne().a_eu(CAMILLE)
