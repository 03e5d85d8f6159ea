from datetime import date

import pytest
import time_machine

from dispositifs.age import A_VERIFIER, ABSENT, COUVERT, FINI, INCONNU
from dispositifs.models import Absence, Dispositif
from panorama.couverture import couverture
from tests import factories
from tests.balisage import texte
from tests.factories import constat, fiche_dispositif, territoire

pytestmark = pytest.mark.django_db


def fiche_locale(**brut):
    return factories.fiche_locale(**{"constats": [constat("actif", "2023-03-29")], **brut})


@pytest.fixture
def lieux(departement, metropole):
    rouen = territoire("commune", "76540", "Rouen", dans=[metropole, departement])
    bihorel = territoire("commune", "76095", "Bihorel", dans=[metropole, departement])
    hauts = territoire("qpv", "QN07620M", "Les Hauts", dans=[rouen, bihorel], partielle=True)
    for contenant in (metropole, departement):
        hauts.inclusions.create(contenant=contenant, millesime=2024)
    for slug in ("asv", "cls", "clsm"):
        fiche_dispositif(slug=slug, sigle=slug.upper())
    return {"departement": departement, "metropole": metropole, "rouen": rouen, "bihorel": bihorel, "hauts": hauts}


def premieres_cases(page: str) -> list[str]:
    """The places that each row of the table names."""
    return [texte(ligne.partition("</th>")[0].partition("<small>")[0]) for ligne in page.split('<th scope="row">')[1:]]


def etats(lieux, niveau="commune", jour=date(2024, 6, 1)) -> dict[str, dict[str, tuple[str, str]]]:
    table = couverture(lieux["departement"], niveau, jour)
    return {
        rangee.lieu.nom: {case.dispositif.slug: (case.etat, case.precision) for case in rangee.cases}
        for rangee in table.rangees
    }


def test_ce_que_personne_n_a_dit_est_inconnu(lieux):
    assert etats(lieux)["Rouen"]["asv"] == (INCONNU, "")


def test_un_dispositif_de_la_commune_la_couvre(lieux):
    fiche_locale(dispositif="asv", sur=[lieux["rouen"]])
    assert etats(lieux)["Rouen"]["asv"] == (COUVERT, "ici, vu en mars\xa02023")
    assert etats(lieux)["Bihorel"]["asv"] == (INCONNU, "")


def test_un_dispositif_de_la_metropole_couvre_toutes_ses_communes(lieux):
    fiche_locale(dispositif="cls", sur=[lieux["metropole"]])
    assert etats(lieux)["Bihorel"]["cls"] == (COUVERT, "via Métropole, vu en mars\xa02023")


def test_un_quartier_a_cheval_est_couvert_en_partie(lieux):
    fiche_locale(dispositif="asv", sur=[lieux["rouen"]])
    assert etats(lieux, "qpv")["Les Hauts"]["asv"] == (COUVERT, "via Rouen, en partie, vu en mars\xa02023")


@pytest.mark.parametrize("attache", [["metropole"], ["rouen"], ["metropole", "rouen"]])
def test_un_perimetre_incertain_ne_couvre_pas_mais_se_dit(lieux, attache):
    sur = [lieux[nom] for nom in attache]
    fiche_locale(titre="CLS du pays", dispositif="cls", sur=sur, perimetre_incertain=True)
    assert etats(lieux)["Rouen"]["cls"] == (INCONNU, "périmètre incertain\xa0: CLS du pays")


def test_une_absence_sourcee_est_confirmee_et_ne_vaut_que_pour_son_dispositif(lieux):
    clsm = Dispositif.objects.get(slug="clsm")
    Absence.objects.create(dispositif=clsm, territoire=lieux["rouen"], constatee_le="2019-01-01", source="Rapport")
    assert etats(lieux)["Rouen"]["clsm"][0] == ABSENT
    assert etats(lieux)["Rouen"]["asv"][0] == INCONNU
    assert etats(lieux, "qpv")["Les Hauts"]["clsm"][0] == INCONNU  # astride Bihorel, of which nothing is said


def test_ce_que_personne_n_a_dit_mene_a_le_dire(lieux, client):
    adresse = "/territoires/departement/76/couverture/"
    page = client.get(f"{adresse}?niveau=commune&vue=liste").text
    assert 'href="?sais=commune:76540,asv"' in page and "Le dire : ASV, Rouen" in texte(page)
    suite = client.get(f"{adresse}?sais=commune:76540,asv")
    assert suite.url == "/territoires/commune/76540/dire/#asv"


@pytest.mark.parametrize("case", ["", "commune:76540", "commune:00000,asv", "commune:76540,<b>", "\0,\0"])
def test_une_case_qui_n_existe_pas_donne_404(lieux, client, case):
    assert client.get("/territoires/departement/76/couverture/", {"sais": case}).status_code == 404


@pytest.mark.parametrize("adresse", ["departement/99", "commune/00000", "qpv/QN00000M"])
def test_un_territoire_inconnu_n_a_pas_de_couverture(lieux, client, adresse):
    assert client.get(f"/territoires/{adresse}/couverture/").status_code == 404


@pytest.mark.parametrize(
    "adresse, lignes",
    [
        ("commune/76540/couverture/", ["Les Hauts, Bihorel et Rouen"]),
        ("commune/76540/couverture/?niveau=commune", ["Rouen"]),
        ("qpv/QN07620M/couverture/", ["Les Hauts, Bihorel et Rouen"]),
    ],
)
def test_une_commune_et_un_quartier_ont_leur_couverture(lieux, client, adresse, lignes):
    page = client.get(f"/territoires/{adresse}").text
    assert premieres_cases(page) == lignes
    assert 'href="/territoires/epci/200023414/couverture/?niveau=' in page  # what covers the neighbours


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_communes(lieux, client, django_assert_max_num_queries):
    for _ in range(30):
        territoire("commune", dans=[lieux["metropole"], lieux["departement"]])
    fiche_locale(dispositif="asv", sur=[lieux["rouen"]])
    with django_assert_max_num_queries(9):
        assert client.get("/territoires/departement/76/couverture/?niveau=commune").status_code == 200


# What covers and what a source denies: the same answer here and on the page of the territory.


def nier(lieux, jour: str, lieu: str = "rouen") -> None:
    clsm = Dispositif.objects.get(slug="clsm")
    Absence.objects.create(dispositif=clsm, territoire=lieux[lieu], constatee_le=jour, source="Rapport")


def manques(client) -> str:
    page = client.get("/territoires/commune/76540/").text
    return texte(page.partition('id="manques"')[2].partition("</section>")[0])


def test_ce_qui_couvre_l_emporte_sur_une_absence_plus_ancienne(lieux, client):
    fiche_locale(dispositif="clsm", sur=[lieux["rouen"]])
    nier(lieux, "2019-01-01")
    assert etats(lieux)["Rouen"]["clsm"] == (COUVERT, "ici, vu en mars\xa02023")
    with time_machine.travel("2024-06-01"):
        assert "CLSM" not in manques(client)


def test_une_absence_plus_recente_contredit_ce_qui_couvre(lieux, client):
    fiche_locale(dispositif="clsm", sur=[lieux["rouen"]])
    nier(lieux, "2024-05-01")
    assert etats(lieux)["Rouen"]["clsm"] == (
        COUVERT,
        "ici, vu en mars\xa02023\u00a0; contredit\u00a0: absence dite le 1er\xa0mai\xa02024",
    )
    with time_machine.travel("2024-06-01"):
        assert "Sources contradictoires" in manques(client)


def test_une_absence_seule_est_dite_des_deux_cotes(lieux, client):
    nier(lieux, "2024-05-01", "metropole")
    assert etats(lieux)["Rouen"]["clsm"][0] == ABSENT
    assert "Absence dite" in manques(client)


def test_un_dispositif_qui_n_existe_qu_ailleurs_ne_manque_pas_ici(lieux, client):
    fiche_dispositif(slug="cmt", sigle="CMT", territoires=[territoire("region", "28").designation])
    assert "cmt" not in etats(lieux)["Rouen"]
    assert "CMT" not in manques(client)


# Partial covers that make up the whole.


def test_un_quartier_dont_toutes_les_communes_sont_couvertes_l_est_en_entier(lieux):
    fiche_locale(dispositif="asv", sur=[lieux["rouen"], lieux["bihorel"]])
    assert etats(lieux, "qpv")["Les Hauts"]["asv"] == (COUVERT, "via Bihorel, via Rouen, vu en mars\xa02023")


def test_deux_dispositifs_voisins_couvrent_ensemble_un_quartier_a_cheval(lieux):
    fiche_locale(dispositif="asv", sur=[lieux["rouen"]])
    fiche_locale(dispositif="asv", sur=[lieux["bihorel"]])
    assert etats(lieux, "qpv")["Les Hauts"]["asv"][1] == "via Bihorel, via Rouen, vu en mars\xa02023"


# What is known and covers nobody today.


@pytest.mark.parametrize(
    "dit, etat, classe, dite",
    [
        ({"fin": "2023-12-31"}, FINI, "fini", "Terme passé en 2023"),
        ({"fin": "2023"}, FINI, "fini", "Terme passé en 2023"),
        ({"constats": [constat("termine", "2024-01")]}, FINI, "fini", "Terminé, vu en 2024"),
        ({"constats": [constat("actif", "2016-04")]}, A_VERIFIER, "attention", "Vu en 2016, à vérifier"),
        ({"constats": [constat("en_projet", "2016-04")]}, A_VERIFIER, "attention", "Prévu en 2016, à vérifier"),
    ],
)
def test_ce_qui_est_vieux_ou_fini_se_dit_et_ne_couvre_pas(lieux, client, dit, etat, classe, dite):
    local = fiche_locale(titre="CLS de Rouen", dispositif="cls", sur=[lieux["rouen"]], **dit)
    assert etats(lieux)["Rouen"]["cls"][0] == etat
    with time_machine.travel("2024-06-01"):
        adresse = "/territoires/departement/76/couverture/?niveau=commune"
        page = client.get(adresse).text
        assert f'<a class="pastille {classe}" href="{local.get_absolute_url()}">' in page
        assert "<dd>0 <small>sur 2</small></dd>" in page
        assert "Le dire : CLS, Rouen" in texte(client.get(f"{adresse}&vue=liste").text)
        page = texte(client.get("/territoires/commune/76540/").text)
        assert dite in page and "CLS de Rouen" in page


def test_un_projet_recent_ne_couvre_pas_et_se_dit(lieux):
    fiche_locale(
        titre="CLS à venir", dispositif="cls", sur=[lieux["rouen"]], constats=[constat("en_projet", "2024-01")]
    )
    assert etats(lieux)["Rouen"]["cls"] == (INCONNU, "en projet\xa0: CLS à venir")


def test_ce_qui_est_a_verifier_est_compte_a_part(lieux, client):
    fiche_locale(dispositif="cls", sur=[lieux["rouen"]], constats=[constat("actif", "2016-04")])
    fiche_locale(dispositif="cls", sur=[lieux["bihorel"]])
    table = couverture(lieux["departement"], "commune", date(2024, 6, 1))
    comptes = {dispositif.slug: etats for dispositif, etats in table.totaux}
    assert comptes["cls"] == {"couvert": 1, "a_verifier": 1, "fini": 0, "absent": 0, "inconnu": 0}


def test_une_absence_dite_avant_que_l_on_y_voie_un_contrat_ne_l_efface_pas(lieux):
    fiche_locale(dispositif="clsm", sur=[lieux["rouen"]], constats=[constat("actif", "2020-03")])
    nier(lieux, "2019-01")
    assert etats(lieux)["Rouen"]["clsm"] == (A_VERIFIER, "vu en mars\xa02020")
    nier(lieux, "2021", "metropole")
    assert etats(lieux)["Bihorel"]["clsm"] == (ABSENT, "en 2021, à vérifier")


def test_la_veille_de_son_terme_un_contrat_couvre_encore(lieux):
    fiche_locale(dispositif="cls", sur=[lieux["rouen"]], fin="2024-06-01")
    assert etats(lieux)["Rouen"]["cls"][0] == COUVERT
    assert etats(lieux, jour=date(2024, 6, 2))["Rouen"]["cls"] == (FINI, "suite inconnue")


def test_le_suivant_couvre_et_l_echu_ne_compte_plus(lieux):
    fiche_locale(dispositif="cls", sur=[lieux["metropole"]], fin="2023-12-31")
    fiche_locale(dispositif="cls", sur=[lieux["rouen"]], debut="2024-01-01")
    assert etats(lieux)["Rouen"]["cls"] == (COUVERT, "ici, vu en mars\xa02023")


def test_une_absence_dite_depuis_l_emporte_sur_un_contrat_passe(lieux):
    fiche_locale(dispositif="clsm", sur=[lieux["rouen"]], fin="2023-12-31")
    nier(lieux, "2024-05-01")
    assert etats(lieux)["Rouen"]["clsm"][0] == ABSENT


def test_une_absence_ancienne_est_a_verifier(lieux):
    nier(lieux, "2019-01-01")
    assert etats(lieux)["Rouen"]["clsm"] == (ABSENT, "le 1er\xa0janvier\xa02019, à vérifier")


def test_rien_de_connu_ne_s_ecrit_pas_zero(lieux, client):
    page = client.get("/territoires/departement/76/couverture/?niveau=commune").text
    assert page.count('<dd class="inconnu">On ne sait pas</dd>') == 3
