"""« Mon compte », the banner, the roles: what a person is shown, and what those who only read never pay for."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.http import HttpResponse
from django.test import Client, RequestFactory

from comptes.acces import administrateur_requis, moderateur_requis
from comptes.models import Utilisateur
from comptes.roles import Role
from tests.factories import personne

pytestmark = pytest.mark.django_db


@pytest.fixture
def camille(client) -> Utilisateur:
    camille = personne("camille")
    client.force_login(camille)
    return camille


def enregistrer(client, **champs):
    return client.post(
        "/comptes/", {"nom_affiche": "", "pseudonyme": "", "lien": "", "credit_prefere": "anonyme", **champs}
    )


# What one is called


def test_on_choisit_comment_on_est_nomme(client, camille):
    reponse = enregistrer(client, nom_affiche="Camille D.", lien="https://ville.example/", credit_prefere="nom")
    assert reponse.url == "/comptes/"
    camille.refresh_from_db()
    assert (camille.credit, camille.lien) == ("Camille D.", "https://ville.example/")
    assert "Vos préférences sont enregistrées" in client.get("/comptes/").text
    assert "Vos préférences sont enregistrées" not in client.get("/comptes/").text


def test_sans_choix_on_n_est_pas_nomme(camille):
    assert camille.credit == "" and camille.email not in str(camille)


@pytest.mark.parametrize(
    "champs, phrase",
    [
        ({"lien": "http://ville.example/"}, "https://"),
        ({"lien": "javascript:alert(1)"}, "Ce lien n’est pas complet"),
        ({"credit_prefere": "nom"}, "Remplissez ce champ"),
        ({"credit_prefere": "pseudonyme", "pseudonyme": ""}, "Remplissez ce champ"),
        ({"credit_prefere": "autre"}, "erreur-champ"),
        ({"pseudonyme": "ZOÉ"}, "déjà pris"),
        ({"nom_affiche": "x" * 101}, "erreur-champ"),
    ],
)
def test_un_profil_refuse_dit_pourquoi_et_ne_perd_rien(client, camille, champs, phrase):
    Utilisateur.objects.create_user("zoe@ville.example", pseudonyme="Zoé")
    reponse = enregistrer(client, **{"nom_affiche": "", "pseudonyme": "cam", **champs})
    assert reponse.status_code == 422 and phrase in reponse.text
    assert champs.get("pseudonyme", "cam") in reponse.text
    camille.refresh_from_db()
    assert (camille.pseudonyme, camille.lien) == ("", "")


@pytest.mark.parametrize(
    "champs, contrainte",
    [
        ({"lien": "http://ville.example"}, "lien_https"),
        ({"credit_prefere": "nom"}, "credit_possible"),
        ({"credit_prefere": "?"}, "credit_possible"),
        ({"pseudonyme": "ZOÉ"}, "pseudonyme_unique"),
    ],
)
def test_la_base_refuse_un_profil_incoherent(champs, contrainte):
    Utilisateur.objects.create_user("zoe@ville.example", pseudonyme="Zoé")
    with pytest.raises(IntegrityError, match=contrainte):
        Utilisateur.objects.create_user("camille@ville.example", **champs)


def test_mon_compte_demande_d_etre_connecte(client):
    for page in ("", "adresse/", "appareils/"):
        reponse = client.get(f"/comptes/{page}")
        assert reponse.status_code == 302 and reponse.url.startswith("/comptes/connexion/?next=/comptes/")


def test_mon_compte_coute_peu(client, camille, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        client.get("/comptes/")


# The banner


def test_qui_lit_n_ouvre_aucune_session(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = client.get("/aide/")
    assert "Se connecter" in page.text and "Mon compte" not in page.text
    assert not page.cookies and "Cookie" not in page.get("Vary", "")


def test_la_page_de_connexion_n_ouvre_pas_de_session(client):
    assert set(client.get("/comptes/connexion/").cookies) == {"csrftoken"}


def test_le_bandeau_de_qui_est_connecte(client, camille, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        page = client.get("/aide/")
    assert "Mon compte" in page.text and "Se connecter" not in page.text
    assert "Cookie" in page["Vary"]


def test_un_vieux_cookie_est_oublie(client):
    client.cookies["sessionid"] = "perime"
    page = client.get("/aide/")
    assert "Se connecter" in page.text and page.cookies["sessionid"]["max-age"] == 0


@pytest.mark.parametrize(
    "roles, moderation",
    [((), False), ((Role.CONFIANCE,), False), ((Role.MODERATEUR,), True), ((Role.ADMINISTRATEUR,), True)],
)
def test_la_moderation_ne_se_montre_qu_a_qui_modere(client, roles, moderation, settings):
    settings.ROOT_URLCONF = "tests.comptes.adresses"
    client.force_login(personne("mina", *roles))
    assert ("Modération" in client.get("/aide/").text) == moderation


def test_on_se_connecte_depuis_une_page_et_l_on_y_revient(client):
    assert "/comptes/connexion/?next=%2Faide%2F%3Fa%3D1%26b%3D2" in client.get("/aide/?a=1&b=2").text
    assert "next" not in client.get("/comptes/inscription/").text


def test_la_page_refusee_le_dit(client, settings):
    settings.ROOT_URLCONF = "tests.comptes.adresses"
    reponse = client.post("/moderation/")
    assert reponse.status_code == 403 and "Il faut être connecté" in reponse.text
    client.force_login(personne())
    reponse = client.get("/moderation/")
    assert reponse.status_code == 403 and "Votre compte ne permet pas" in reponse.text


def test_un_formulaire_expire_le_dit():
    reponse = Client(enforce_csrf_checks=True).post("/comptes/connexion/", {"email": "camille@ville.example"})
    assert reponse.status_code == 403 and "Ce formulaire a expiré" in reponse.text


# The roles


def test_les_roles_se_synchronisent_sans_rien_doubler(capsys):
    for _ in range(2):
        call_command("synchroniser_roles")
    assert set(Group.objects.values_list("name", flat=True)) == set(Role)
    assert capsys.readouterr().out.endswith("Les rôles sont à jour.\n")


@pytest.mark.parametrize(
    "roles, attendu",
    [
        ((), (False, False, False)),
        ((Role.CONFIANCE,), (True, False, False)),
        ((Role.MODERATEUR,), (True, True, False)),
        ((Role.ADMINISTRATEUR,), (True, True, True)),
    ],
)
def test_un_role_contient_les_precedents(roles, attendu, django_assert_max_num_queries):
    mina = Utilisateur.objects.get(pk=personne("mina", *roles).pk)
    with django_assert_max_num_queries(1):
        assert (mina.est_de_confiance, mina.est_moderateur, mina.est_administrateur) == attendu


def test_nommer_cree_le_compte_au_besoin_et_remplace_le_role():
    call_command("nommer", "Mina@Ville.example", "moderateur")
    mina = Utilisateur.objects.get()
    assert mina.email == "mina@ville.example" and mina.roles == {Role.MODERATEUR}
    call_command("nommer", "mina@ville.example", "aucun")
    assert not Utilisateur.objects.get().roles


def test_nommer_refuse_ce_qui_n_est_pas_une_adresse():
    with pytest.raises(CommandError, match="adresse"):
        call_command("nommer", "mina", "moderateur")


@moderateur_requis
def salle(request) -> HttpResponse:
    return HttpResponse("Entrez.")


def entrer(qui, methode: str = "get", vue=salle) -> HttpResponse:
    requete = getattr(RequestFactory(), methode)("/moderation/?page=2")
    requete.user = qui
    requete._messages = type("Messages", (), {"add": lambda *a: None})()
    return vue(requete)


def test_qui_n_est_pas_connecte_va_se_connecter_puis_revient():
    assert entrer(AnonymousUser()).url == "/comptes/connexion/?next=/moderation/%3Fpage%3D2"


def test_on_n_envoie_rien_sans_etre_connecte():
    with pytest.raises(PermissionDenied):
        entrer(AnonymousUser(), "post")


@pytest.mark.parametrize("role", [(), (Role.CONFIANCE,)])
def test_la_salle_est_fermee_aux_autres(role):
    with pytest.raises(PermissionDenied):
        entrer(personne("mina", *role))


@pytest.mark.parametrize("role", [Role.MODERATEUR, Role.ADMINISTRATEUR])
def test_la_salle_est_ouverte_a_qui_modere(role):
    assert entrer(personne("mina", role)).content == b"Entrez."


def test_seul_un_administrateur_entre_chez_lui():
    vue = administrateur_requis(lambda requete: HttpResponse("Entrez."))
    assert entrer(personne("mina", Role.ADMINISTRATEUR), vue=vue).status_code == 200
    with pytest.raises(PermissionDenied):
        entrer(personne("mina", Role.MODERATEUR), vue=vue)


@pytest.mark.parametrize("chemin", ["/comptes/connexion/", "/comptes/inscription/"])
def test_les_pages_de_compte_restent_hors_des_moteurs(client, chemin):
    assert '<meta name="robots" content="noindex">' in client.get(chemin).text


@pytest.mark.parametrize("roles, vu", [((), False), ((Role.CONFIANCE,), True), ((Role.MODERATEUR,), True)])
def test_a_rafraichir_se_trouve_depuis_son_compte(client, roles, vu):
    client.force_login(personne("mina", *roles))
    assert ('href="/moderation/a-rafraichir/"' in client.get("/comptes/").text) == vu


@pytest.mark.parametrize("https, nom", [(True, "__Host-messages"), (False, "messages")])
def test_le_cookie_des_messages_ne_se_plante_pas_d_a_cote(client, settings, https, nom):
    settings.SESSION_COOKIE_SECURE = https
    client.force_login(personne())
    pose = enregistrer(client).cookies[nom]
    assert (bool(pose["secure"]), pose["path"], pose["domain"]) == (https, "/", "")
    if not https:
        assert "enregistrées" in client.get("/comptes/").text
