"""What the page of a territory says first, and how much of the rest it shows."""

import pytest

from dispositifs.models import Absence, Dispositif
from tests.balisage import texte
from tests.factories import constat, fiche_action, fiche_dispositif, fiche_locale, territoire

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("en_juin")]
ELBEUF = "/territoires/commune/76231/"


@pytest.fixture
def lieux(departement, metropole, elbeuf):
    for slug, titre, sigle in (
        ("asv", "Atelier santé ville", "ASV"),
        ("cls", "Contrat local de santé", "CLS"),
        ("clsm", "Conseil local de santé mentale", "CLSM"),
        ("contrat-de-ville", "Contrat de ville", ""),
    ):
        fiche_dispositif(slug=slug, titre=titre, sigle=sigle)
    return {"departement": departement, "metropole": metropole, "elbeuf": elbeuf}


def resume(client, adresse: str = ELBEUF) -> str:
    return texte(client.get(adresse).text.partition('class="resume"')[2].partition("</section>")[0])


def section(client, ancre: str, adresse: str = ELBEUF) -> str:
    return client.get(adresse).text.partition(f'id="{ancre}"')[2].partition("</section>")[0]


def test_une_phrase_et_une_case_par_dispositif_suivi(client, lieux):
    fiche_locale(dispositif="cls", sur=[lieux["metropole"]], constats=[constat("actif", "2023-03")])
    fiche_locale(dispositif="asv", sur=[lieux["elbeuf"]], constats=[constat("actif", "2016-04")])
    clsm = Dispositif.objects.get(slug="clsm")
    Absence.objects.create(dispositif=clsm, territoire=lieux["elbeuf"], constatee_le="2024-01", source="ARS")
    dit = resume(client)
    assert (
        "Des quatre dispositifs suivis ici, un est en vigueur (CLS), un est à vérifier (ASV), "
        "un n’existe pas, selon une source (CLSM) et un reste inconnu (contrat de ville)." in dit
    )
    for case in (
        "ASV Atelier santé ville Vu en 2016, à vérifier Pour la commune",
        "CLS Contrat local de santé En vigueur, vu en 2023 Via Métropole",
        "CLSM Conseil local de santé mentale Absence dite en 2024",
        "Contrat de ville On ne sait pas Le dire : Contrat de ville, Elbeuf",
    ):
        assert case in dit


def test_quand_tous_sont_dans_le_meme_etat_la_phrase_ne_les_compte_qu_une_fois(client, lieux):
    for slug in ("asv", "cls", "clsm", "contrat-de-ville"):
        fiche_locale(dispositif=slug, sur=[lieux["elbeuf"]], constats=[constat("actif", "2023-03")])
    assert "Les quatre dispositifs suivis ici sont en vigueur (ASV, CLS, CLSM, contrat de ville)." in resume(client)


def test_un_contrat_qui_court_dit_jusqu_a_quand(client, lieux):
    fiche_locale(dispositif="cls", sur=[lieux["elbeuf"]], fin="2029", constats=[constat("signe", "2019")])
    assert "En vigueur jusqu’en 2029" in resume(client)


def test_d_une_commune_dont_on_ne_sait_rien_on_le_dit_d_abord(client, lieux):
    dit = resume(client)
    assert "D’Elbeuf, nous ne savons encore rien." in dit and "CLSM : on ne sait pas, le dire" in dit


def test_d_un_departement_on_compte_ce_qui_vaut_pour_une_partie(client, lieux):
    territoire("commune", dans=[lieux["departement"]])
    fiche_locale(dispositif="cls", sur=[lieux["metropole"]], constats=[constat("actif", "2023-03")])
    fiche_locale(dispositif="cls", sur=[lieux["elbeuf"]], constats=[constat("actif", "2016-04")])
    territoire("qpv", dans=[lieux["elbeuf"], lieux["metropole"], lieux["departement"]])
    dit = resume(client, "/territoires/departement/76/")
    assert "1 en vigueur, 1 à vérifier" in dit and "dont 1 quartier sur 1" in dit


def test_le_detail_s_arrete_a_dix_lignes_et_mene_aux_autres(client, lieux):
    for _ in range(12):
        fiche_locale(sur=[lieux["elbeuf"]])
    detail = section(client, "couvre")
    assert detail.count('<th scope="row">') == 10 and "Voir les 12 fiches" in texte(detail)


def test_ce_que_les_lignes_ont_en_commun_se_dit_une_fois(client, lieux):
    for _ in range(3):
        fiche_locale(sur=[lieux["elbeuf"]], constats=[constat("actif", "2023-03")])
    fiche_locale(sur=[lieux["elbeuf"]], constats=[constat("actif", "2024-01")])
    detail = texte(section(client, "couvre"))
    assert "Sauf mention contraire, vus en mars 2023." in detail
    assert detail.count("mars 2023") == 1 and "vu en janvier 2024" in detail


def test_une_ligne_vue_un_autre_mois_le_dit_meme_quand_elle_a_une_fin(client, lieux):
    for _ in range(3):
        fiche_locale(sur=[lieux["elbeuf"]], constats=[constat("actif", "2023-03")])
    fiche_locale(sur=[lieux["elbeuf"]], fin="2028", constats=[constat("signe", "2023-07-03")])
    fiche_locale(sur=[lieux["elbeuf"]], fin="2029", constats=[constat("signe", "2023-03-02")])
    detail = texte(section(client, "couvre"))
    assert "jusqu’en 2028, vu en juillet 2023" in detail
    assert "jusqu’en 2029" in detail and "jusqu’en 2029, vu" not in detail


@pytest.mark.parametrize("mois, dit", [(24, "deux ans"), (12, "un an"), (18, "18 mois"), (6, "six mois")])
def test_la_regle_de_ce_qui_est_en_vigueur_se_dit_sans_rien_promettre(client, lieux, settings, mois, dit):
    settings.AGE_DES_CONSTATS = mois
    fiche_locale(sur=[lieux["elbeuf"]], constats=[constat("actif", "2024-05")])
    detail = texte(section(client, "couvre"))
    assert f"une fin à venir, ou vu par une source il y a moins de {dit}." in detail and "sûrement" not in detail


@pytest.mark.parametrize("ou", ["elbeuf", "metropole"])
def test_une_action_vue_il_y_a_longtemps_est_a_verifier_la_aussi(client, lieux, ou):
    fiche_action(titre="Un bus", sur=[lieux[ou]], avancement="en_cours", vu_le="2022-03")
    fiche_action(titre="Un car", sur=[lieux[ou]], avancement="en_cours", vu_le="2024-03")
    dit = texte(section(client, "actions"))
    assert "En cours, vue en mars 2022" in dit and dit.count("À vérifier") == 1


def test_les_actions_d_ici_ne_sont_pas_celles_d_autour(client, lieux):
    fiche_action(titre="Un bus", sur=[lieux["elbeuf"]])
    fiche_action(titre="Une charte", sur=[lieux["metropole"]])
    ici, _, autour = texte(section(client, "actions")).partition("Autour")
    assert "Un bus" in ici and "Une charte" in autour and "Une charte" not in ici


def test_sans_action_ici_on_invite_a_en_raconter_une_d_ici(client, lieux):
    lien = 'href="/contribuer/nouvelle-fiche/action/?territoire=commune:76231"'
    assert lien in section(client, "actions")


def test_les_quartiers_ont_leur_commune_et_mene_a_tous_les_autres(client, lieux):
    for n in range(7):
        territoire("qpv", nom=f"Centre {n}", dans=[lieux["elbeuf"], lieux["departement"]])
    quartiers = texte(section(client, "quartiers", "/territoires/departement/76/"))
    assert "Centre 0, Elbeuf" in quartiers and "Centre 6" not in quartiers and "Voir les 7 quartiers" in quartiers


def test_une_ville_comparable_dit_pourquoi_en_mots(client, lieux):
    elbeuf = lieux["elbeuf"]
    peuplee = {"population": 15_000, "population_annee": 2023, "population_source": "Insee"}
    type(elbeuf).objects.filter(pk=elbeuf.pk).update(**peuplee)
    connue = territoire("commune", nom="Canteleu", **peuplee)
    territoire("commune", nom="Ignorée", **peuplee)
    fiche_locale(dispositif="cls", sur=[connue], constats=[constat("actif", "2023-03")])
    dit = texte(section(client, "semblables"))
    assert "Canteleu même taille aucun quartier prioritaire, comme ici En vigueur : CLS." in dit
    assert "Ignorée" not in dit and "points" not in dit


def test_que_savez_vous_garde_la_ville(client, lieux):
    question = section(client, "savoir")
    assert "Que savez-vous d’Elbeuf" in texte(question)
    assert 'href="/territoires/commune/76231/dire/"' in question
    suite = client.get("/contribuer/nouvelle-fiche/local/?territoire=commune:76231&dispositif=cls").text
    assert "Contrat local de santé (CLS), Elbeuf" in suite and 'value="Contrat local de santé d’Elbeuf"' in suite
    assert "Elbeuf" in client.get("/contribuer/?territoire=commune:76231").text


@pytest.mark.parametrize(
    "suite", ["?territoire=commune:\0&dispositif=\0", "?territoire=zz&dispositif=zz", "?territoire="]
)
def test_ce_que_l_adresse_ne_nomme_pas_ne_se_dit_pas(client, lieux, suite):
    for adresse in ("/contribuer/", "/contribuer/nouvelle-fiche/", "/contribuer/nouvelle-fiche/local/"):
        page = client.get(f"{adresse}{suite}")
        assert page.status_code == 200 and "Ce que vous savez de" not in page.text


def test_une_page_reste_legere_quoi_qu_il_y_ait(client, lieux):
    departement = lieux["departement"]
    for n in range(60):
        fiche_locale(titre=f"Contrat {n} " + "x" * 60, dispositif="cls", sur=[lieux["elbeuf"]])
        territoire("qpv", dans=[lieux["elbeuf"], departement])
        territoire("epci", nom=f"Communauté de communes {n}", dans=[departement])
    assert len(client.get("/territoires/departement/76/").content) < 60_000
