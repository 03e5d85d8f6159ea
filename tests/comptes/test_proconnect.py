"""Signing in through ProConnect: real requests between our server and a provider on 127.0.0.1."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta

import html5lib
import pytest
import requests
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comptes.models import Utilisateur
from comptes.roles import Role, donner
from tests.boite import Boite
from tests.comptes.fournisseur import AUTRE_CLE, Fournisseur
from tests.comptes.test_connexion import CAMILLE, demander, est_connecte, saisir
from tests.factories import personne

pytestmark = pytest.mark.django_db


@pytest.fixture
def fournisseur(settings) -> Iterator[Fournisseur]:
    with Fournisseur() as ouvert:
        settings.PROCONNECT = ouvert.reglages
        yield ouvert


@pytest.fixture
def camille() -> Utilisateur:
    """Somebody who has an account and has never used ProConnect."""
    return personne("camille")


@pytest.fixture
def liee(camille) -> Utilisateur:
    SocialAccount.objects.create(user=camille, provider="proconnect", uid="agent-1")
    return camille


def partir(client: Client, **champs: str):
    return client.post("/comptes/proconnect/", champs)


def adresse_de_retour(client: Client, **champs: str) -> str:
    """Go to the provider as a browser does, and return where it sends the person back."""
    return requests.get(partir(client, **champs).url, allow_redirects=False, timeout=5).headers["Location"]


def revenir(client: Client, **champs: str):
    adresse = adresse_de_retour(client, **champs)
    assert adresse.startswith("http://testserver/comptes/proconnect/retour/?")
    return client.get(adresse.removeprefix("http://testserver"))


def test_sans_reglage_ni_bouton_ni_route_ni_requete(client, settings):
    assert settings.PROCONNECT is None
    with CaptureQueriesContext(connection) as requetes:
        page = client.get("/comptes/connexion/")
    assert "ProConnect" not in page.text and "form-action 'self';" in page["Content-Security-Policy"] + ";"
    assert not [r for r in requetes if "socialaccount" in r["sql"]]
    assert partir(client).status_code == client.get("/comptes/proconnect/retour/?code=a&state=b").status_code == 404


def test_sans_reglage_aucune_page_de_compte_ne_cherche_d_identite(client, camille):
    client.force_login(camille)
    with CaptureQueriesContext(connection) as requetes:
        for page in ("", "adresse/", "appareils/", "donnees/", "second-facteur/", "deconnexion/"):
            assert client.get(f"/comptes/{page}").status_code == 200
    assert not [r for r in requetes if "socialaccount" in r["sql"]]


def test_le_bouton_dit_a_quoi_il_sert(client, fournisseur):
    page = client.get("/comptes/connexion/?next=/fiches/")
    html5lib.HTMLParser(strict=True).parse(page.text)
    assert "S’identifier avec ProConnect" in page.text and "agents publics" in page.text
    origine = fournisseur.url.removesuffix("/api/v2")
    assert f"form-action 'self' {origine}" in page["Content-Security-Policy"]
    assert origine not in client.get("/aide/")["Content-Security-Policy"]


def test_partir_demande_un_envoi(client, fournisseur):
    assert client.get("/comptes/proconnect/").status_code == 405


def test_on_part_avec_de_quoi_reconnaitre_son_retour(client, fournisseur):
    revenir(client)
    ((_, demande),) = [vu for vu in fournisseur.vus if vu[0] == "/authorization"]
    assert set(demande["scope"].split()) == {"openid", "given_name", "usual_name", "email", "siret"}
    assert demande["acr_values"] == "eidas1" and demande["code_challenge_method"] == "S256"
    assert len(demande["state"]) >= 32 and len(demande["nonce"]) >= 32


def test_on_n_envoie_rien_que_le_fournisseur_n_attende(client, liee, fournisseur):
    """ProConnect refuses a request that has a parameter it does not know."""
    fournisseur.decouverte = {}
    revenir(client)
    ((_, demande),) = [vu for vu in fournisseur.vus if vu[0] == "/authorization"]
    assert set(demande) == {"client_id", "redirect_uri", "scope", "response_type", "state", "nonce"}
    assert est_connecte(client)


def test_rien_de_l_adresse_ne_change_la_demande(client, fournisseur):
    client.post("/comptes/proconnect/?scope=phone&auth_params=prompt%3Dnone&process=connect&action=reauthenticate")
    depart = client.post("/comptes/proconnect/?scope=phone&auth_params=prompt%3Dnone&process=connect").url
    assert "phone" not in depart and "prompt" not in depart


def test_une_identite_connue_ouvre_son_compte(client, liee, fournisseur):
    reponse = revenir(client)
    assert (reponse.status_code, reponse.url) == (302, "/comptes/")
    assert est_connecte(client) and client.session["_auth_user_id"] == str(liee.pk)


def test_on_revient_la_ou_l_on_allait(client, liee, fournisseur):
    assert revenir(client, next="/fiches/?q=asv").url == "/fiches/?q=asv"


@pytest.mark.parametrize("suite", ["https://ailleurs.example/", "//ailleurs.example/", "javascript:alert(1)"])
def test_on_n_est_jamais_renvoye_ailleurs(client, liee, fournisseur, suite):
    assert revenir(client, next=suite).url == "/comptes/"


def test_la_premiere_fois_un_code_prouve_l_adresse_et_ouvre_un_compte(client, fournisseur, courriels: Boite):
    reponse = revenir(client, next="/fiches/")
    assert reponse.url == "/comptes/code/?next=%2Ffiches%2F" and not est_connecte(client)
    page = client.get(reponse.url).text
    assert "Première connexion avec ProConnect" in page and CAMILLE in page
    assert not SocialAccount.objects.exists()
    saisir(client, courriels.code(CAMILLE), next="/fiches/")
    personne = Utilisateur.objects.get()
    assert est_connecte(client) and personne.email == CAMILLE and personne.nom_affiche == "Camille Martin"
    assert personne.credit_prefere == "anonyme" and not personne.roles
    assert EmailAddress.objects.get().verified
    assert "ProConnect ouvre maintenant votre compte" in courriels.pour(CAMILLE)[-1].corps


def test_la_deuxieme_fois_c_est_le_meme_compte_sans_code(client, fournisseur, courriels: Boite):
    revenir(client)
    saisir(client, courriels.code(CAMILLE))
    ecrits = len(courriels)
    autre = Client()
    revenir(autre)
    assert est_connecte(autre) and len(courriels) == ecrits
    assert Utilisateur.objects.count() == SocialAccount.objects.count() == 1


def test_le_compte_suit_l_identite_et_non_l_adresse(client, liee, fournisseur):
    fournisseur.agent["email"] = "nouvelle@ville.example"
    revenir(client)
    assert client.session["_auth_user_id"] == str(liee.pk)
    liee.refresh_from_db()
    assert liee.email == CAMILLE


def test_une_adresse_deja_prise_n_est_jamais_prise_sur_parole(client, camille, fournisseur, courriels: Boite):
    """Whoever runs an identity provider could name any address: only who reads its mail gets the account."""
    fournisseur.agent |= {"sub": "inconnu", "email": CAMILLE.upper(), "email_verified": True}
    assert revenir(client).url == "/comptes/code/"
    assert not est_connecte(client) and not SocialAccount.objects.exists()
    saisir(client, courriels.code(CAMILLE))
    assert SocialAccount.objects.get().user == camille
    camille.refresh_from_db()
    assert camille.nom_affiche == "Camille"  # the name of somebody who already had an account is her own affair


def test_le_code_demande_apres_coup_ne_lie_rien(client, camille, fournisseur, courriels: Boite):
    """On a shared computer: somebody left an identity waiting, the next person signs in as usual."""
    revenir(client)
    client.get("/comptes/connexion/?changer")
    demander(client)
    saisir(client, courriels.code(CAMILLE))
    assert est_connecte(client) and not SocialAccount.objects.exists()


def test_une_identite_en_attente_se_perime(client, camille, fournisseur, courriels: Boite):
    depart = timezone.now()
    with time_machine.travel(depart, tick=True) as temps:
        revenir(client)
        session = client.session
        session["proconnect_a_lier"] = {**session["proconnect_a_lier"], "avant": time.time() - 1}
        session.save()
        temps.shift(timedelta(minutes=1))
        saisir(client, courriels.code(CAMILLE))
    assert est_connecte(client) and not SocialAccount.objects.exists()


def test_qui_a_un_second_facteur_le_donne_toujours(client, liee, fournisseur, settings):
    """Whatever `acr` says: the second factor is ours."""
    settings.SECOND_FACTEUR_REQUIS = True
    donner(liee, Role.MODERATEUR)
    fournisseur.jeton = {"acr": "eidas3", "amr": ["pwd", "mfa"]}
    TOTP.activate(liee, generate_totp_secret())
    assert revenir(client).url.startswith("/comptes/second-facteur/verifier/")
    assert not est_connecte(client)


def test_un_moderateur_sans_second_facteur_ne_modere_pas(client, liee, fournisseur, settings):
    settings.SECOND_FACTEUR_REQUIS = True
    donner(liee, Role.MODERATEUR)
    revenir(client)
    assert client.get("/moderation/").url == "/comptes/second-facteur/"


def test_un_lien_demande_aussi_le_second_facteur(client, camille, fournisseur, courriels: Boite):
    TOTP.activate(camille, generate_totp_secret())
    revenir(client)
    assert saisir(client, courriels.code(CAMILLE)).url.startswith("/comptes/second-facteur/verifier/")
    assert not SocialAccount.objects.exists()


def test_un_compte_ferme_ne_s_ouvre_plus(client, liee, fournisseur):
    Utilisateur.objects.update(is_active=False)
    assert revenir(client).url == "/comptes/ferme/"
    assert not est_connecte(client)


def test_une_adresse_de_compte_ferme_ne_dit_rien(client, camille, fournisseur, courriels: Boite):
    Utilisateur.objects.update(is_active=False)
    assert revenir(client).url == "/comptes/code/"
    assert "Aucun compte" in courriels[-1].objet


@pytest.mark.parametrize("adresse", [None, "", "pas une adresse", 12, ["a@b.fr"], "a@b.fr\nBcc: c@d.fr"])
def test_sans_adresse_on_explique(client, fournisseur, adresse):
    fournisseur.agent["email"] = adresse
    reponse = revenir(client)
    assert reponse.status_code == 403 and "n’a pas donné votre adresse" in reponse.text
    assert not Utilisateur.objects.exists()


def test_renoncer_ramene_a_la_connexion(client, fournisseur):
    fournisseur.refuse = "access_denied"
    reponse = revenir(client)
    assert reponse.url == "/comptes/connexion/" and "Vous avez renoncé" in client.get(reponse.url).text


@pytest.mark.parametrize(
    "erreur, code", [("server_error", 503), ("temporarily_unavailable", 503), ("invalid_request", 400)]
)
def test_une_erreur_du_fournisseur_se_dit(client, fournisseur, erreur, code):
    fournisseur.refuse = erreur
    assert revenir(client).status_code == code


def test_un_retour_sans_depart_est_refuse(client, liee, fournisseur):
    reponse = client.get("/comptes/proconnect/retour/?code=abc&state=def")
    assert reponse.status_code == 400 and "n’a pas commencé dans ce navigateur" in reponse.text


def test_le_retour_d_un_autre_navigateur_est_refuse(client, liee, fournisseur):
    adresse = adresse_de_retour(Client()).removeprefix("http://testserver")
    assert client.get(adresse).status_code == 400 and not est_connecte(client)


def test_un_etat_ne_sert_qu_une_fois(client, liee, fournisseur):
    adresse = adresse_de_retour(client).removeprefix("http://testserver")
    client.get(adresse)
    client.post("/comptes/deconnexion/")
    assert client.get(adresse).status_code == 400 and not est_connecte(client)


def test_un_code_rejoue_est_refuse(client, liee, fournisseur):
    """A code stolen after use, put in the return of somebody who really left."""
    vole = re.search("code=([^&]+)", adresse_de_retour(client))[1]
    client.get(f"/comptes/proconnect/retour/?code={vole}&state={'x' * 32}")
    revenir(client)
    client.post("/comptes/deconnexion/")
    adresse = re.sub("code=[^&]+", f"code={vole}", adresse_de_retour(client)).removeprefix("http://testserver")
    fournisseur.codes.pop(vole, None)
    assert client.get(adresse).status_code == 400 and not est_connecte(client)


def test_le_code_d_un_autre_est_refuse(client, liee, fournisseur):
    """The code of another browser, injected: PKCE and the nonce bind it to where it was asked."""
    autre = re.search("code=([^&]+)", adresse_de_retour(Client()))[1]
    adresse = re.sub("code=[^&]+", f"code={autre}", adresse_de_retour(client)).removeprefix("http://testserver")
    assert client.get(adresse).status_code == 400 and not est_connecte(client)


def _json(fournisseur: Fournisseur) -> None:
    fournisseur.infos_en_json = True


FAUX = {
    "nonce": lambda f: f.jeton.update(nonce="x" * 43),
    "sans nonce": lambda f: f.jeton.update(nonce=None),
    "signature du jeton": lambda f: f.cle.update(jeton=AUTRE_CLE),
    "signature des informations": lambda f: f.cle.update(infos=AUTRE_CLE),
    "public du jeton": lambda f: f.jeton.update(aud="autre-site"),
    "public des informations": lambda f: f.infos.update(aud="autre-site"),
    "émetteur du jeton": lambda f: f.jeton.update(iss="https://ailleurs.example"),
    "émetteur des informations": lambda f: f.infos.update(iss="https://ailleurs.example"),
    "jeton périmé": lambda f: f.jeton.update(exp=int(time.time()) - 3600),
    "jeton sans fin": lambda f: f.jeton.update(exp=None),
    "autre personne": lambda f: f.infos.update(sub="agent-2"),
    "personne trop longue": lambda f: f.agent.update(sub="x" * 300),
    "personne vide": lambda f: f.agent.update(sub=""),
    "sans personne": lambda f: f.infos.update(sub=None),
    "sans signature": lambda f: setattr(f, "algorithme", "none"),
    "signé du secret partagé": lambda f: setattr(f, "algorithme", "HS256"),
    "informations en clair": _json,
    "niveau trop bas": lambda f: f.jeton.update(acr="eidas0"),
    "niveau inconnu": lambda f: f.jeton.update(acr="eidas9"),
    "sans niveau": lambda f: f.jeton.update(acr=None),
    "jeton fait pour un autre": lambda f: f.jeton.update(aud=["site", "autre-site"], azp="autre-site"),
    "jeton fait pour on ne sait qui": lambda f: f.jeton.update(aud=["site", "autre-site"]),
    "fait pour un autre, à un seul lecteur": lambda f: f.jeton.update(azp="autre-site"),
}


@pytest.mark.parametrize(
    "dit", [{"acr": "eidas2"}, {"acr": "eidas3"}, {"azp": "site"}, {"aud": ["site", "autre"], "azp": "site"}]
)
def test_un_jeton_fait_pour_nous_et_assez_sur_est_cru(client, liee, fournisseur, dit):
    fournisseur.jeton.update(dit)
    revenir(client)
    assert est_connecte(client)


def test_un_niveau_qui_n_est_pas_demande_n_est_pas_exige(client, liee, fournisseur):
    fournisseur.decouverte = {}
    fournisseur.jeton.update(acr=None)
    revenir(client)
    assert est_connecte(client)


@pytest.mark.parametrize("fausser", FAUX.values(), ids=FAUX)
def test_ce_qui_n_est_pas_prouve_n_est_pas_cru(client, liee, fournisseur, fausser):
    fausser(fournisseur)
    reponse = revenir(client)
    assert reponse.status_code == 502 and "n’a pas pu être vérifiée" in reponse.text
    assert not est_connecte(client)


@pytest.mark.parametrize("chemin", ["/token", "/userinfo", "/jwks", "/.well-known/openid-configuration"])
def test_une_panne_du_fournisseur_se_dit(client, liee, fournisseur, chemin):
    adresse = adresse_de_retour(client).removeprefix("http://testserver")
    fournisseur.pannes[chemin] = 500
    reponse = client.get(adresse)
    assert reponse.status_code == 503 and reponse["Retry-After"] and "ProConnect ne répond pas" in reponse.text
    html5lib.HTMLParser(strict=True).parse(reponse.text)


def test_un_fournisseur_eteint_se_dit_au_depart(client, settings):
    with Fournisseur() as eteint:
        settings.PROCONNECT = eteint.reglages
    reponse = partir(client)
    assert reponse.status_code == 503 and "par un code" in reponse.text


def test_la_page_d_un_autre_emetteur_n_est_pas_crue(client, fournisseur):
    fournisseur.decouverte["issuer"] = "https://ailleurs.example"
    assert partir(client).status_code == 502


def test_se_deconnecter_ferme_aussi_la_session_la_bas(client, liee, fournisseur):
    revenir(client)
    page = client.post("/comptes/deconnexion/")
    assert page.status_code == 200 and not est_connecte(client)
    html5lib.HTMLParser(strict=True).parse(page.text)
    adresse = re.search('url=([^"]+)"', page.text)[1].replace("&amp;", "&")
    retour = requests.get(adresse, allow_redirects=False, timeout=5).headers["Location"]
    chemin, demande = fournisseur.vus[-1]
    assert chemin == "/fin" and demande["id_token_hint"].count(".") == 2 and len(demande["state"]) >= 32
    assert demande["post_logout_redirect_uri"] == "http://testserver/comptes/deconnexion/"
    assert client.get(retour.removeprefix("http://testserver")).url == "/"


def test_qui_s_est_connecte_par_un_code_se_deconnecte_comme_avant(client, camille, fournisseur, courriels: Boite):
    demander(client)
    saisir(client, courriels.code(CAMILLE))
    assert client.post("/comptes/deconnexion/").url == "/"


def test_on_ne_garde_que_ce_qui_sert(client, fournisseur, courriels: Boite):
    revenir(client)
    saisir(client, courriels.code(CAMILLE))
    assert SocialAccount.objects.get().extra_data == {} and not SocialToken.objects.exists()
    revenir(Client())
    assert SocialAccount.objects.get().extra_data == {}


@pytest.mark.parametrize("nom, garde", [("A\0b\n", "Ab"), (None, ""), (7, ""), ("é" * 300, "é" * 100)])
def test_un_nom_etrange_ne_casse_rien(client, fournisseur, courriels: Boite, nom, garde):
    fournisseur.agent |= {"given_name": nom, "usual_name": None}
    revenir(client)
    saisir(client, courriels.code(CAMILLE))
    assert est_connecte(client) and Utilisateur.objects.get().nom_affiche == garde
