"""Signing in and opening an account, by a code received by e-mail."""

import re
from datetime import timedelta

import html5lib
import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comptes.models import Utilisateur
from courriels.models import Courriel
from tests.boite import Boite

pytestmark = pytest.mark.django_db
CAMILLE = "camille@ville.example"


@pytest.fixture
def camille() -> Utilisateur:
    return Utilisateur.objects.create_user(CAMILLE)


def demander(client: Client, adresse: str = CAMILLE, suite: str = ""):
    return client.post(f"/comptes/connexion/{suite}", {"email": adresse})


def saisir(client: Client, code: str, **champs):
    return client.post("/comptes/code/", {"code": code, **champs})


def faux(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def est_connecte(client: Client) -> bool:
    return client.get("/comptes/").status_code == 200


def test_on_se_connecte_par_un_code_recu(client, camille, courriels: Boite):
    reponse = demander(client)
    assert (reponse.status_code, reponse.url) == (302, "/comptes/code/")
    assert CAMILLE in client.get("/comptes/code/").text
    reponse = saisir(client, courriels.code(CAMILLE))
    assert (reponse.status_code, reponse.url) == (302, "/comptes/")
    assert est_connecte(client)


def test_le_courriel_dit_le_code_en_francais_et_part_par_la_file(client, camille, courriels: Boite, vider_la_file):
    demander(client)
    (courriel,) = courriels
    code = courriels.code(CAMILLE)
    assert courriel.objet.startswith(code) and f"    {code}\n" in courriel.corps and "10 minutes" in courriel.corps
    assert mail.outbox == []
    vider_la_file()
    assert [parti.to for parti in mail.outbox] == [[CAMILLE]]


def test_une_adresse_se_tape_comme_on_veut(client, camille, courriels: Boite):
    demander(client, "  Camille@Ville.EXAMPLE ")
    saisir(client, courriels.code(CAMILLE))
    assert est_connecte(client)


def test_un_code_se_colle_avec_ses_espaces(client, camille, courriels: Boite):
    demander(client)
    code = courriels.code(CAMILLE)
    saisir(client, f" {code[:3]} {code[3:]}\t")
    assert est_connecte(client)


def test_un_mauvais_code_se_dit_et_le_bon_marche_encore(client, camille, courriels: Boite):
    demander(client)
    code = courriels.code(CAMILLE)
    reponse = saisir(client, faux(code))
    assert reponse.status_code == 422 and "Ce code n’est pas le bon" in reponse.text
    saisir(client, code)
    assert est_connecte(client)


@pytest.mark.parametrize("saisie, phrase", [("", "Recopiez"), ("48201", "manque"), ("bonjour", "pas un code")])
def test_une_faute_de_frappe_n_est_pas_un_essai(client, camille, courriels: Boite, saisie, phrase):
    demander(client)
    for _ in range(4):
        reponse = saisir(client, saisie)
        assert reponse.status_code == 422 and phrase in reponse.text
    saisir(client, courriels.code(CAMILLE))
    assert est_connecte(client)


def test_trois_mauvais_codes_et_il_faut_en_demander_un_autre(client, camille, courriels: Boite):
    demander(client)
    code = courriels.code(CAMILLE)
    for _ in range(3):
        saisir(client, faux(code))
    assert saisir(client, code).url == "/comptes/connexion/"
    assert not est_connecte(client)


def test_les_essais_simultanes_sont_comptes(client, camille, courriels: Boite):
    """The number of tries is in the session, which requests sent together all read before any writes it."""
    demander(client)
    code = courriels.code(CAMILLE)
    avant = client.session.load()
    codes = []
    for _ in range(12):
        session = client.session
        session.update(avant)
        session.save()
        codes.append(saisir(client, faux(code)).status_code)
    refus = saisir(client, code)
    assert codes[-1] == refus.status_code == 429 and "Trop de demandes" in refus.text
    assert not est_connecte(client)


def test_deviner_sans_fin_est_arrete(camille):
    codes = [demander(Client()).status_code for _ in range(5)]
    assert codes[:3] == [302] * 3 and codes[3:] == [422] * 2
    assert "Trop d’essais" in demander(Client()).text


def test_deviner_patiemment_est_arrete_aussi(camille, courriels: Boite):
    """Three tries a code, thirty codes a day: less than one chance in ten thousand."""
    with time_machine.travel(timezone.now(), tick=False) as temps:
        for _ in range(50):
            demander(Client())
            temps.shift(timedelta(minutes=25))
    assert len(courriels) == 30


def test_un_robot_est_arrete_quelle_que_soit_l_adresse():
    codes = [demander(Client(), f"robot{n}@ville.example").status_code for n in range(22)]
    assert codes[0] == 302 and codes[-1] != 302
    assert Courriel.objects.count() == 20


def test_un_code_ne_sert_qu_une_fois(client, camille, courriels: Boite):
    demander(client)
    code = courriels.code(CAMILLE)
    saisir(client, code)
    client.post("/comptes/deconnexion/")
    assert saisir(client, code).url == "/comptes/connexion/"
    assert not est_connecte(client)


def test_le_code_d_un_autre_navigateur_ne_sert_a_rien(camille, courriels: Boite):
    """The code is worth something only in the browser that asked for it: reading it over a shoulder is not enough."""
    demander(Client())
    voleur = Client()
    demander(voleur, "voleur@ville.example")
    saisir(voleur, courriels.code(CAMILLE))
    assert not est_connecte(voleur)


def test_un_code_perime_apres_dix_minutes(client, camille, courriels: Boite):
    depart = timezone.now()
    with time_machine.travel(depart, tick=False) as temps:
        demander(client)
        temps.shift(timedelta(minutes=11))
        assert saisir(client, courriels.code(CAMILLE)).url == "/comptes/connexion/"
        assert not est_connecte(client)


@pytest.mark.parametrize("recul", [timedelta(minutes=2), timedelta(days=1), timedelta(days=365)])
def test_une_horloge_reculee_ne_rend_pas_un_code_plus_frais(client, camille, courriels: Boite, recul):
    depart = timezone.now()
    with time_machine.travel(depart, tick=False):
        demander(client)
    with time_machine.travel(depart - recul, tick=False):
        assert saisir(client, courriels.code(CAMILLE)).url == "/comptes/connexion/"
        assert not est_connecte(client)


def test_une_horloge_remise_a_l_heure_de_quelques_secondes_ne_gene_pas(client, camille, courriels: Boite):
    depart = timezone.now()
    with time_machine.travel(depart, tick=False) as temps:
        demander(client)
        temps.shift(timedelta(seconds=-30))
        saisir(client, courriels.code(CAMILLE))
        assert est_connecte(client)


def test_on_peut_demander_un_autre_code(client, camille, courriels: Boite):
    demander(client)
    premier = courriels.code(CAMILLE)
    client.post("/comptes/code/", {"action": "resend"})
    dernier = courriels.code(CAMILLE)
    assert len(courriels) == 2
    if premier != dernier:
        assert saisir(client, premier).status_code == 422
    saisir(client, dernier)
    assert est_connecte(client)


def test_on_peut_corriger_son_adresse(client, camille):
    demander(client, "camile@ville.example")
    assert client.get("/comptes/connexion/").url == "/comptes/code/"
    assert client.get("/comptes/connexion/?changer").status_code == 200
    assert demander(client).url == "/comptes/code/"
    assert CAMILLE in client.get("/comptes/code/").text


def test_une_adresse_inconnue_recoit_la_meme_page(courriels: Boite, camille, django_assert_max_num_queries):
    connue, inconnue = Client(), Client()
    reponses = [demander(connue), demander(inconnue, "inconnue@ville.example")]
    assert reponses[0].url == reponses[1].url
    pages = [
        c.get("/comptes/code/").text.replace(a, "")
        for c, a in ((connue, CAMILLE), (inconnue, "inconnue@ville.example"))
    ]
    assert sans_jeton(pages[0]) == sans_jeton(pages[1])
    assert saisir(connue, "000000").status_code == saisir(inconnue, "000000").status_code == 422
    (courriel,) = courriels.pour("inconnue@ville.example")
    assert "/comptes/inscription/" in courriel.corps and "http://testserver" in courriel.corps
    assert not Utilisateur.objects.filter(email="inconnue@ville.example").exists()


def test_une_adresse_inconnue_demande_le_meme_travail(camille, django_assert_max_num_queries):
    """Same number of queries, give or take two: the time of the answer tells nothing."""
    comptes = []
    for adresse in (CAMILLE, "inconnue@ville.example"):
        with django_assert_max_num_queries(100) as requetes:
            demander(Client(), adresse)
        comptes.append(len(requetes))
    assert abs(comptes[0] - comptes[1]) <= 2, comptes


def test_redemander_un_code_demande_le_meme_travail(camille, courriels: Boite, vider_la_file):
    """The same queries, the same rows; that of an address without an account is not sent."""
    couts = []
    for adresse in (CAMILLE, "inconnue@ville.example"):
        client = Client()
        demander(client, adresse)
        avant = Courriel.objects.count()
        with CaptureQueriesContext(connection) as requetes:
            assert client.post("/comptes/code/", {"action": "resend"}).url == "/comptes/code/"
        couts.append((len(requetes), Courriel.objects.count() - avant))
    assert couts[0] == couts[1] and couts[0][1] == 1
    vider_la_file()
    assert [message.to for message in mail.outbox] == [[CAMILLE]] * 2 + [["inconnue@ville.example"]]


def test_le_code_que_personne_n_a_recu_n_ouvre_rien(courriels: Boite):
    client = Client()
    demander(client, "inconnue@ville.example")
    client.post("/comptes/code/", {"action": "resend"})
    assert "code" not in client.session["account_login"]["state"]["stages"]["login_by_code"]["data"]


def sans_jeton(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def test_aucune_adresse_ne_s_apprend_a_l_inscription(camille, courriels: Boite):
    EmailAddress.objects.create(user=camille, email=CAMILLE, verified=True, primary=True)
    neuve, prise = Client(), Client()
    reponses = [neuve.post("/comptes/inscription/", {"email": "neuve@ville.example"}),
                prise.post("/comptes/inscription/", {"email": CAMILLE})]  # fmt: skip
    assert reponses[0].status_code == reponses[1].status_code == 302 and reponses[0].url == reponses[1].url
    pages = [
        neuve.get(reponses[0].url).text.replace("neuve@ville.example", ""),
        prise.get(reponses[0].url).text.replace(CAMILLE, ""),
    ]
    assert sans_jeton(pages[0]) == sans_jeton(pages[1])
    assert "déjà un" in courriels.pour(CAMILLE)[0].corps
    assert Utilisateur.objects.filter(email=CAMILLE).count() == 1


def test_on_ouvre_un_compte_en_confirmant_son_adresse(client, courriels: Boite):
    reponse = client.post("/comptes/inscription/", {"email": "Neuve@Ville.example"})
    assert reponse.url == "/comptes/confirmation/"
    assert not est_connecte(client)
    code = courriels.code("neuve@ville.example")
    reponse = client.post("/comptes/confirmation/", {"code": faux(code)})
    assert reponse.status_code == 422
    client.post("/comptes/confirmation/", {"code": code})
    assert est_connecte(client)
    personne = Utilisateur.objects.get()
    assert personne.email == "neuve@ville.example" and not personne.roles
    assert EmailAddress.objects.get().verified


@pytest.mark.parametrize("adresse", ["", "camille", "camille@", "a@b\nBcc: c@d.fr"])
@pytest.mark.parametrize("chemin", ["connexion", "inscription"])
def test_une_adresse_mal_ecrite_se_dit_et_reste_affichee(client, chemin, adresse):
    reponse = client.post(f"/comptes/{chemin}/", {"email": adresse})
    assert reponse.status_code == 422 and "erreur-champ" in reponse.text
    assert Courriel.objects.count() == 0


def test_un_compte_ferme_ne_s_ouvre_plus(client, camille, courriels: Boite):
    Utilisateur.objects.update(is_active=False)
    demander(client)
    assert "Aucun compte" in courriels[-1].objet


@pytest.mark.parametrize(
    "suite", ["https://ailleurs.example/", "//ailleurs.example/", "javascript:alert(1)", "https:ailleurs.example"]
)
def test_on_n_est_jamais_renvoye_ailleurs(client, camille, courriels: Boite, suite):
    demander(client, suite=f"?next={suite}")
    reponse = client.post("/comptes/code/", {"code": courriels.code(CAMILLE), "next": suite})
    assert reponse.url == "/comptes/"
    assert client.post("/comptes/deconnexion/", {"next": suite}).url == "/"


@pytest.mark.parametrize("chemin", ["connexion/?next=/fiches/&email=a@b.fr", "inscription/?next=/fiches/"])
def test_les_pages_sont_du_html_valide(client, chemin):
    texte = client.get(f"/comptes/{chemin}").text
    html5lib.HTMLParser(strict=True).parse(texte)
    assert texte.count("<h1") == 1 and ("a@b.fr" in texte) == ("email" in chemin)


def test_on_revient_la_ou_l_on_allait(client, camille, courriels: Boite):
    suite = "/fiches/?q=asv"
    reponse = client.post("/comptes/connexion/", {"email": CAMILLE, "next": suite})
    assert "next=" in reponse.url
    assert 'name="next"' in client.get(reponse.url).text
    reponse = client.post(reponse.url, {"code": courriels.code(CAMILLE), "next": suite})
    assert reponse.url == suite


@pytest.mark.parametrize("rester, duree", [({"rester": "on"}, timedelta(days=30)), ({}, timedelta(hours=12))])
def test_rester_connecte_est_un_choix(client, camille, courriels: Boite, rester, duree):
    demander(client)
    reponse = saisir(client, courriels.code(CAMILLE), **rester)
    assert bool(reponse.cookies["sessionid"]["max-age"]) == bool(rester)
    assert abs(client.session.get_expiry_date() - timezone.now() - duree) < timedelta(minutes=1)


def test_se_deconnecter_demande_un_envoi(client, camille):
    client.force_login(camille)
    client.get("/comptes/deconnexion/")
    assert est_connecte(client)
    assert client.post("/comptes/deconnexion/").url == "/"
    assert not est_connecte(client)


@pytest.mark.parametrize(
    "chemin", ["password/change", "password/set", "password/reset", "reauthenticate", "login", "signup"]
)
def test_aucune_page_ne_prend_de_mot_de_passe(client, chemin):
    assert client.get(f"/comptes/{chemin}/").status_code == 404


def test_un_mot_de_passe_n_ouvre_rien(client, courriels: Boite):
    Utilisateur.objects.create_superuser("admin@ville.example", "un mot de passe")
    reponse = client.post("/comptes/connexion/", {"email": "admin@ville.example", "password": "un mot de passe"})
    assert reponse.url == "/comptes/code/" and not est_connecte(client)


def test_les_sessions_se_voient_et_se_ferment(camille, courriels: Boite):
    ici = Client(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    ailleurs = Client(HTTP_USER_AGENT="Téléphone")
    for navigateur in (ici, ailleurs):
        demander(navigateur)
        saisir(navigateur, courriels.code(CAMILLE))
    page = ici.get("/comptes/appareils/").text
    assert "Firefox sous Linux" in page and "Téléphone" in page
    ici.post("/comptes/appareils/")
    assert est_connecte(ici) and not est_connecte(ailleurs)


def test_l_adresse_change_quand_elle_est_confirmee(client, camille, courriels: Boite):
    demander(client)
    saisir(client, courriels.code(CAMILLE))
    reponse = client.post("/comptes/adresse/", {"email": "nouvelle@ville.example", "action_add": "1"})
    assert reponse.url == "/comptes/confirmation/"
    assert Utilisateur.objects.get().email == CAMILLE
    client.post("/comptes/confirmation/", {"code": courriels.code("nouvelle@ville.example")})
    assert Utilisateur.objects.get().email == "nouvelle@ville.example"
    assert not EmailAddress.objects.filter(email=CAMILLE).exists()
    assert "à l’ancienne" in courriels.pour(CAMILLE)[-1].corps


@pytest.mark.parametrize(
    "transmises, adresse",
    [
        ("192.0.2.9, 192.0.2.7, 192.0.2.6", "192.0.2.7"),
        ("192.0.2.7", "127.0.0.1"),
        ("::ffff:192.0.2.7, a", "192.0.2.7"),
    ],
)
def test_l_adresse_d_un_appareil_est_celle_que_disent_les_mandataires(
    client, camille, courriels: Boite, settings, transmises, adresse
):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    client.defaults["HTTP_X_FORWARDED_FOR"] = transmises
    demander(client)
    assert saisir(client, courriels.code(CAMILLE)).status_code == 302
    assert UserSession.objects.get(user=camille).ip == adresse
