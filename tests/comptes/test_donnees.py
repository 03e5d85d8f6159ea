"""One's data: take everything away, leave without breaking what one has written."""

import json
from datetime import timedelta

import html5lib
import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import IntegrityError
from django.utils import timezone

from comptes import donnees, taches
from comptes.models import Utilisateur
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


def test_on_emporte_tout_ce_que_le_site_sait(client, camille, carnet):
    reponse = client.get("/comptes/donnees/fichier/")
    assert reponse["Content-Disposition"].startswith("attachment; filename=")
    export = json.loads(reponse.content)
    assert export["compte"]["adresse électronique"] == CAMILLE
    assert export["compte"]["rôles"] == ["Contributeur de confiance"]
    assert len(export["appareils connectés"]) == len(export["courriels des trente derniers jours"]) == 1
    assert export["carnet"] == {"notes": ["note de Camille D."]}
    assert "SECRET" not in reponse.text


def test_on_n_emporte_pas_ce_qui_est_aux_autres(client, camille):
    ecrire("zoe@ville.example", "Secret de Zoé", "Un mot.", cle="zoe")
    assert "Secret de Zoé" not in client.get("/comptes/donnees/fichier/").text


def test_fermer_son_compte_efface_ce_qui_identifie(client, camille, carnet, courriels: Boite):
    assert fermer(client).url == "/"
    camille.refresh_from_db()
    assert CAMILLE not in str(vars(camille)) and "Camille" not in str(vars(camille))
    assert str(camille) == "Compte fermé" and not camille.is_active and not camille.groups.exists()
    assert not EmailAddress.objects.exists() and not Authenticator.objects.exists()
    assert carnet == [(CAMILLE, False)]
    assert [courriel.objet for courriel in courriels.pour(CAMILLE)] == ["Votre compte est fermé"]
    assert "est fermé" in client.get("/").text
    assert client.get("/comptes/").status_code == 302
    assert not Session.objects.exists()


def test_on_peut_garder_son_nom(client, camille, carnet):
    fermer(client, nom="garder")
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
    assert reponse.status_code == 400 and phrase in reponse.text
    html5lib.HTMLParser(strict=True).parse(reponse.text)
    assert Utilisateur.objects.get().is_active
    assert client.get("/comptes/supprimer/").status_code == 200


def test_on_peut_revenir_plus_tard_avec_la_meme_adresse(client, camille, courriels: Boite):
    fermer(client)
    client.post("/comptes/inscription/", {"email": CAMILLE})
    client.post("/comptes/confirmation/", {"code": courriels.code(CAMILLE)})
    assert client.get("/comptes/").status_code == 200
    assert Utilisateur.objects.filter(is_active=True).count() == 1


@pytest.mark.parametrize("page", ["donnees/", "donnees/fichier/", "supprimer/"])
def test_rien_ne_s_ouvre_sans_etre_connecte(client, page):
    assert client.get(f"/comptes/{page}").url.startswith("/comptes/connexion/")


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
