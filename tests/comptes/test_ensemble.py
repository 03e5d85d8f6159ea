"""One person in several requests at once, or several persons: real connections, real commits."""

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.test import Client

from comptes.models import Limite, Utilisateur
from tests.boite import Boite
from tests.comptes.cle_logicielle import CleLogicielle
from tests.comptes.preuves import SECRET, code_de, entrer
from tests.comptes.test_cles import ajouter, defi
from tests.comptes.test_connexion import CAMILLE, demander, est_connecte, faux
from tests.comptes.test_limites import essayer
from tests.ensemble import ensemble
from tests.factories import personne


@pytest.mark.django_db
def test_la_base_des_tests_existe():
    """Without a marked test in the run, pytest-django makes no test database, and the others would refuse to start."""
    assert not Limite.objects.exists()


def test_quarante_demandes_ensemble_sont_comptees_quarante(base_ouverte):
    assert ensemble(*[essayer] * 40).count(True) == 3
    assert [limite.nombre for limite in Limite.objects.all()] == [40]


def test_un_code_d_application_donne_six_fois_ensemble_n_est_accepte_qu_une(base_ouverte):
    TOTP.activate(personne(), SECRET)
    code = code_de(SECRET)
    assert ensemble(*[lambda: Authenticator.objects.get().wrap().validate_code(code)] * 6).count(True) == 1


def test_un_code_de_secours_donne_six_fois_ensemble_n_est_accepte_qu_une(base_ouverte):
    code = RecoveryCodes.activate(personne()).get_unused_codes()[0]
    assert ensemble(*[lambda: Authenticator.objects.get().wrap().validate_code(code)] * 6).count(True) == 1


def navigateurs(client: Client, combien: int) -> list[Client]:
    """Return the same browser so many times: as many tabs, that post together."""
    pareils = [Client() for _ in range(combien)]
    for pareil in pareils:
        pareil.cookies = client.cookies.copy()
    return pareils


def poster(client: Client, page: str, **champs: str):
    return lambda: client.post(page, champs)


def test_un_code_poste_six_fois_ensemble_n_ouvre_qu_une_session(base_ouverte):
    personne("camille")
    client = Client()
    demander(client)
    pareils = navigateurs(client, 6)
    code = Boite().code(CAMILLE)
    reponses = ensemble(*[poster(pareil, "/comptes/code/", code=code) for pareil in pareils])
    assert {reponse.status_code for reponse in reponses} == {302}
    assert sum(est_connecte(pareil) for pareil in pareils) == UserSession.objects.count() == 1
    assert sum("sessionid" in reponse.cookies for reponse in reponses) == 1  # the others leave the new cookie alone


def test_quarante_mauvais_codes_ensemble_ne_donnent_que_trois_essais(base_ouverte):
    personne("camille")
    client = Client()
    demander(client)
    code = Boite().code(CAMILLE)
    pareils = navigateurs(client, 40)
    reponses = ensemble(*[poster(pareil, "/comptes/code/", code=faux(code)) for pareil in pareils])
    assert sum(reponse.status_code == 422 for reponse in reponses) == 2  # the third try gives the code up
    assert {reponse.status_code for reponse in reponses} <= {302, 422, 429}
    client.post("/comptes/code/", {"code": code})
    assert not est_connecte(client)


def test_une_reponse_de_cle_postee_six_fois_ensemble_n_ouvre_qu_une_session(base_ouverte):
    mina, client, cle = personne(), Client(), CleLogicielle()
    entrer(client, mina)
    ajouter(client, cle)
    UserSession.objects.all().delete()
    client = Client()
    signee = json.dumps(cle.signer(defi(client), mina))
    pareils = navigateurs(client, 6)
    ensemble(*[poster(pareil, "/comptes/connexion/cle/", credential=signee) for pareil in pareils])
    assert sum(est_connecte(pareil) for pareil in pareils) == 1


def test_six_inscriptions_ensemble_de_la_meme_adresse_n_ouvrent_qu_un_compte(base_ouverte):
    clients = [Client() for _ in range(6)]
    reponses = ensemble(*[poster(client, "/comptes/inscription/", email=CAMILLE) for client in clients])
    assert sorted({reponse.status_code for reponse in reponses}) == [302, 429]  # one code in ten seconds
    code = Boite().code(CAMILLE)
    ensemble(*[poster(client, "/comptes/confirmation/", code=code) for client in clients])
    assert sum(est_connecte(client) for client in clients) == Utilisateur.objects.count() == 1
