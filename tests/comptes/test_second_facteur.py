"""The second factor: asked of those who moderate, outside the demonstration; offered to all."""

from datetime import UTC, datetime, timedelta

import html5lib
import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import CommandError, call_command
from django.test import Client

from comptes.models import Utilisateur
from tests.boite import Boite
from tests.comptes.preuves import SECRET, code_de, entrer, se_connecter
from tests.factories import personne

pytestmark = pytest.mark.django_db
MINA = "mina@ville.example"


def activer(client: Client):
    client.get("/comptes/second-facteur/application/")
    secret = client.session["mfa.totp.secret"]
    return secret, client.post("/comptes/second-facteur/application/", {"code": code_de(secret)})


@pytest.fixture
def salle(settings) -> str:
    settings.ROOT_URLCONF = "tests.comptes.adresses"
    return "/moderation/"


def test_qui_modere_doit_d_abord_activer_un_second_facteur(client, mina, salle):
    entrer(client, mina)
    reponse = client.get(salle)
    assert reponse.url == "/comptes/second-facteur/"
    assert "protégez votre compte" in client.get(reponse.url).text
    activer(client)
    assert client.get(salle).status_code == 200


def test_la_demonstration_n_en_exige_pas(client, mina, salle, settings):
    settings.SECOND_FACTEUR_REQUIS = False
    client.force_login(mina)
    assert client.get(salle).status_code == 200
    assert "n’est exigé de personne" in client.get("/comptes/second-facteur/").text


def test_activer_l_application_donne_des_codes_de_secours_et_un_avertissement(
    client, mina, courriels: Boite, django_capture_on_commit_callbacks
):
    entrer(client, mina)
    with django_capture_on_commit_callbacks(execute=True):
        _, reponse = activer(client)
    assert reponse.url == "/comptes/second-facteur/secours/"
    page = client.get(reponse.url).text
    codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()
    assert len(codes) == 10 and all(code in page for code in codes)
    assert codes[0] in client.get("/comptes/second-facteur/secours/fichier/").text
    assert "application d’authentification protège" in courriels.pour(MINA)[0].corps.replace("\n", " ")


def test_l_image_a_photographier_est_la_seule_exception_de_la_politique(client, mina):
    entrer(client, mina)
    page = client.get("/comptes/second-facteur/application/")
    assert "img-src 'self' data:" in page["Content-Security-Policy"] and 'src="data:image/svg+xml' in page.text
    assert "data:" not in client.get("/comptes/second-facteur/")["Content-Security-Policy"]


def test_un_mauvais_code_n_active_rien(client, mina):
    entrer(client, mina)
    client.get("/comptes/second-facteur/application/")
    faux = code_de(client.session["mfa.totp.secret"], 50)
    reponse = client.post("/comptes/second-facteur/application/", {"code": faux})
    assert reponse.status_code == 422 and "pas le bon" in reponse.text
    assert not Authenticator.objects.exists()


def test_le_courriel_ne_suffit_plus_pour_entrer(client, mina, courriels: Boite):
    TOTP.activate(mina, SECRET)
    RecoveryCodes.activate(mina)
    assert se_connecter(client, courriels, MINA).url == "/comptes/second-facteur/verifier/"
    assert client.get("/comptes/").status_code == 302
    html5lib.HTMLParser(strict=True).parse(client.get("/comptes/second-facteur/verifier/").text)
    reponse = client.post("/comptes/second-facteur/verifier/", {"code": code_de(decalage=50)})
    assert reponse.status_code == 422 and "pas le bon" in reponse.text
    assert client.post("/comptes/second-facteur/verifier/", {"code": code_de()}).url == "/comptes/"
    assert client.get("/comptes/").status_code == 200


def test_rester_connecte_vaut_aussi_avec_un_second_facteur(client, courriels: Boite):
    TOTP.activate(personne("mina"), SECRET)
    se_connecter(client, courriels, MINA, rester="on")
    client.post("/comptes/second-facteur/verifier/", {"code": code_de()})
    assert client.get("/comptes/").status_code == 200
    assert client.session.get_expiry_age() > 29 * 86400


def test_un_code_de_secours_ne_sert_qu_une_fois(mina, courriels: Boite):
    TOTP.activate(mina, SECRET)
    code = RecoveryCodes.activate(mina).get_unused_codes()[0]
    entrees = []
    for _ in range(2):
        navigateur = Client()
        se_connecter(navigateur, courriels, MINA)
        entrees.append(navigateur.post("/comptes/second-facteur/verifier/", {"code": code}).status_code)
    assert entrees == [302, 422]


def verifier(courriels: Boite, code: str) -> int:
    navigateur = Client()
    assert se_connecter(navigateur, courriels, MINA).url == "/comptes/second-facteur/verifier/"
    return navigateur.post("/comptes/second-facteur/verifier/", {"code": code}).status_code


@pytest.fixture
def sans_limites(settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.mark.parametrize("plus_tard", [0, 15, 31, 45, 59])
def test_un_code_d_application_ne_sert_qu_une_fois(mina, sans_limites, courriels: Boite, plus_tard):
    TOTP.activate(mina, SECRET)
    debut = datetime(2026, 3, 2, 10, tzinfo=UTC)  # of a period of thirty seconds
    with time_machine.travel(debut, tick=False) as temps:
        code = code_de(SECRET)
        assert verifier(courriels, code) == 302
        temps.shift(timedelta(seconds=plus_tard))
        assert [verifier(courriels, f"{code[:3]} {code[3:]}"), verifier(courriels, code)] == [422, 422]


def test_un_code_plus_ancien_que_le_dernier_accepte_est_refuse(mina, sans_limites, courriels: Boite):
    TOTP.activate(mina, SECRET)
    with time_machine.travel(datetime(2026, 3, 2, 10, tzinfo=UTC), tick=False) as temps:
        assert verifier(courriels, code_de(SECRET)) == 302
        assert verifier(courriels, code_de(SECRET, -1)) == 422
        assert verifier(courriels, code_de(SECRET, 1)) == 302
        temps.shift(timedelta(hours=-1))
        assert verifier(courriels, code_de(SECRET)) == 422  # a clock put back opens nothing again


def test_le_code_qui_active_ne_sert_qu_a_cela(client, mina, sans_limites, courriels: Boite):
    with time_machine.travel(datetime(2026, 3, 2, 10, tzinfo=UTC), tick=False):
        entrer(client, mina)
        secret, _ = activer(client)
        assert verifier(courriels, code_de(secret)) == 422
        assert verifier(courriels, code_de(secret, 1)) == 302


def test_changer_de_cle_secrete_n_oublie_pas_le_dernier_code(mina, sans_limites, courriels: Boite, settings):
    TOTP.activate(mina, SECRET)
    with time_machine.travel(datetime(2026, 3, 2, 10, tzinfo=UTC), tick=False):
        assert verifier(courriels, code_de(SECRET)) == 302
        call_command("rechiffrer", verbosity=0)
        assert verifier(courriels, code_de(SECRET)) == 422


def test_deviner_le_second_facteur_est_arrete(client, mina, courriels: Boite):
    TOTP.activate(mina, SECRET)
    se_connecter(client, courriels, MINA)
    for _ in range(10):
        client.post("/comptes/second-facteur/verifier/", {"code": code_de(decalage=50)})
    assert client.post("/comptes/second-facteur/verifier/", {"code": code_de()}).status_code == 422


def test_un_code_de_secours_qui_sert_est_dit_a_son_proprietaire(client, mina, courriels: Boite):
    TOTP.activate(mina, SECRET)
    code = RecoveryCodes.activate(mina).get_unused_codes()[0]
    se_connecter(client, courriels, MINA)
    client.post("/comptes/second-facteur/verifier/", {"code": code})
    assert "codes de secours vient de servir. Il vous en reste 9." in courriels.pour(MINA)[-1].corps.replace("\n", " ")


def test_plusieurs_mauvais_codes_sont_dits_une_fois_a_leur_proprietaire(client, mina, courriels: Boite):
    TOTP.activate(mina, SECRET)
    se_connecter(client, courriels, MINA)
    ecrits = []
    for _ in range(6):
        client.post("/comptes/second-facteur/verifier/", {"code": code_de(decalage=50)})
        ecrits.append(len(courriels) - 1)
    assert ecrits == [0, 0, 1, 1, 1, 1]
    assert "Plusieurs mauvais codes" in courriels[-1].corps


def test_retirer_la_protection_redemande_un_code(client, mina, courriels: Boite):
    TOTP.activate(mina, SECRET)
    client.force_login(mina)
    page = "/comptes/second-facteur/application/retirer/"
    reponse = client.get(page)
    assert reponse.url == f"/comptes/second-facteur/confirmer/?next={page.replace('/', '%2F')}"
    html5lib.HTMLParser(strict=True).parse(client.get(reponse.url).text)
    assert client.post(reponse.url, {"code": code_de(), "next": page}).url == page
    html5lib.HTMLParser(strict=True).parse(client.get(page).text)
    client.post(page)
    assert not Authenticator.objects.exists()
    assert "ne protège plus" in courriels[-1].corps


def test_on_ne_touche_pas_aux_cles_des_autres(client, mina):
    autre = Utilisateur.objects.create_user("autre@ville.example")
    cle = Authenticator.objects.create(user=autre, type="webauthn", data={})
    entrer(client, mina)
    assert client.get(f"/comptes/second-facteur/cles/{cle.pk}/retirer/").status_code == 404


@pytest.mark.parametrize(
    "chemin",
    ["second-facteur/", "second-facteur/application/", "second-facteur/cles/", "second-facteur/cles/ajouter/",
     "", "adresse/", "appareils/", "deconnexion/", "ferme/"],
)  # fmt: skip
def test_les_pages_sont_du_html_valide(client, mina, chemin):
    entrer(client, mina)
    reponse = client.get(f"/comptes/{chemin}")
    assert reponse.status_code == 200
    html5lib.HTMLParser(strict=True).parse(reponse.text)
    assert reponse.text.count("<h1") == 1 and "{{" not in reponse.text


@pytest.mark.parametrize("chemin", ["", "application/", "secours/", "cles/", "cles/ajouter/", "confirmer/"])
def test_rien_ne_s_ouvre_sans_etre_connecte(client, chemin):
    assert client.get(f"/comptes/second-facteur/{chemin}").url.startswith("/comptes/connexion/")


def test_on_rend_l_acces_a_qui_a_perdu_son_second_facteur(mina):
    TOTP.activate(mina, SECRET)
    RecoveryCodes.activate(mina)
    call_command("retirer_second_facteur", MINA.upper(), verbosity=0)
    assert not Authenticator.objects.exists()
    with pytest.raises(CommandError, match="Aucun compte"):
        call_command("retirer_second_facteur", "inconnue@ville.example")


@pytest.mark.parametrize("hote, offertes", [("127.0.0.1:8000", False), ("[::1]", False), ("localhost:8000", True)])
def test_les_cles_ne_s_offrent_que_la_ou_les_navigateurs_en_veulent(client, mina, settings, hote, offertes):
    settings.ALLOWED_HOSTS = ["*"]
    assert ('id="cle"' in client.get("/comptes/connexion/", headers={"host": hote}).text) == offertes
    entrer(client, mina)
    for page in ("", "cles/"):
        reponse = client.get(f"/comptes/second-facteur/{page}", headers={"host": hote})
        html5lib.HTMLParser(strict=True).parse(reponse.text)
        assert ("Ajouter une clé" in reponse.text) == offertes
