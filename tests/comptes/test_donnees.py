"""One's data: take everything away, leave without breaking what one has written."""

import json
import re
from datetime import timedelta

import html5lib
import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from comptes import donnees, taches
from comptes.models import AncienneAdresse, Utilisateur
from comptes.roles import Role, donner
from courriels.envoi import ecrire
from tests.boite import Boite
from tests.comptes.preuves import prouver

pytestmark = pytest.mark.django_db
CAMILLE = "camille@ville.example"


@pytest.fixture
def camille(client, courriels: Boite) -> Utilisateur:
    """Somebody who signed in, with a name, a role and a second factor."""
    personne = Utilisateur.objects.create_user(CAMILLE, nom_affiche="Camille D.", credit_prefere="nom")
    donner(personne, Role.CONFIANCE)
    client.post("/comptes/connexion/", {"email": CAMILLE})
    client.post("/comptes/code/", {"code": courriels.code(CAMILLE)})
    Authenticator.objects.create(user=personne, type="totp", data={"secret": "SECRET"})
    prouver(client, personne, "mfa")
    return personne


@pytest.fixture
def carnet(monkeypatch) -> list:
    """An application that keeps something about people."""
    efface: list = []
    monkeypatch.setattr(donnees, "_DETENTEURS", {})
    donnees.declarer(
        "carnet",
        exporter=lambda utilisateur: {"notes": [f"note de {utilisateur.nom_affiche}"]},
        effacer=lambda utilisateur, *, garder_nom: efface.append((utilisateur.email, garder_nom)),
    )
    return efface


def fermer(client, **champs):
    return client.post("/comptes/supprimer/", {"nom": "anonymiser", "compris": "on", **champs})


def fermer_pour_de_bon(client, **champs) -> None:
    """Ask for the closing, and let the week go by."""
    fermer(client, **champs)
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        taches.fermer_comptes(timestamp=0)


def test_on_emporte_tout_ce_que_le_site_sait(client, camille, carnet):
    reponse = client.get("/comptes/donnees/fichier/")
    assert reponse["Content-Disposition"].startswith("attachment; filename=")
    export = json.loads(reponse.content)
    assert export["compte"]["adresse électronique"] == CAMILLE
    assert export["compte"]["rôles"] == ["Contributeur de confiance"]
    assert len(export["appareils connectés"]) == len(export["courriels des trente derniers jours"]) == 1
    assert export["carnet"] == {"notes": ["note de Camille D."]}
    assert "SECRET" not in reponse.text


def test_on_n_emporte_ni_code_ni_lien_secret(client, camille, courriels: Boite):
    client.post("/comptes/deconnexion/")
    client.post("/comptes/connexion/", {"email": CAMILLE})
    code = courriels.code(CAMILLE)
    client.force_login(camille)
    prouver(client, camille, "mfa")
    ecrire(CAMILLE, "Annuler", "http://testserver/comptes/adresse/annuler/jeton-secret/ ici.", cle="compte-essai")
    ecrire(CAMILLE, "Population", "123456 habitants.", cle="proposition-1")
    export = client.get("/comptes/donnees/fichier/").text
    assert code not in export and "jeton-secret" not in export
    assert "••••••" in export and "123456 habitants" in export


def test_on_n_emporte_pas_ce_qui_est_aux_autres(client, camille):
    ecrire("zoe@ville.example", "Secret de Zoé", "Un mot.", cle="zoe")
    assert "Secret de Zoé" not in client.get("/comptes/donnees/fichier/").text


def test_fermer_son_compte_attend_sept_jours(client, camille, carnet, courriels: Boite):
    assert fermer(client).url == "/"
    assert "fermé dans sept jours" in client.get("/").text
    assert client.get("/comptes/").status_code == 302
    with time_machine.travel(timezone.now() + timedelta(days=6, hours=23)):
        taches.fermer_comptes(timestamp=0)
    camille.refresh_from_db()
    assert camille.email == CAMILLE and camille.is_active and not carnet
    assert "sera fermé le" in courriels.pour(CAMILLE)[-1].objet


def lien_pour_garder(courriels: Boite) -> str:
    return re.findall(r"http://testserver(/comptes/garder/\S+)", courriels.pour(CAMILLE)[-1].corps)[0]


def test_le_lien_du_courriel_garde_le_compte(client, camille, carnet, courriels: Boite):
    fermer(client)
    lien = lien_pour_garder(courriels)
    page = Client().get(lien)
    html5lib.HTMLParser(strict=True).parse(page.text)
    camille.refresh_from_db()
    assert "Garder mon compte" in page.text and camille.fermeture_prevue_le
    assert Client().post(lien).url == "/"
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        taches.fermer_comptes(timestamp=0)
    camille.refresh_from_db()
    assert camille.email == CAMILLE and not carnet
    assert "ne sera pas fermé" in courriels.pour(CAMILLE)[-1].corps
    assert Client().post(lien).status_code == 404


def test_un_ancien_lien_ne_garde_pas_d_une_autre_fermeture(client, camille, courriels: Boite):
    fermer(client)
    lien = lien_pour_garder(courriels)
    Client().post(lien)
    donnees.demander_fermeture(camille, garder_nom=True)
    assert Client().post(lien).status_code == 404
    camille.refresh_from_db()
    assert camille.fermeture_prevue_le


def test_on_garde_son_compte_jusqu_a_ce_qu_il_soit_ferme(camille, carnet, monkeypatch):
    autre = Utilisateur.objects.create_user("autre@exemple.fr")
    attendant = [camille, autre]
    for une in attendant:
        donnees.demander_fermeture(une, garder_nom=True)
    fermer_pour_de_bon, fermees = donnees.fermer, []

    def fermer_pendant_que_l_autre_se_ravise(utilisateur, *, garder_nom):
        fermees.append(utilisateur)
        fermer_pour_de_bon(utilisateur, garder_nom=garder_nom)
        donnees.garder(next(une for une in attendant if une != utilisateur))

    monkeypatch.setattr(donnees, "fermer", fermer_pendant_que_l_autre_se_ravise)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        taches.fermer_comptes(timestamp=0)
    assert len(fermees) == 1
    assert Utilisateur.objects.filter(pk__in=[une.pk for une in attendant], ferme_le=None).count() == 1


def test_se_connecter_garde_le_compte(client, courriels: Boite):
    camille = Utilisateur.objects.create_user(CAMILLE)
    donnees.demander_fermeture(camille, garder_nom=True)
    client.post("/comptes/connexion/", {"email": CAMILLE})
    client.post("/comptes/code/", {"code": courriels.code(CAMILLE)})
    assert "ne sera pas fermé" in client.get("/comptes/").text
    camille.refresh_from_db()
    assert camille.fermeture_prevue_le is None


def test_fermer_son_compte_efface_ce_qui_identifie(client, camille, carnet, courriels: Boite):
    fermer_pour_de_bon(client)
    camille.refresh_from_db()
    assert CAMILLE not in str(vars(camille)) and "Camille" not in str(vars(camille))
    assert str(camille) == "Compte fermé" and not camille.is_active and not camille.groups.exists()
    assert not EmailAddress.objects.exists() and not Authenticator.objects.exists()
    assert not AncienneAdresse.objects.exists()
    assert carnet == [(CAMILLE, False)]
    assert [courriel.objet for courriel in courriels.pour(CAMILLE)] == ["Votre compte est fermé"]
    assert not Session.objects.exists()


def test_on_peut_garder_son_nom(client, camille, carnet):
    fermer_pour_de_bon(client, nom="garder")
    camille.refresh_from_db()
    assert camille.credit == "Camille D." and camille.email != CAMILLE
    assert carnet == [(CAMILLE, True)]


def test_fermer_deux_fois_ne_fait_rien_de_plus(camille, carnet, courriels: Boite):
    donnees.fermer(camille, garder_nom=True)
    donnees.fermer(camille, garder_nom=False)
    camille.refresh_from_db()
    assert len(carnet) == 1 and camille.credit == "Camille D."


def test_rien_n_est_efface_si_une_application_echoue(camille, monkeypatch):
    def echouer(utilisateur, *, garder_nom):
        raise IntegrityError

    monkeypatch.setattr(donnees, "_DETENTEURS", {})
    donnees.declarer("carnet", exporter=dict, effacer=echouer)
    with pytest.raises(IntegrityError):
        donnees.fermer(camille, garder_nom=False)
    camille.refresh_from_db()
    assert camille.email == CAMILLE and camille.is_active


@pytest.mark.parametrize(
    "champs, phrase", [({"nom": ""}, "Choisissez"), ({"compris": ""}, "Cochez"), ({"nom": "?"}, "")]
)
def test_on_ne_ferme_pas_son_compte_par_megarde(client, camille, champs, phrase):
    reponse = fermer(client, **champs)
    assert reponse.status_code == 422 and phrase in reponse.text
    html5lib.HTMLParser(strict=True).parse(reponse.text)
    assert Utilisateur.objects.get().is_active
    assert client.get("/comptes/supprimer/").status_code == 200


def test_on_peut_revenir_plus_tard_avec_la_meme_adresse(client, camille, courriels: Boite):
    fermer_pour_de_bon(client)
    client.post("/comptes/inscription/", {"email": CAMILLE})
    client.post("/comptes/confirmation/", {"code": courriels.code(CAMILLE)})
    assert client.get("/comptes/").status_code == 200
    assert Utilisateur.objects.filter(is_active=True).count() == 1


@pytest.mark.parametrize("chemin", ["donnees/", "donnees/fichier/", "supprimer/"])
def test_rien_ne_s_ouvre_sans_etre_connecte(client, chemin):
    assert client.get(f"/comptes/{chemin}").url.startswith("/comptes/connexion/")


def test_une_inscription_sans_suite_n_ouvre_aucun_compte(client, courriels: Boite):
    client.post("/comptes/inscription/", {"email": "sans-suite@ville.example"})
    assert not Utilisateur.objects.exists() and not EmailAddress.objects.exists()


def test_un_compte_jamais_confirme_est_oublie(client, courriels: Boite):
    with time_machine.travel(timezone.now() - timedelta(days=8), tick=False):
        sans_suite = Utilisateur.objects.create_user("sans-suite@ville.example")  # by ProConnect: comptes/liaison.py
        EmailAddress.objects.create(user=sans_suite, email=sans_suite.email, primary=True)
        donner(Utilisateur.objects.create_user("nommee@ville.example"), Role.MODERATEUR)
        client.post("/comptes/inscription/", {"email": "confirmee@ville.example"})
        client.post("/comptes/confirmation/", {"code": courriels.code("confirmee@ville.example")})
    recente = Utilisateur.objects.create_user("recente@ville.example")
    EmailAddress.objects.create(user=recente, email=recente.email, primary=True)
    taches.oublier_inscriptions(timestamp=0)
    restantes = set(Utilisateur.objects.values_list("email", flat=True))
    assert restantes == {"nommee@ville.example", "confirmee@ville.example", "recente@ville.example"}


def test_les_sessions_perimees_sont_oubliees(client, camille):
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))
    taches.oublier_sessions(timestamp=0)
    assert not Session.objects.exists() and not UserSession.objects.exists()


def test_une_session_en_cours_est_gardee(client, camille):
    taches.oublier_sessions(timestamp=0)
    assert Session.objects.count() == UserSession.objects.count() == 1
