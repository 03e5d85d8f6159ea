"""What is open elsewhere: a session proves its own second factor, and ends when what protects the account changes."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from comptes.models import Utilisateur
from comptes.roles import Role, donner
from tests.boite import Boite
from tests.comptes.preuves import SECRET, code_de, entrer, se_connecter
from tests.factories import personne

pytestmark = pytest.mark.django_db
MINA = "mina@ville.example"


@pytest.fixture
def ailleurs() -> Client:
    return Client()


def connecte(client: Client) -> bool:
    return client.get("/comptes/").status_code == 200


def activer(client: Client):
    client.get("/comptes/second-facteur/application/")
    code = code_de(client.session["mfa.totp.secret"])
    return client.post("/comptes/second-facteur/application/", {"code": code})


def retirer_l_application(client: Client):
    return client.post("/comptes/second-facteur/application/retirer/")


def renouveler_les_secours(client: Client):
    return client.post("/comptes/second-facteur/secours/nouveaux/")


def retirer_une_cle(client: Client):
    cle = Authenticator.objects.create(
        user=Utilisateur.objects.get(), type="webauthn", data={"name": "Clé", "credential": {}}
    )
    return client.post(f"/comptes/second-facteur/cles/{cle.pk}/retirer/")


def deconnecter_les_autres(client: Client):
    return client.post("/comptes/appareils/")


# The second factor of a session


@pytest.mark.parametrize("chemin", ["/moderation/", "/moderation/journal/", "/admin/", "/admin/comptes/utilisateur/"])
def test_un_second_facteur_donne_ailleurs_n_ouvre_rien_ici(client, mina, chemin):
    donner(mina, Role.ADMINISTRATEUR)
    entrer(client, mina)
    TOTP.activate(mina, SECRET)
    assert client.get(chemin).url.startswith("/comptes/second-facteur/confirmer/?next=")


def test_on_le_donne_puis_l_on_revient(client, mina):
    TOTP.activate(mina, SECRET)
    entrer(client, mina)
    confirmer = client.get("/moderation/journal/?page=1").url
    assert client.post(confirmer, {"code": code_de()}).url == "/moderation/journal/?page=1"
    assert client.get("/moderation/").status_code == 200


def test_ce_qui_est_envoye_avant_de_le_donner_n_est_pas_perdu(client, mina):
    TOTP.activate(mina, SECRET)
    entrer(client, mina)
    confirmer = client.post("/moderation/portee/?x=1", {"territoires": ""}).url
    assert confirmer == "/comptes/second-facteur/confirmer/?next=%2Fmoderation%2Fportee%2F"
    client.post(confirmer, {"code": code_de(), "next": "/moderation/portee/"})
    assert "Vos thématiques sont enregistrées" in client.get("/moderation/portee/").text


def test_se_connecter_avec_son_second_facteur_suffit(client, mina, courriels: Boite):
    TOTP.activate(mina, SECRET)
    se_connecter(client, courriels, MINA)
    client.post("/comptes/second-facteur/verifier/", {"code": code_de()})
    assert client.get("/moderation/").status_code == 200


# What changing a factor ends


@pytest.mark.parametrize(
    "changer", [activer, retirer_l_application, renouveler_les_secours, retirer_une_cle, deconnecter_les_autres]
)
def test_changer_ce_qui_protege_le_compte_deconnecte_les_autres_appareils(client, ailleurs, courriels: Boite, changer):
    compte = personne("mina")
    if changer is not activer:
        TOTP.activate(compte, SECRET)
        RecoveryCodes.activate(compte)
    entrer(client, compte, "mfa" if changer is not activer else "code")
    entrer(ailleurs, compte, "mfa")
    ancienne = client.session.session_key
    assert changer(client).status_code == 302
    assert connecte(client) and not connecte(ailleurs)
    assert client.session.session_key != ancienne


@pytest.mark.parametrize("changer", [renouveler_les_secours, deconnecter_les_autres])
def test_une_connexion_a_moitie_faite_est_arretee_aussi(client, ailleurs, courriels: Boite, changer):
    compte = personne("mina")
    TOTP.activate(compte, SECRET)
    RecoveryCodes.activate(compte)
    se_connecter(ailleurs, courriels, MINA)
    entrer(client, compte, "mfa")
    changer(client)
    reponse = ailleurs.post("/comptes/second-facteur/verifier/", {"code": code_de()}, follow=True)
    assert "interrompue" in reponse.text and not connecte(ailleurs)


def test_un_code_deja_demande_ne_vaut_plus_rien(client, ailleurs, courriels: Boite):
    compte = personne("mina")
    ailleurs.post("/comptes/connexion/", {"email": MINA})
    entrer(client, compte)
    deconnecter_les_autres(client)
    ailleurs.post("/comptes/code/", {"code": courriels.code(MINA)})
    assert not connecte(ailleurs)
    assert se_connecter(ailleurs, courriels, MINA).url == "/comptes/" and connecte(ailleurs)


def test_qui_perd_son_second_facteur_perd_ses_sessions_et_l_apprend(client, ailleurs, mina, courriels: Boite):
    TOTP.activate(mina, SECRET)
    entrer(client, mina, "mfa")
    se_connecter(ailleurs, courriels, MINA)
    call_command("retirer_second_facteur", MINA, verbosity=0)
    assert not connecte(client)
    assert "retiré votre second facteur" in courriels.pour(MINA)[-1].corps.replace("\n", " ")
    assert ailleurs.get("/comptes/connexion/", follow=True).status_code == 200


def test_un_compte_rouvert_ne_retrouve_pas_ses_anciennes_sessions(client, mina):
    entrer(client, mina)
    for actif in (False, True):
        mina.is_active = actif
        mina.save()
    assert not connecte(client)
    entrer(client, mina)
    Utilisateur.objects.filter(pk=mina.pk).update(is_active=False)
    Utilisateur.objects.filter(pk=mina.pk).update(is_active=True)
    assert not connecte(client)


def test_une_fin_de_session_ne_se_reprend_pas(client, mina):
    perimee = Utilisateur.objects.get(pk=mina.pk)
    Utilisateur.objects.filter(pk=mina.pk).update(sessions_depuis=timezone.now())
    perimee.save()
    mina.refresh_from_db()
    assert mina.sessions_depuis


# How long it lasts


@pytest.mark.parametrize("role", [Role.MODERATEUR, Role.ADMINISTRATEUR])
def test_la_session_de_qui_modere_dure_douze_heures(client, courriels: Boite, role):
    personne("mina", role)
    debut = timezone.now()
    se_connecter(client, courriels, MINA, rester="on")
    assert client.session.get_expiry_age() <= 12 * 3600
    with time_machine.travel(debut + timedelta(hours=11)):
        assert connecte(client)
    with time_machine.travel(debut + timedelta(hours=12, minutes=1)):
        assert not connecte(client)


def test_une_horloge_reculee_n_allonge_pas_la_session_de_qui_modere(client, courriels: Boite):
    personne("mina", Role.MODERATEUR)
    debut = timezone.now()
    se_connecter(client, courriels, MINA)
    with time_machine.travel(debut - timedelta(days=1)):
        assert not connecte(client)


def test_qui_devient_moderatrice_ne_garde_pas_sa_session_de_trente_jours(client, courriels: Boite):
    camille = personne("mina")
    debut = timezone.now()
    se_connecter(client, courriels, MINA, rester="on")
    with time_machine.travel(debut + timedelta(days=2)):
        assert connecte(client)
        donner(camille, Role.MODERATEUR)
        assert client.get("/moderation/").url.startswith("/comptes/connexion/")
        assert not connecte(client)


def test_qui_contribue_garde_trente_jours(client, courriels: Boite):
    personne("mina", Role.CONFIANCE)
    debut = timezone.now()
    se_connecter(client, courriels, MINA, rester="on")
    with time_machine.travel(debut + timedelta(days=29)):
        assert connecte(client)
    with time_machine.travel(debut + timedelta(days=31)):
        assert not connecte(client)
