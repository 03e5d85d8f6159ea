import pytest

from dispositifs.models import Absence
from territoires.models import Indicateur, Succession
from tests.balisage import texte
from tests.factories import contact, fiche_action, fiche_dispositif, fiche_locale, territoire

pytestmark = pytest.mark.django_db


@pytest.fixture
def lieux():
    region = territoire("region", "28", "Normandie")
    departement = territoire("departement", "76", "Seine-Maritime", dans=[region])
    metropole = territoire("epci", "200023414", "Métropole Rouen Normandie", dans=[departement, region])
    rouen = territoire("commune", "76540", "Rouen", dans=[metropole, departement, region])
    return {"region": region, "departement": departement, "metropole": metropole, "rouen": rouen}


def test_la_page_dit_tous_les_parents(client, lieux):
    page = client.get("/territoires/commune/76540/").text
    for nom in ("Normandie", "Seine-Maritime", "Métropole Rouen Normandie"):
        assert nom in page


def test_la_page_dit_ce_qui_couvre_et_par_quel_chemin(client, lieux):
    fiche_dispositif(slug="cls", titre="Contrat local de santé", sigle="CLS")
    fiche_locale(titre="CLS de la métropole", dispositif="cls", sur=[lieux["metropole"]])
    page = client.get("/territoires/commune/76540/").text
    assert "CLS de la métropole" in page and "Via Métropole Rouen Normandie" in page


def test_une_absence_n_est_dite_que_si_une_source_la_confirme(client, lieux):
    clsm = fiche_dispositif(slug="clsm", titre="Conseil local de santé mentale")
    adresse = "/territoires/commune/76540/"
    assert "Absence dite" not in client.get(adresse).text
    Absence.objects.create(dispositif=clsm, territoire=lieux["rouen"], constatee_le="2019-01-01", source="Rapport")
    assert "Absence dite" in client.get(adresse).text


def test_un_indicateur_porte_son_annee_et_sa_source(client, lieux):
    Indicateur.objects.create(
        territoire=lieux["rouen"], libelle="Taux de pauvreté", valeur="14.9", unite="%", annee=2022,
        precision_annee="publication", source="ORS, 2022",
    )  # fmt: skip
    page = client.get("/territoires/commune/76540/").text
    assert "14,9" in page and "cité en 2022, année non précisée" in page and "ORS, 2022" in page


def test_un_ancien_code_mene_au_successeur(client, lieux):
    ancienne = territoire("commune", "76999", "Ancienne", fin="2025-01-01")
    Succession.objects.create(ancien=ancienne, nouveau=lieux["rouen"])
    reponse = client.get("/territoires/commune/76999/")
    assert (reponse.status_code, reponse.url) == (301, "/territoires/commune/76540/")


def test_un_territoire_eclate_laisse_choisir(client, lieux):
    ancienne = territoire("commune", "76999", "Ancienne", fin="2025-01-01")
    for nouveau in (lieux["rouen"], territoire(nom="Petite")):
        Succession.objects.create(ancien=ancienne, nouveau=nouveau)
    page = client.get("/territoires/commune/76999/")
    assert page.status_code == 200 and "Petite" in page.text


@pytest.mark.parametrize("adresse", ["commune/00000", "pays/76540", "commune/" + "9" * 60])
def test_un_territoire_inconnu_donne_404(client, adresse):
    assert client.get(f"/territoires/{adresse}/").status_code == 404


@pytest.mark.parametrize(
    "adresse",
    [
        "/territoires/commune/%00/",
        "/territoires/%00/76540/",
        "/territoires/departement/%00/couverture/",
        "/territoires/chercher/?q=%00",
        "/dispositifs/echeancier/?territoire=%00",
        "/dispositifs/echeancier/?territoire=commune:%00",
        "/dispositifs/echeancier/?dispositif=%00",
        "/dispositifs/comparer/?d=%00",
        "/carte/?dispositif=%00",
        "/fiches/?q=%00&territoire=commune:%00",
        "/dispositifs/%00/",
    ],
)
def test_un_octet_nul_n_est_jamais_une_panne(client, lieux, adresse):
    assert client.get(adresse).status_code in (200, 400, 404)


def test_une_page_de_territoire_coute_au_plus_neuf_requetes(client, lieux, django_assert_max_num_queries):
    for _ in range(5):
        fiche_locale(sur=[lieux["rouen"]])
        fiche_action(sur=[lieux["metropole"]])
    for lieu in lieux.values():
        with django_assert_max_num_queries(9):
            assert client.get(lieu.get_absolute_url()).status_code == 200


def test_neuf_requetes_meme_avec_des_quartiers_et_des_absences(client, lieux, django_assert_max_num_queries):
    clsm = fiche_dispositif(slug="clsm")
    for n in range(6):
        quartier = territoire("qpv", dans=list(lieux.values()))
        fiche_locale(sur=[quartier], dispositif="clsm")
        autre = territoire(dans=[lieux["metropole"], lieux["departement"], lieux["region"]])
        Absence.objects.create(dispositif=clsm, territoire=autre, constatee_le=f"201{n}-01-01", source="Rapport")
    for lieu in lieux.values():
        with django_assert_max_num_queries(9):
            assert client.get(lieu.get_absolute_url()).status_code == 200


def section(client, ancre: str, adresse: str = "/territoires/commune/76540/") -> str:
    return texte(client.get(adresse).text.partition(f'id="{ancre}"')[2].partition("</section>")[0])


def test_la_page_dit_qui_contacter_par_fonction_et_quand_sa_page_fut_lue(client, lieux):
    ars = contact(lieux["region"], organisme="ARS Normandie", telephone="02 32 18 31 65", source="ARS, contacts")
    contact(lieux["departement"], fonction="ville", organisme="Préfecture", courriel="pref-ville@exemple.gouv.fr")
    dit = section(client, "contacts")
    assert "À l’agence régionale de santé ARS Normandie · 02 32 18 31 65" in dit
    assert "ARS, contacts, vu en novembre 2026" in dit and "pref-ville@exemple.gouv.fr" in dit
    assert f'href="{ars.url}" rel="nofollow noopener"' in client.get("/territoires/commune/76540/").text


def test_sans_contact_connu_la_page_n_en_parle_pas(client, lieux):
    contact(lieux["departement"])
    assert "Qui contacter" not in client.get("/territoires/region/28/").text


def test_ce_que_personne_n_a_dit_est_inconnu_et_invite_a_le_dire(client, lieux):
    fiche_dispositif(slug="asv", titre="Atelier santé ville", sigle="ASV")
    assert "De l’ASV, on ne sait rien ici" in section(client, "manques")
    lien = 'href="/territoires/commune/76540/dire/#asv"'
    assert lien in client.get("/territoires/commune/76540/").text


def test_plusieurs_inconnus_se_disent_en_francais(client, lieux):
    for sigle in ("ASV", "CLSM", "CMT"):
        fiche_dispositif(slug=sigle.lower(), titre=sigle, sigle=sigle)
    assert "De l’ASV, du CLSM et du CMT, on ne sait rien ici" in section(client, "manques")


def test_ce_qui_couvre_ne_manque_pas(client, lieux):
    fiche_dispositif(slug="asv", titre="Atelier santé ville", sigle="ASV")
    fiche_locale(dispositif="asv", sur=[lieux["metropole"]])
    assert "ASV" not in section(client, "manques")


def test_ce_qui_couvre_une_partie_est_connu_en_partie(client, lieux):
    fiche_dispositif(slug="asv", titre="Atelier santé ville", sigle="ASV")
    fiche_locale(dispositif="asv", sur=[lieux["rouen"]])
    territoire(dans=[lieux["departement"]])
    dit = section(client, "manques", "/territoires/departement/76/")
    assert "Pour une partie seulement : ASV. Ailleurs, nous ne savons pas." in dit and "on ne sait rien" not in dit


def test_une_absence_dans_une_seule_commune_n_est_pas_celle_du_departement(client, lieux):
    clsm = fiche_dispositif(slug="clsm", titre="Conseil")
    Absence.objects.create(dispositif=clsm, territoire=lieux["rouen"], constatee_le="2019-01-01", source="Rapport")
    dit = section(client, "manques", "/territoires/departement/76/")
    assert "Absence dite en partie" in dit and "Du conseil, on ne sait rien ici" in dit


def test_chaque_quartier_dit_ce_qui_le_couvre(client, lieux):
    fiche_dispositif(slug="cls", titre="Contrat local de santé", sigle="CLS")
    fiche_locale(dispositif="cls", sur=[lieux["metropole"]])
    territoire("qpv", "QN07619M", "Grammont", dans=[lieux["rouen"], lieux["metropole"]])
    territoire("qpv", "QN07699M", "Oublié", dans=[lieux["rouen"]])
    dit = section(client, "quartiers")
    assert "Grammont, Rouen QN07619M CLS via Métropole Rouen Normandie" in dit
    assert "Oublié, Rouen QN07699M Aucun dispositif en vigueur connu" in dit


def test_un_perimetre_incertain_ne_couvre_aucun_quartier(client, lieux):
    fiche_dispositif(slug="cls", titre="Contrat local de santé", sigle="CLS")
    fiche_locale(dispositif="cls", sur=[lieux["metropole"]], perimetre_incertain=True)
    territoire("qpv", "QN07619M", "Grammont", dans=[lieux["rouen"], lieux["metropole"]])
    assert "Grammont, Rouen QN07619M Aucun dispositif en vigueur connu" in section(client, "quartiers")


def test_l_entree_des_territoires_liste_regions_et_departements(client, lieux):
    page = client.get("/territoires/").text
    assert "Normandie" in page and "Seine-Maritime" in page
