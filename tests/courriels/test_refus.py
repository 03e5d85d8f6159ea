"""What a mail server refuses: for good, for now, or because of us."""

import logging
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from comptes import roles
from comptes.models import Utilisateur
from courriels import taches
from courriels.envoi import ecrire
from courriels.models import Courriel, Statut
from tests.courriels.serveur import serveur_smtp

pytestmark = pytest.mark.django_db
CAMILLE = "camille@ville.example"
POUR_DE_BON = {
    "boîte inconnue": {"RCPT": "550 5.1.1 <camille@ville.example> inconnue"},
    "boîte pleine ou interdite": {"RCPT": "554 5.7.1 refuse"},
    "adresse mal faite": {"RCPT": "501 5.1.3 mauvaise adresse"},
    "boîte qui a changé de nom": {"RCPT": "553 5.1.8 non"},
    "expéditeur refusé": {"MAIL": "550 5.7.1 expediteur refuse"},
    "texte refusé": {"FIN": "554 5.6.0 contenu refuse"},
    "DATA refusé": {"DATA": "554 5.5.1 pas de destinataire"},
}
POUR_L_INSTANT = {
    "boîte occupée": {"RCPT": "450 4.2.1 plus tard"},
    "liste grise": {"RCPT": "451 4.7.1 revenez"},
    "boîte pleine": {"RCPT": "452 4.2.2 pleine"},
    "serveur chargé": {"MAIL": "421 4.3.2 charge"},
    "texte remis à plus tard": {"FIN": "451 4.3.0 plus tard"},
    "serveur qui ferme": {"accueil": "421 4.3.2 ferme"},
}
DE_NOTRE_FAIT = {
    "il faut s’identifier": {"MAIL": "530 5.7.0 authentification requise"},
    "il faut s’identifier, dit plus tard": {"RCPT": "530 5.7.0 authentification requise"},
    "mauvais ordre": {"MAIL": "503 5.5.1 d abord EHLO"},
    "notre adresse est refusée": {"accueil": "554 5.7.1 pas de vous"},
    "notre nom est refusé": {"EHLO": "550 non", "HELO": "550 non"},
}


@pytest.mark.parametrize("reponses", POUR_DE_BON.values(), ids=POUR_DE_BON)
def test_un_refus_pour_de_bon_arrete_aussitot(settings, courriels, vider_la_file, caplog, reponses):
    ecrire(CAMILLE, "Bonjour", "Un mot.", cle="essai")
    with serveur_smtp(settings, **reponses) as serveur:
        assert vider_la_file() == []
        (courriel,) = courriels
        assert courriel.statut == Statut.REFUSE and courriel.tentatives == 1 and courriel.refuse_le
        assert not ProcrastinateJob.objects.filter(task_name="courriels.envoyer").exists()
        with time_machine.travel(timezone.now() + timedelta(hours=1)):
            taches.retrouver(timestamp=0)  # nobody tries again what was refused
            assert vider_la_file() == []
        taches.envoyer(pk=courriel.pk)
    assert courriels[0].tentatives == 1 and serveur.pris == []
    assert CAMILLE not in caplog.text


def test_une_adresse_que_personne_ne_peut_avoir_aussi(settings, courriels, vider_la_file):
    Courriel.objects.filter(pk=ecrire(CAMILLE, "Bonjour", "Un mot.", cle="essai").pk).update(destinataire="a@b@c")
    with serveur_smtp(settings):
        assert vider_la_file() == []
    assert courriels[0].statut == Statut.REFUSE


@pytest.mark.parametrize("reponses", POUR_L_INSTANT.values(), ids=POUR_L_INSTANT)
def test_un_refus_pour_l_instant_se_retente(settings, courriels, vider_la_file, reponses):
    ecrire(CAMILLE, "Bonjour", "Un mot.", cle="essai")
    with serveur_smtp(settings, **reponses):
        (echec,) = vider_la_file()
    assert isinstance(echec, taches.EnvoiRefuse)
    assert courriels[0].statut == Statut.RETARDE and Courriel.objects.refus_du_site() == ""
    with serveur_smtp(settings) as serveur:
        assert vider_la_file() == []
    assert courriels[0].statut == Statut.ENVOYE and len(serveur.pris) == 1


@pytest.mark.parametrize("reponses", DE_NOTRE_FAIT.values(), ids=DE_NOTRE_FAIT)
def test_un_refus_de_notre_fait_se_retente_et_se_dit(settings, courriels, vider_la_file, caplog, reponses):
    ecrire(CAMILLE, "Bonjour", "Un mot.", cle="essai")
    with serveur_smtp(settings, **reponses):
        assert len(vider_la_file()) == 1
    assert courriels[0].statut == Statut.RETARDE and Courriel.objects.refus_du_site()
    assert [r.levelno for r in caplog.records if r.name == "courriels.taches"] == [logging.ERROR]
    with serveur_smtp(settings):
        assert vider_la_file() == []
    assert Courriel.objects.refus_du_site() == ""


def test_un_mauvais_mot_de_passe_est_de_notre_fait(settings, courriels, vider_la_file):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "site", "faux"
    ecrire(CAMILLE, "Bonjour", "Un mot.", cle="essai")
    with serveur_smtp(settings, EHLO="250-essai\n250 AUTH PLAIN", AUTH="535 5.7.8 identifiants refuses"):
        assert len(vider_la_file()) == 1
    assert courriels[0].statut == Statut.RETARDE and "535" in Courriel.objects.refus_du_site()


# Who is told


def refuser(settings, vider_la_file, adresse: str = CAMILLE) -> None:
    ecrire(adresse, "Bonjour", "Un mot.", cle=f"essai-{Courriel.objects.count()}")
    with serveur_smtp(settings, RCPT=f"550 5.1.1 <{adresse}> inconnue"):
        vider_la_file()


def connecter(client, role: roles.Role | None = None) -> Utilisateur:
    camille, _ = Utilisateur.objects.get_or_create(email=CAMILLE)
    if role:
        roles.donner(camille, role)
    client.force_login(camille)
    return camille


@pytest.mark.parametrize("ou", ["/comptes/", "/mes-contributions/", "/mes-notifications/", "/comptes/adresse/"])
def test_la_personne_apprend_que_son_adresse_ne_recoit_rien(client, settings, vider_la_file, ou):
    connecter(client)
    assert "ne reçoit pas nos courriels" not in client.get(ou).text
    refuser(settings, vider_la_file)
    assert "ne reçoit pas nos courriels" in client.get(ou).text and "/comptes/adresse/" in client.get(ou).text


def test_on_ne_le_dit_plus_quand_un_courriel_est_pris(client, settings, vider_la_file):
    connecter(client)
    refuser(settings, vider_la_file)
    ecrire(CAMILLE, "Encore", "Un mot.", cle="encore")
    with serveur_smtp(settings):
        vider_la_file()
    assert "ne reçoit pas nos courriels" not in client.get("/comptes/").text


def test_ni_quand_l_adresse_change_ni_aux_autres(client, settings, vider_la_file):
    refuser(settings, vider_la_file, "zoe@ville.example")
    camille = connecter(client)
    assert "ne reçoit pas nos courriels" not in client.get("/comptes/").text
    refuser(settings, vider_la_file)
    Utilisateur.objects.filter(pk=camille.pk).update(email="autre@ville.example")
    assert "ne reçoit pas nos courriels" not in client.get("/comptes/").text


def test_un_refus_se_voit_encore_quand_les_codes_sont_oublies(client, settings, vider_la_file):
    connecter(client)
    client.post("/comptes/deconnexion/")
    client.post("/comptes/connexion/", {"email": CAMILLE})
    with serveur_smtp(settings, RCPT="550 5.1.1 inconnue"):
        vider_la_file()
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        taches.purger(timestamp=0)
    connecter(client)
    assert "ne reçoit pas nos courriels" in client.get("/comptes/").text


def test_l_administration_les_compte_et_les_montre_sans_rien_livrer(client, settings, vider_la_file):
    connecter(client, roles.Role.ADMINISTRATEUR)
    ecrire("zoe@ailleurs.example", "123456 : votre code", "Le lien secret", cle="un-code")
    with serveur_smtp(settings, RCPT="550 5.1.1 <zoe@ailleurs.example> inconnue"):
        vider_la_file()
    assert "Refusés pour de bon\u00a0: 1" in client.get("/admin/").text.replace("&nbsp;", "\u00a0")
    page = client.get("/admin/courriels/courriel/?etat=refuse").text
    assert "un-code" in page and "ailleurs.example" in page and "550" in page
    assert not any(secret in page for secret in ("123456", "lien secret", "zoe@"))
    assert "un-code" not in client.get("/admin/courriels/courriel/?etat=retarde").text
    pk = Courriel.objects.get().pk
    assert client.get(f"/admin/courriels/courriel/{pk}/change/").status_code == 403


def test_l_administration_dit_que_le_serveur_refuse_le_site(client, settings, vider_la_file):
    connecter(client, roles.Role.ADMINISTRATEUR)
    assert "refuse le site lui-même" not in client.get("/admin/").text
    ecrire(CAMILLE, "Bonjour", "Un mot.", cle="essai")
    with serveur_smtp(settings, MAIL="530 5.7.0 authentification requise"):
        vider_la_file()
    assert "refuse le site lui-même" in client.get("/admin/").text
