import pytest

from dispositifs.models import Dispositif, Mission
from panorama.comparateur import comparer
from tests.balisage import texte
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
    return {rangee.titre: rangee for groupe in comparer(list(choisis)) for rangee in groupe.rangees}


def test_une_mission_commune_n_est_pas_une_difference(dispositifs):
    lues = rangees(dispositifs["asv"], dispositifs["rtps"])
    assert lues["Diagnostic"].pareille and not lues["Programme"].pareille


def test_une_mission_propre_dit_sa_particularite(dispositifs):
    cellules = rangees(dispositifs["asv"], dispositifs["rtps"])["Programme"].cellules
    assert [c.html for c in cellules] == ["Avec les habitants.", "Avec le territoire."]


def test_rien_n_est_invente_pour_un_dispositif_dont_la_source_ne_parle_pas(dispositifs):
    cellule = rangees(dispositifs["asv"], dispositifs["cls"])["Diagnostic"].cellules[1]
    assert not cellule


def test_commun_ne_se_dit_que_de_ceux_que_l_on_compare(dispositifs):
    ensemble = rangees(dispositifs["asv"], dispositifs["rtps"], dispositifs["cls"])["Diagnostic"].cellules
    assert [cellule.statut for cellule in ensemble] == ["commun", "commun", ""]
    seul = rangees(dispositifs["asv"], dispositifs["cls"])["Diagnostic"]
    assert [cellule.statut for cellule in seul.cellules] == ["assuree", ""] and not seul.pareille


def test_les_faits_viennent_avant_les_missions(dispositifs):
    assert [groupe.titre for groupe in comparer([dispositifs["asv"], dispositifs["rtps"]])][:2] == [
        "En bref",
        "Missions",
    ]


def test_une_mission_dont_personne_ne_dit_rien_est_absente(dispositifs):
    assert "Programme" not in rangees(dispositifs["cls"], fiche_dispositif(slug="clsm"))


def test_une_ligne_que_personne_ne_remplit_est_absente(dispositifs):
    assert "Coût" not in rangees(dispositifs["asv"], dispositifs["cls"])


def test_la_page_compare_ceux_de_l_adresse(dispositifs, client):
    page = client.get("/dispositifs/comparer/?d=asv&d=rtps").text
    assert "Avec les habitants." in page and 'class="pareil"' in page


def test_la_comparaison_se_nomme_et_dit_chacun_de_ses_mots(dispositifs, client):
    page = texte(client.get("/dispositifs/comparer/?d=asv&d=rtps").text)
    assert "ASV et RTPS comparés Ce que l’on compare" in page
    assert all(f"« {mot} » :" in page for mot in ("Commun", "Propre", "Oui"))
    assert page.count("Montrer") == 1 and "Colonne" in page


@pytest.mark.parametrize("demande, invite", [("", "Choisir les dispositifs"), ("d=asv", "au moins un autre")])
def test_avec_moins_de_deux_on_choisit(dispositifs, client, demande, invite):
    page = client.get(f"/dispositifs/comparer/?{demande}")
    assert page.status_code == 200 and invite in page.text


def test_chaque_dispositif_se_retire_et_le_reste_de_l_adresse_demeure(dispositifs, client):
    page = client.get("/dispositifs/comparer/?d=asv&d=rtps&differences=1").text
    assert 'href="/dispositifs/comparer/?d=rtps&amp;differences=1"><span class="lecteur">Retirer </span>ASV' in page


def test_on_en_ajoute_un_sans_perdre_les_autres(dispositifs, client):
    page = client.get("/dispositifs/comparer/?d=asv&d=rtps").text
    assert '<input type="hidden" name="d" value="asv"><input type="hidden" name="d" value="rtps">' in page
    ajout = page.partition('<select id="ajout" name="d">')[2].partition("</select>")[0]
    assert 'value="cls"' in ajout and 'value="asv"' not in ajout


def test_rien_choisi_dans_la_liste_n_est_pas_une_erreur(dispositifs, client):
    assert client.get("/dispositifs/comparer/?d=asv&d=rtps&d=").status_code == 200


def test_quatre_dispositifs_suffisent(dispositifs, client):
    fiche_dispositif(slug="cmt")
    assert 'id="ajout"' not in client.get("/dispositifs/comparer/?d=asv&d=rtps&d=cls&d=cmt").text


def test_le_serveur_cache_ce_qui_est_pareil_quand_on_le_demande(dispositifs, client):
    assert 'class="pareil" hidden' not in client.get("/dispositifs/comparer/?d=asv&d=rtps").text
    page = client.get("/dispositifs/comparer/?d=asv&d=rtps&differences=1").text
    rangees = {r.partition('<span class="colle">')[2].partition("<")[0]: r for r in page.split("<tr")}
    assert rangees["Diagnostic"].startswith(' class="pareil" hidden')
    assert "hidden" not in rangees["Programme"].partition(">")[0]


def test_un_dispositif_inconnu_est_dit_et_les_autres_gardes(dispositifs, client):
    page = client.get("/dispositifs/comparer/?d=asv&d=rtps&d=<b>")
    assert page.status_code == 400
    assert "Dispositif inconnu" in page.text and "Avec les habitants." in page.text and "<b>" not in page.text


def test_comparer_coute_deux_requetes(dispositifs, client, django_assert_num_queries):
    with django_assert_num_queries(2):
        client.get("/dispositifs/comparer/?d=asv&d=rtps&d=cls")
