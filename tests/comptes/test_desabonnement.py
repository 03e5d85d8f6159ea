"""Stopping the e-mails one may refuse, from the e-mail itself: RFC 8058, without a session."""

import pytest
from django.core import mail, signing
from django.test import Client
from django.urls import reverse

from comptes import desabonnement
from comptes.models import Utilisateur
from courriels.envoi import ecrire

pytestmark = pytest.mark.django_db
UN_CLIC = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def camille() -> Utilisateur:
    return Utilisateur.objects.create_user("camille@ville.example")


def lien(personne: Utilisateur) -> str:
    return desabonnement.adresse(personne).removeprefix("http://testserver")


def veut_tout(personne: Utilisateur) -> bool:
    return Utilisateur.objects.get(pk=personne.pk).courriels == Utilisateur.Courriels.TOUS


def test_le_courriel_porte_les_deux_entetes_et_la_meme_adresse_en_bas(camille, vider_la_file):
    adresse = desabonnement.adresse(camille)
    ecrire(camille.email, "Bonjour", "Un mot.", cle="essai", arreter=adresse)
    vider_la_file()
    (parti,) = mail.outbox
    entetes = parti.message()
    assert entetes["List-Unsubscribe"] == f"<{adresse}>" and adresse in parti.body
    assert entetes["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_un_post_sans_session_ni_jeton_suffit_et_se_repete(camille):
    strict = Client(enforce_csrf_checks=True)
    for _ in range(2):
        reponse = strict.post(lien(camille), UN_CLIC)
        assert reponse.status_code == 200 and "ces courriels sont arrêtés" in reponse.text
        assert not veut_tout(camille) and not reponse.cookies


@pytest.mark.parametrize("verbe", ["get", "head", "put", "delete", "options"])
def test_rien_d_autre_qu_un_post_ne_change_quoi_que_ce_soit(client, camille, verbe):
    reponse = getattr(client, verbe)(lien(camille))
    assert veut_tout(camille) and reponse.status_code in (200, 405)


def test_la_page_a_un_bouton_qui_marche_et_ne_dit_pas_de_qui(client, camille):
    page = client.get(lien(camille)).text
    assert '<form method="post">' in page and "Ne plus les recevoir" in page and camille.email not in page
    assert "ces courriels sont arrêtés" in client.post(lien(camille), UN_CLIC).text
    assert "ces courriels sont arrêtés" in client.get(lien(camille)).text


def test_on_change_d_avis_sur_mes_notifications(client, camille):
    client.post(lien(camille), UN_CLIC)
    client.force_login(camille)
    client.post("/mes-notifications/", {"courriels": "tous"})
    assert veut_tout(camille)


def truque(vrai: str) -> list[str]:
    return [
        reverse("arreter_courriels", args=[jeton])
        for jeton in (vrai[:-1], vrai + "A", vrai.replace(":", "A", 1), "inconnu", "a:b:c", "é" * 40, "x" * 2000)
    ]


def test_un_lien_truque_mene_a_une_page_en_francais(client, camille):
    vrai = lien(camille).rstrip("/").rpartition("/")[2]
    for adresse in truque(vrai):
        for reponse in (client.get(adresse), client.post(adresse, UN_CLIC)):
            assert reponse.status_code == 404 and "Ce lien n’est pas complet" in reponse.text
    assert veut_tout(camille)


def test_un_autre_secret_du_site_n_arrete_rien(client, camille):
    for valeur, sel in (([camille.pk, "contributions"], "autre"), ([camille.pk, "autre"], desabonnement.SEL)):
        jeton = signing.dumps(valeur, salt=sel)
        assert client.post(reverse("arreter_courriels", args=[jeton]), UN_CLIC).status_code == 404
    jeton = signing.dumps({"a": 1}, salt=desabonnement.SEL)
    assert client.post(reverse("arreter_courriels", args=[jeton]), UN_CLIC).status_code == 404


def test_un_ancien_lien_vaut_apres_un_changement_de_cle(client, camille, settings):
    ancien = lien(camille)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "une autre clé" * 5
    assert client.post(ancien, UN_CLIC).status_code == 200 and not veut_tout(camille)


def test_une_page_qui_ne_laisse_pas_de_trace(client, camille):
    reponse = client.get(lien(camille))
    assert "no-store" in reponse["Cache-Control"] and reponse["Referrer-Policy"] == "strict-origin"
    assert "noindex" in reponse["X-Robots-Tag"]
