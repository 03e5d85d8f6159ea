import pytest

from dispositifs.comparateur import comparer
from dispositifs.models import Dispositif, Mission
from tests.factories import fiche_dispositif

pytestmark = pytest.mark.django_db


@pytest.fixture
def dispositifs():
    for ordre, slug in enumerate(["diagnostic", "programme"]):
        Mission.objects.create(slug=slug, nom=slug.capitalize(), ordre=ordre)
    commun = {"mission": "diagnostic", "statut": "commun", "source": 1}
    asv = {"mission": "programme", "statut": "propre", "nuance": "Avec les habitants.", "source": 1}
    rtps = {"mission": "programme", "statut": "propre", "nuance": "Avec le territoire.", "source": 1}
    fiche_dispositif(slug="asv", sigle="ASV", missions=[commun, asv], echelle="Quartier")
    fiche_dispositif(slug="rtps", sigle="RTPS", missions=[commun, rtps], echelle="EPCI")
    fiche_dispositif(slug="cls", sigle="CLS", echelle="EPCI")
    return {d.slug: d for d in Dispositif.objects.all()}


def rangees(*choisis) -> dict:
    return {rangee.titre: rangee for _, groupe in comparer(list(choisis)) for rangee in groupe}


def test_une_mission_commune_n_est_pas_une_difference(dispositifs):
    lues = rangees(dispositifs["asv"], dispositifs["rtps"])
    assert lues["Diagnostic"].pareille and not lues["Programme"].pareille


def test_une_mission_propre_dit_sa_particularite(dispositifs):
    cellules = rangees(dispositifs["asv"], dispositifs["rtps"])["Programme"].cellules
    assert [c.html for c in cellules] == ["Avec les habitants.", "Avec le territoire."]


def test_rien_n_est_invente_pour_un_dispositif_dont_la_source_ne_parle_pas(dispositifs):
    cellule = rangees(dispositifs["asv"], dispositifs["cls"])["Diagnostic"].cellules[1]
    assert (cellule.statut, cellule.html) == ("non_precise", "")


def test_une_ligne_que_personne_ne_remplit_est_absente(dispositifs):
    assert "Coût" not in rangees(dispositifs["asv"], dispositifs["cls"])


def test_la_page_compare_ceux_de_l_adresse(dispositifs, client):
    page = client.get("/dispositifs/comparer/?d=asv&d=rtps").text
    assert "Avec les habitants." in page and 'class="pareil"' in page


@pytest.mark.parametrize("demande", ["", "d=asv"])
def test_avec_moins_de_deux_on_choisit(dispositifs, client, demande):
    page = client.get(f"/dispositifs/comparer/?{demande}")
    assert page.status_code == 200 and "Choisir les dispositifs" in page.text


def test_un_dispositif_inconnu_est_dit_et_les_autres_gardes(dispositifs, client):
    page = client.get("/dispositifs/comparer/?d=asv&d=rtps&d=<b>")
    assert page.status_code == 400
    assert "Dispositif inconnu" in page.text and "Avec les habitants." in page.text and "<b>" not in page.text


def test_comparer_coute_deux_requetes(dispositifs, client, django_assert_num_queries):
    with django_assert_num_queries(2):
        client.get("/dispositifs/comparer/?d=asv&d=rtps&d=cls")
