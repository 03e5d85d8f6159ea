import pytest
import time_machine

from tests.factories import constat, fiche_dispositif, fiche_locale, territoire

pytestmark = pytest.mark.django_db
ADRESSE = "/dispositifs/echeancier/"


@time_machine.travel("2026-06-15")
def test_ce_qui_vient_d_abord_le_plus_proche_puis_ce_qui_est_passe_le_dernier_echu_en_tete(client):
    for titre, terme in [("E", "2020-01-01"), ("B", "2027-01-01"), ("D", "2025-01-01"), ("A", "2026-06-15")]:
        fiche_locale(titre=f"Contrat {titre}", fin=terme)
    page = client.get(ADRESSE).text
    reperes = ["À venir</h2>", "2026</h3>", "Contrat A", "2027</h3>", "Contrat B", "Déjà passés</h2>", "2025</h3>"]
    places = [page.index(repere) for repere in [*reperes, "Contrat D", "2020</h3>", "Contrat E"]]
    assert places == sorted(places)


@time_machine.travel("2026-06-15")
def test_quand_rien_ne_vient_la_page_le_dit(client):
    fiche_locale(fin="2020-01-01")
    assert "Aucun terme à venir n’est connu." in client.get(ADRESSE).text


@time_machine.travel("2026-06-15")
def test_l_agenda_ne_contient_que_ce_qui_vient(client):
    fiche_locale(titre="Passé", fin="2026-06-14")
    fiche_locale(titre="À venir", fin="2026-06-15")
    agenda = client.get(f"{ADRESSE}?format=ics").text
    assert "Terme : À venir" in agenda and "Passé" not in agenda


@time_machine.travel("2026-06-15")
@pytest.mark.parametrize(
    "constats, fin",
    [
        ([constat("actif", "2022"), constat("termine", "2024-05")], "2028"),  # over before its end
        ([constat("actif", "2025-09")], "2020-12-31"),  # seen alive after it: that end is no longer its own
        ([constat("actif", "2021-09")], "2020-12-31"),  # the same, seen too long ago
        ([constat("en_projet", "2016")], "2028"),  # nobody knows whether it began
    ],
)
def test_une_fin_dementie_n_est_pas_une_echeance(client, constats, fin):
    fiche_locale(titre="Le contrat", constats=constats, fin=fin)
    for adresse in (ADRESSE, f"{ADRESSE}?format=ics"):
        assert "Le contrat" not in client.get(adresse).text


def test_chaque_contrat_dit_ou_il_est(client):
    fiche_locale(fin="2030-01-01", sur=[territoire("commune", "76540", "Rouen")])
    assert '<a href="/territoires/commune/76540/">Rouen' in client.get(ADRESSE).text


def test_aucune_fin_n_est_estimee(client):
    fiche_dispositif(slug="cls", duree_habituelle="cinq ans")
    fiche_locale(titre="CLS signé", dispositif="cls", constats=[constat("signe", "2015-12-17")])
    assert "CLS signé" not in client.get(ADRESSE).text


@time_machine.travel("2026-06-15")
def test_une_fin_est_aussi_precise_que_sa_source(client):
    fiche_locale(titre="Contrat A", fin="2026")
    fiche_locale(titre="Contrat B", fin="2026-05")
    page = client.get(ADRESSE).text
    assert '<time datetime="2026">2026</time>' in page and '<time datetime="2026-05">mai\xa02026</time>' in page
    assert page.index("Contrat A") < page.index("Déjà passés</h2>") < page.index("Contrat B")
    agenda = client.get(f"{ADRESSE}?format=ics").text.replace("\r\n ", "")
    assert "SUMMARY:Terme : Contrat A (2026\\, jour non précisé)" in agenda and "20261231" in agenda


def test_ceux_dont_la_fin_est_inconnue_sont_comptes_a_part(client):
    fiche_locale()
    assert "1 dispositif local sans fin connue" in client.get(ADRESSE).text


def test_le_territoire_filtre_vers_le_haut_et_vers_le_bas(client):
    epci = territoire("epci", "200023414", "Métropole")
    rouen = territoire("commune", "76540", "Rouen", dans=[epci])
    fiche_locale(titre="Celui de la métropole", fin="2030-01-01", sur=[epci])
    fiche_locale(titre="Celui d’ailleurs", fin="2030-01-01")
    page = client.get(f"{ADRESSE}?territoire={rouen.designation}").text
    assert "Celui de la métropole" in page and "Celui d’ailleurs" not in page


def test_la_sorte_de_dispositif_filtre(client):
    fiche_dispositif(slug="cls", categorie="contrat")
    fiche_dispositif(slug="asv", categorie="demarche")
    fiche_locale(titre="Un contrat", dispositif="cls", fin="2030-01-01")
    fiche_locale(titre="Une démarche", dispositif="asv", fin="2030-01-01")
    page = client.get(f"{ADRESSE}?categorie=contrat").text
    assert "Un contrat" in page and "Une démarche" not in page
    assert '<option value="contrat" selected>Contrat</option>' in page


def test_une_sorte_inconnue_est_dite(client):
    page = client.get(f"{ADRESSE}?categorie=bleu")
    assert page.status_code == 400 and "Cette sorte de dispositif n’existe pas." in page.text


def test_retirer_le_territoire_garde_les_autres_filtres(client):
    territoire("commune", "76540", "Rouen")
    fiche_dispositif(slug="cls", categorie="contrat")
    fiche_locale(dispositif="cls")
    page = client.get(f"{ADRESSE}?territoire=commune:76540&categorie=contrat").text
    assert '<a class="puce active" href="?categorie=contrat">' in page


def test_un_territoire_inconnu_est_dit_sans_rien_perdre(client):
    page = client.get(f"{ADRESSE}?territoire=zzzzqq")
    assert page.status_code == 400
    assert "Aucun territoire ne correspond à «\xa0zzzzqq\xa0»" in page.text and 'value="zzzzqq"' in page.text


def test_l_agenda_suit_la_rfc_5545(client):
    fiche_locale(slug="cls-x", titre="CLS ; de Rouen, " + "très long " * 12, fin="2030-05-01")
    reponse = client.get(f"{ADRESSE}?format=ics")
    assert reponse["Content-Type"] == "text/calendar; charset=utf-8"
    lignes = reponse.content.split(b"\r\n")
    assert lignes[0] == b"BEGIN:VCALENDAR" and lignes[-2:] == [b"END:VCALENDAR", b""]
    assert all(len(ligne) <= 75 for ligne in lignes)
    deplie = reponse.content.replace(b"\r\n ", b"").decode()
    assert "DTSTART;VALUE=DATE:20300501\r\nDTEND;VALUE=DATE:20300502" in deplie
    assert "SUMMARY:Terme : CLS \\; de Rouen\\, très long" in deplie


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_contrats(client, django_assert_max_num_queries):
    for n in range(12):
        fiche_locale(fin=f"20{20 + n}-01-01")
    with django_assert_max_num_queries(4):
        client.get(ADRESSE)


def test_cent_contrats_par_page_et_tous_dans_l_agenda(client):
    for n in range(101):
        fiche_locale(fin="2031-01-01" if n == 50 else "2030-01-01")
    assert 'id="a-2031"' not in client.get(ADRESSE).text
    assert "Page 2 sur 2" in (page := client.get(f"{ADRESSE}?page=2").text) and 'id="a-2031"' in page
    assert client.get(f"{ADRESSE}?format=ics&page=2").text.count("BEGIN:VEVENT") == 101


def test_ceux_sans_terme_se_voient_sous_les_memes_filtres(client):
    fiche_dispositif(slug="cls", categorie="contrat")
    fiche_locale(dispositif="cls")
    page = client.get(f"{ADRESSE}?dispositif=cls&categorie=contrat").text
    assert 'href="/fiches/?dispositif=cls&amp;nature=local&amp;etat=a_verifier"' in page
