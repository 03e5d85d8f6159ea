import pytest

from tests.factories import fiche_dispositif

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "verbe,titre", [("proposer", "Proposer une amélioration"), ("signaler", "Signaler un problème")]
)
def test_les_boutons_menent_a_leur_formulaire(client, verbe, titre):
    fiche_dispositif(slug="asv", titre="Atelier")
    page = client.get(f"/dispositifs/asv/{verbe}/?section=cout")
    assert page.status_code == 200 and f"<h1>{titre}</h1>" in page.text and "Atelier" in page.text


def test_une_section_inconnue_ne_casse_rien(client):
    fiche_dispositif(slug="asv")
    assert client.get("/dispositifs/asv/proposer/?section=<script>").status_code == 200


@pytest.mark.parametrize(
    "adresse", ["/dispositifs/rien/proposer/", "/autres/asv/proposer/", "/dispositifs/asv/manger/"]
)
def test_le_reste_donne_404(client, adresse):
    fiche_dispositif(slug="asv")
    assert client.get(adresse).status_code == 404


@pytest.mark.parametrize(
    "adresse",
    ["aide", "a-propos", "mentions-legales", "accessibilite", "confidentialite", "charte", "sigles", "organismes",
     "contribuer", "contribuer/gabarits", "territoires"],
)  # fmt: skip
def test_les_pages_du_site_s_ouvrent_sans_cookie(client, adresse):
    reponse = client.get(f"/{adresse}/")
    assert reponse.status_code == 200 and not reponse.cookies


@pytest.mark.parametrize(
    "adresse",
    ["/", "/fiches/", "/dispositifs/", "/actions/", "/carte/", "/dispositifs/asv/", "/dispositifs/comparer/",
     "/dispositifs/choisir/", "/dispositifs/echeancier/", "/dispositifs-locaux/x/", "/actions/x/", "/territoires/",
     "/territoires/chercher/", "/territoires/commune/76540/", "/territoires/departement/76/couverture/",
     "/territoires/commune/76540/semblables/", "/sigles/", "/organismes/"],
)  # fmt: skip
def test_ce_qui_ne_fait_que_lire_refuse_qu_on_lui_envoie(client, adresse):
    assert client.post(adresse).status_code == 405
