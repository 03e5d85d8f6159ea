import pytest

from tests.factories import fiche_dispositif

pytestmark = pytest.mark.django_db


def test_le_bouton_rouge_mene_a_une_page_honnete(client):
    fiche_dispositif(slug="asv", titre="Atelier")
    page = client.get("/dispositifs/asv/signaler/?section=cout")
    assert page.status_code == 200
    assert (
        "Signaler" in page.text
        and "pas encore ouvert" in page.text
        and "section «\xa0Coût\xa0»" in page.text.replace("&nbsp;", "\xa0")
    )


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
