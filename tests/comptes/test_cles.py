"""Access keys: their counter, the address they sign for, and what anybody may post in their name."""

import json

import html5lib
import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from comptes.cles import REFUS
from comptes.models import Utilisateur
from tests.boite import Boite
from tests.comptes.cle_logicielle import CleLogicielle
from tests.comptes.preuves import entrer, prouver
from tests.comptes.test_connexion import est_connecte
from tests.essais import essais, eventail
from tests.factories import personne

pytestmark = pytest.mark.django_db
CONNEXION = "/comptes/connexion/cle/"
AJOUT = "/comptes/second-facteur/cles/ajouter/"
PHRASE = REFUS.split(".")[0]


@pytest.fixture(autouse=True)
def sans_limites(settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.MFA_RATE_LIMITS = False


@pytest.fixture
def mina() -> Utilisateur:
    return personne("mina")


def defi(client: Client) -> dict:
    return client.get(CONNEXION, headers={"X-Requested-With": "XMLHttpRequest"}).json()["request_options"]["publicKey"]


def ajouter(client: Client, cle: CleLogicielle, **champs):
    options = client.get(AJOUT).context["js_data"]["creation_options"]["publicKey"]
    return client.post(AJOUT, {"credential": json.dumps(cle.ajouter(options, **champs)), "passwordless": "on"})


def presenter(cle: CleLogicielle, personne: Utilisateur, **champs):
    client = Client()
    reponse = client.post(CONNEXION, {"credential": json.dumps(cle.signer(defi(client), personne, **champs))})
    assert est_connecte(client) == (reponse.status_code == 302)
    return reponse


@pytest.fixture
def cle(client, mina) -> CleLogicielle:
    une = CleLogicielle()
    entrer(client, mina)
    assert ajouter(client, une).status_code == 302
    return une


def test_une_cle_sans_compteur_entre_autant_qu_on_veut(cle, mina):
    assert [presenter(cle, mina).status_code for _ in range(3)] == [302] * 3


@pytest.mark.parametrize(
    "compteurs, codes",
    [
        ([5, 6, 6], [302, 302, 422]),
        ([51, 3, 0, 52], [302, 422, 422, 302]),
        ([0, 1, 0], [302, 302, 422]),
    ],
)
def test_un_compteur_ne_revient_jamais_en_arriere(cle, mina, compteurs, codes):
    assert [presenter(cle, mina, compteur=compteur).status_code for compteur in compteurs] == codes


def test_le_compteur_de_l_ajout_compte_aussi(client, mina):
    entrer(client, mina)
    cle = CleLogicielle()
    ajouter(client, cle, compteur=10)
    assert [presenter(cle, mina, compteur=n).status_code for n in (0, 10, 11)] == [422, 422, 302]


def test_une_cle_copiee_est_dite_une_fois_par_jour_a_qui_elle_est(cle, mina, courriels: Boite):
    presenter(cle, mina, compteur=9)
    avant = len(courriels)
    reponse = presenter(cle, mina, compteur=8)
    assert PHRASE in reponse.text
    presenter(cle, mina, compteur=8)
    (dit,) = courriels[avant:]
    assert dit.destinataire == mina.email and "moins servi" in dit.corps.replace("\n", " ")


ORIGINES = [
    "http://x.testserver", "http://testserver:8443", "https://testserver", "http://testserver/", "http://testserver.fr",
    "http://TESTSERVER", "", "null", "testserver",
]  # fmt: skip


@pytest.mark.parametrize("origine", ORIGINES)
def test_une_cle_ne_signe_que_pour_l_adresse_exacte_du_site(client, mina, cle, origine):
    assert presenter(cle, mina, origine=origine).status_code == 422
    prouver(client, mina, "mfa")
    autre = CleLogicielle(b"cle numero deux.")
    assert ajouter(client, autre, origine=origine).status_code == 422
    assert Authenticator.objects.filter(type="webauthn").count() == 1


def test_une_reponse_ne_sert_qu_une_fois(mina, cle):
    client = Client()
    signee = json.dumps(cle.signer(defi(client), mina))
    assert client.post(CONNEXION, {"credential": signee}).status_code == 302
    client.post("/comptes/deconnexion/")
    assert client.post(CONNEXION, {"credential": signee}).status_code == 422


def test_le_refus_montre_la_page_de_connexion(client, mina):
    defi(client)
    reponse = client.post(CONNEXION, {"credential": "{}", "next": "/aide/"})
    assert reponse.status_code == 422 and PHRASE in reponse.text and "Votre adresse électronique" in reponse.text
    assert 'value="/aide/"' in reponse.text
    html5lib.HTMLParser(strict=True).parse(reponse.text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda enfants: st.lists(enfants, max_size=3) | st.dictionaries(st.text(max_size=10), enfants, max_size=3),
    max_leaves=8,
)
BRUTES = [
    "", "null", "{", "[]", "1", '"x"', "NaN", "-Infinity", "9" * 5_000, "[" * 20_000, '{"a":' * 20_000, "\ud83d".encode(
        "utf-8", "replace").decode(), '{"id":"\\ud800"}', '{"id":"\\u0000"}', "x" * 60_000,
]  # fmt: skip
CHAMPS = ["id", "rawId", "type", "response", "clientExtensionResults", "authenticatorAttachment"]
PREUVES = ["clientDataJSON", "authenticatorData", "attestationObject", "signature", "userHandle", "transports"]
VALEURS = [None, 1, True, "é", "AAAA", "\0", ["x"], {"credProps": 1}]


def deformees(bonne: dict):
    """Yield a good answer with one of its values replaced by each of the odd ones, or taken away."""
    for champ in CHAMPS:
        yield {nom: valeur for nom, valeur in bonne.items() if nom != champ}
        yield from ({**bonne, champ: valeur} for valeur in VALEURS)
    for champ in PREUVES:
        yield {**bonne, "response": {nom: valeur for nom, valeur in bonne["response"].items() if nom != champ}}
        yield from ({**bonne, "response": {**bonne["response"], champ: valeur}} for valeur in VALEURS)


def poster(client: Client, page: str, texte: str):
    reponse = client.post(page, {"credential": texte})
    assert reponse.status_code == 302 or (reponse.status_code == 422 and PHRASE in reponse.text), texte[:200]
    return reponse


@pytest.mark.parametrize("brute", BRUTES, ids=range(len(BRUTES)))
def test_un_texte_quelconque_est_refuse_a_la_connexion_et_a_l_ajout(client, mina, brute):
    defi(client)
    assert poster(client, CONNEXION, brute).status_code == 422
    entrer(client, mina)
    client.get(AJOUT)
    assert poster(client, AJOUT, brute).status_code == 422


@given(JSON)
@essais(100)
def test_un_json_quelconque_est_refuse(client, json_quelconque):
    assert poster(client, CONNEXION, json.dumps(json_quelconque)).status_code == 422


def remettre(client: Client, options: dict) -> None:
    """Give the browser back the challenge that an answer has used up."""
    session = client.session
    session["mfa.webauthn.state"] = {"challenge": options["challenge"], "user_verification": "preferred"}
    session.save()


def test_une_reponse_deformee_ne_fait_jamais_d_erreur_a_la_connexion(mina, cle):
    client = Client()
    options = defi(client)
    for deformee in eventail(deformees(cle.signer(options, mina))):
        client.logout()
        remettre(client, options)
        poster(client, CONNEXION, json.dumps(deformee))


def test_une_reponse_deformee_ne_fait_jamais_d_erreur_a_l_ajout_ni_apres(client, mina):
    entrer(client, mina)
    options = client.get(AJOUT).context["js_data"]["creation_options"]["publicKey"]
    for deformee in eventail(deformees(CleLogicielle().ajouter(options))):
        remettre(client, options)
        if poster(client, AJOUT, json.dumps(deformee)).status_code == 302:
            assert client.get("/comptes/second-facteur/cles/").status_code == 200
            Authenticator.objects.all().delete()


def test_une_cle_illisible_se_dit_a_la_seconde_etape(client, mina, cle, courriels: Boite):
    voleur = Client()
    voleur.post("/comptes/connexion/", {"email": mina.email})
    voleur.post("/comptes/code/", {"code": courriels.code(mina.email)})
    reponse = voleur.post("/comptes/second-facteur/verifier/", {"credential": "[]"})
    assert reponse.status_code == 422 and PHRASE in reponse.text
    reponse = client.post("/comptes/second-facteur/cles/confirmer/", {"credential": '{"id": 1}'})
    assert reponse.status_code == 422 and PHRASE in reponse.text


def test_demander_des_defis_sans_fin_est_arrete(settings):
    del settings.ACCOUNT_RATE_LIMITS, settings.MFA_RATE_LIMITS
    demander = {"headers": {"X-Requested-With": "XMLHttpRequest"}}
    codes = [Client(REMOTE_ADDR=f"2001:db8::{n}").get(CONNEXION, **demander).status_code for n in range(60)]
    assert codes.count(200) == Session.objects.count() == 20 and codes[-1] == 429
