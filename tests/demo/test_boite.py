"""The mailbox of the demonstration, and its people."""

import html5lib
import pytest
from django.core.management import CommandError, call_command

from comptes.models import Utilisateur
from comptes.roles import Role
from courriels.envoi import ecrire
from demo import personnes
from tests.boite import Boite
from tests.maison.test_environnement import PRODUCTION, lancer

pytestmark = pytest.mark.django_db


@pytest.fixture
def deux_lettres() -> None:
    ecrire(
        "camille@ville.example",
        "Pour <Camille>",
        "Lisez https://sante.exemple.fr/suivi/abc?x=1&y=2, puis <b>.",
        cle="1",
    )
    ecrire("zoe@ville.example", "Pour Zoé", "Bonjour", cle="2")


def test_la_boite_montre_les_courriels_le_plus_recent_d_abord(client, deux_lettres):
    page = client.get("/demo/courriels/")
    assert page.text.index("Pour Zoé") < page.text.index("Pour &lt;Camille&gt;")
    assert "Ceci n’existe que dans la démonstration" in page.text and "noindex" in page.text
    html5lib.HTMLParser(strict=True).parse(page.text)


def test_la_boite_se_filtre_par_destinataire(client, deux_lettres):
    page = client.get("/demo/courriels/?a=Camille@ville.example")
    assert "Pour &lt;Camille&gt;" in page.text and "Pour Zoé" not in page.text


@pytest.mark.parametrize("question", ["?page=abc", "?page=99", "?a=%00", "?a=<script>"])
def test_une_question_etrange_ne_casse_rien(client, deux_lettres, question):
    assert client.get(f"/demo/courriels/{question}").status_code == 200


def test_un_courriel_se_lit_avec_ses_liens(client, courriels: Boite, deux_lettres):
    page = client.get(f"/demo/courriels/{courriels[0].pk}/").text
    assert '<a href="https://sante.exemple.fr/suivi/abc?x=1&amp;y=2">' in page and "puis &lt;b&gt;." in page
    html5lib.HTMLParser(strict=True).parse(page)


def test_la_boite_coute_peu(client, deux_lettres, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        client.get("/demo/courriels/")


def test_la_boite_n_existe_pas_en_production(client, courriels: Boite, deux_lettres, settings):
    settings.DEMO = False
    for adresse in ("/demo/courriels/", f"/demo/courriels/{courriels[0].pk}/"):
        assert client.get(adresse).status_code == 404


def test_la_boite_n_est_meme_pas_montee_en_production():
    programme = "import django; django.setup(); from django.urls import reverse; reverse('demo_courriels')"
    resultat = lancer(["-c", programme], **PRODUCTION)
    assert resultat.returncode == 1 and "NoReverseMatch" in resultat.stderr


def test_les_personnes_inventees_se_creent_une_fois(settings):
    for _ in range(2):
        personnes.charger()
    assert Utilisateur.objects.count() == 4
    assert Utilisateur.objects.get(email="moderatrice@exemple.fr").roles == {Role.MODERATEUR}
    assert Utilisateur.objects.get(email="admin@exemple.fr").est_administrateur
    assert "Mina Modératrice" in str(Utilisateur.objects.get(email="moderatrice@exemple.fr"))


def test_les_personnes_inventees_n_existent_pas_en_production(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="démonstration"):
        call_command("charger_demo")
    assert not Utilisateur.objects.exists()


def test_on_se_connecte_comme_l_une_d_elles(client, courriels: Boite):
    personnes.charger()
    client.post("/comptes/connexion/", {"email": "moderatrice@exemple.fr"})
    client.post("/comptes/code/", {"code": courriels.code("moderatrice@exemple.fr")})
    assert "Mina Modératrice" in client.get("/comptes/").text
