from datetime import date

import pytest
import time_machine

from territoires.models import Succession
from tests.factories import constat, fiche_action, fiche_dispositif, fiche_locale, masquer, territoire
from tests.recherche.lecture import lire

pytestmark = pytest.mark.django_db


@pytest.fixture
def lieux():
    region = territoire("region", "28", "Normandie")
    departement = territoire("departement", "76", "Seine-Maritime", dans=[region], population=1_255_633,
                             population_annee=2023, population_source="Insee")  # fmt: skip
    metropole = territoire("epci", "200023414", "Métropole Rouen Normandie", dans=[departement, region])
    rouen = territoire("commune", "76540", "Rouen", dans=[metropole, departement, region])
    elbeuf = territoire("commune", "76231", "Elbeuf", dans=[metropole, departement, region])
    return {"region": region, "departement": departement, "metropole": metropole, "rouen": rouen, "elbeuf": elbeuf}


def test_le_catalogue_montre_les_fiches_publiees_et_elles_seules(client):
    fiche_dispositif(titre="Visible")
    masquer(fiche_dispositif(titre="Masquée"))
    page = lire(client)
    assert page.titres == ["Visible"] and "1 fiche sur 1" in page.texte


def test_la_nature(client):
    fiche_dispositif(titre="Dispositif")
    fiche_locale(titre="Local")
    fiche_action(titre="Action")
    assert lire(client, nature="local").titres == ["Local"]
    assert lire(client, nature=["local", "action"]).titres == ["Action", "Local"]


@pytest.mark.parametrize(
    "adresse, titre", [("/dispositifs/", "Dispositif"), ("/dispositifs-locaux/", "Local"), ("/actions/", "Action")]
)
def test_les_listes_d_une_seule_nature(client, adresse, titre):
    fiche_dispositif(titre="Dispositif")
    fiche_locale(titre="Local")
    fiche_action(titre="Action")
    page = lire(client, adresse, nature="dispositif")  # ignored: the address says it
    assert page.titres == [titre] and "1 fiche sur 1" in page.texte


def test_le_dispositif_filtre_les_locaux_et_les_actions(client):
    fiche_dispositif(slug="asv", titre="Atelier santé ville", sigle="ASV")
    fiche_locale(titre="ASV de Rouen", dispositif="asv")
    fiche_action(titre="Bouger avec l’ASV", dispositif="asv")
    fiche_locale(titre="Autre")
    assert lire(client, dispositif="asv").titres == ["ASV de Rouen", "Bouger avec l’ASV"]


def test_plusieurs_valeurs_d_un_filtre_s_ajoutent_et_deux_filtres_se_croisent(client):
    fiche_action(titre="A", themes=["logement"], publics=["jeunes"])
    fiche_action(titre="B", themes=["addictions"], publics=["jeunes"])
    fiche_action(titre="C", themes=["logement"], publics=["aidants"])
    assert lire(client, theme=["logement", "addictions"]).titres == ["A", "B", "C"]
    assert lire(client, theme=["logement", "addictions"], public="jeunes").titres == ["A", "B"]


def test_le_levier_et_le_niveau_de_preuve(client):
    fiche_action(titre="A", levier="culture", preuve="non_evaluee")
    fiche_action(titre="B", levier="culture", preuve="evaluee")
    fiche_action(titre="C")
    assert lire(client, levier="culture").titres == ["A", "B"]
    assert lire(client, levier="culture", preuve="evaluee").titres == ["B"]


@time_machine.travel(date(2026, 11, 23), tick=False)
def test_l_etat_vient_des_dates(client):
    fiche_locale(titre="Fini", debut="2015-01-01", fin="2020-12-31")
    fiche_locale(titre="Bientôt fini", debut="2022-01-01", fin="2027-06-30")
    fiche_locale(titre="Sans terme")
    assert lire(client, etat="terme_passe").titres == ["Fini"]
    assert lire(client, etat=["fin_proche", "en_vigueur"]).titres == ["Bientôt fini", "Sans terme"]


def test_le_territoire_regarde_dessus_dessous_et_dit_le_chemin(client, lieux):
    fiche_locale(titre="De la métropole", sur=[lieux["metropole"]])
    fiche_locale(titre="De Rouen", sur=[lieux["rouen"]])
    fiche_locale(titre="D’Elbeuf", sur=[lieux["elbeuf"]])
    page = lire(client, territoire="commune:76540")
    assert page.titres == ["De Rouen", "De la métropole"]
    assert page.chemins == ["Pour la commune", "Via Métropole Rouen Normandie"]
    page = lire(client, territoire="epci:200023414", tri="nom")
    assert page.titres == ["D’Elbeuf", "De la métropole", "De Rouen"]
    assert page.chemins == ["En partie : Elbeuf", "Pour toute l’intercommunalité", "En partie : Rouen"]


def test_par_defaut_le_plus_proche_du_territoire_vient_d_abord(client, lieux):
    for nom in ("region", "departement", "metropole", "rouen", "elbeuf"):
        fiche_locale(titre=nom, sur=[lieux[nom]])
    assert lire(client, territoire="commune:76540").titres == ["rouen", "metropole", "departement", "region"]


@pytest.mark.parametrize("mots", ["seine-maritime", "Seine-Maritime (76)", "76"])
def test_le_territoire_s_ecrit_aussi_en_mots(client, lieux, mots):
    fiche_locale(titre="De Rouen", sur=[lieux["rouen"]])
    page = lire(client, territoire=mots)
    assert page.titres == ["De Rouen"]
    assert 'name="territoire" value="departement:76" checked' in page.html


def test_le_territoire_ecrit_remplace_celui_qui_etait_choisi(client, lieux):
    fiche_locale(titre="De Rouen", sur=[lieux["rouen"]])
    fiche_locale(titre="D’Elbeuf", sur=[lieux["elbeuf"]])
    assert lire(client, territoire=["commune:76540", "elbeuf"]).titres == ["D’Elbeuf"]
    assert lire(client, territoire=["commune:76540", ""]).titres == ["De Rouen"]


def test_les_homonymes_sont_proposes(client):
    territoire("commune", "93066", "Saint-Denis", departements=["93"])
    territoire("commune", "97411", "Saint-Denis", departements=["974"])
    page = lire(client, territoire="saint denis", theme="")
    assert 'Ou bien&nbsp;: <a href="/fiches/?territoire=commune:97411">Saint-Denis (974)</a>' in page.html


def test_un_ancien_territoire_mene_a_ce_qu_il_est_devenu(client, lieux):
    ancienne = territoire("commune", "76999", "Ancienne", fin="2025-01-01")
    Succession.objects.create(ancien=ancienne, nouveau=lieux["rouen"])
    fiche_locale(titre="De Rouen", sur=[lieux["rouen"]])
    assert lire(client, territoire="commune:76999").titres == ["De Rouen"]


def test_les_tris(client):
    with time_machine.travel("2026-01-01T12:00Z"):
        fiche_dispositif(titre="« Zébrures »")
    with time_machine.travel("2026-02-01T12:00Z"):
        fiche_dispositif(titre="Été")
    with time_machine.travel("2026-03-01T12:00Z"):
        fiche_dispositif(titre="Fer")
    assert lire(client, tri="nom").titres == lire(client).titres == ["Été", "Fer", "« Zébrures »"]
    assert lire(client, tri="recentes").titres == ["Fer", "Été", "« Zébrures »"]


def test_les_plus_recentes_sont_celles_qu_une_source_a_vues_en_dernier(client):
    fiche_locale(titre="Vu en 2025", constats=[constat("actif", "2025-03")])
    fiche_locale(titre="Vu en 2016", constats=[constat("actif", "2016-04")])
    fiche_action(titre="Vue en 2022", avancement="en_cours", vu_le="2022")
    assert lire(client, tri="recentes").titres == ["Vu en 2025", "Vue en 2022", "Vu en 2016"]


def test_un_tri_sans_objet_est_sans_effet(client):
    fiche_dispositif(titre="Seule")
    page = lire(client, tri="proximite")
    assert (page.statut, page.titres) == (200, ["Seule"])
    assert 'value="proximite"' not in page.html and 'value="pertinence"' not in page.html


def test_un_parametre_inconnu_est_ignore(client):
    fiche_dispositif(titre="Seule")
    assert lire(client, utm_source="lettre").titres == ["Seule"]


@pytest.mark.parametrize(
    "parametre, valeur, message",
    [
        ("theme", "inconnu", "« inconnu » ne fait pas partie des choix."),
        ("nature", "autre", "« autre » ne fait pas partie des choix."),
        ("etat", "x", "« x » ne fait pas partie des choix."),
        ("territoire", "commune:00000", "Ce territoire n’existe pas : commune:00000."),
        ("territoire", "qqzzkk", "Aucun territoire ne correspond à « qqzzkk »."),
        ("tri", "hasard", "Ce tri n’existe pas."),
        ("page", "deux", "Écrivez un numéro de page."),
        ("page", "0", "La première page est la page 1."),
        ("q", "x" * 201, "Assurez-vous que cette valeur comporte au plus 200 caractères"),
        ("q", "a\0b", "Le caractère nul n’est pas autorisé."),
    ],
)
def test_une_mauvaise_valeur_est_dite_et_rien_n_est_perdu(client, parametre, valeur, message):
    fiche_action(titre="Une action", themes=["logement"])
    parametres = {"q": "une action", "theme": ["logement"]}
    parametres[parametre] = [*parametres[parametre], valeur] if parametre == "theme" else valeur
    page = lire(client, **parametres)
    assert page.statut == 400 and message in page.texte
    assert page.titres == []  # rather than fiches that were not asked for
    assert 'name="theme" value="logement" checked' in page.html
    if parametre != "q":
        assert 'value="une action"' in page.html


def test_un_territoire_refuse_reste_dans_son_champ(client):
    page = lire(client, territoire="<b>qqzzkk")
    assert (
        'name="territoire" value="&lt;b&gt;qqzzkk"' in page.html and 'aria-describedby="erreur-territoire"' in page.html
    )


def test_ce_que_le_territoire_peut_etre_se_dit_aussi_hors_du_volet(client, lieux):
    alerte = lire(client, territoire="rouan", q="cls").html.partition('role="alert"')[2]
    assert '?territoire=commune%3A76540&amp;q=cls"' in alerte or "?territoire=commune:76540&amp;q=cls" in alerte
