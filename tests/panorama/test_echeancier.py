import re

import pytest
import time_machine

from territoires.models import Succession
from tests.balisage import texte
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
        assert "Le contrat" not in termes(client.get(adresse).text)


def test_chaque_contrat_dit_ou_il_est(client):
    fiche_locale(fin="2030-01-01", sur=[territoire("commune", "76540", "Rouen")])
    assert '<a href="/territoires/commune/76540/">Rouen' in client.get(ADRESSE).text


def test_aucune_fin_n_est_estimee(client):
    fiche_dispositif(slug="cls", duree_habituelle="cinq ans")
    fiche_locale(titre="CLS signé", dispositif="cls", constats=[constat("signe", "2015-12-17")])
    assert "CLS signé" not in termes(client.get(ADRESSE).text)


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


@time_machine.travel("2026-06-15")
def test_un_agenda_vide_n_est_pas_propose(client):
    fiche_locale(fin="2020-01-01", sur=[rouen := territoire("commune", "76540", "Rouen")])
    for question in ("", f"?territoire={rouen.designation}", "?page=2"):
        page = client.get(f"{ADRESSE}{question}").text
        assert "format=ics" not in page and "webcal:" not in page and "text/calendar" not in page


@time_machine.travel("2026-06-15")
def test_on_s_abonne_aux_echeances_d_un_territoire(client):
    epci = territoire("epci", "200023414", "Métropole")
    rouen = territoire("commune", "76540", "Rouen", dans=[epci])
    fiche_locale(titre="CLS de la métropole", fin="2030-01-01", sur=[epci])
    fiche_locale(titre="CLS d’ailleurs", fin="2030-01-01")
    assert "webcal:" not in client.get(ADRESSE).text  # one subscribes to a territory
    adresse = "/territoires/commune/76540/echeances.ics"
    assert f'href="webcal://testserver{adresse}"' in client.get(f"{ADRESSE}?territoire={rouen.designation}").text
    reponse = client.get(adresse)
    assert reponse["Content-Type"] == "text/calendar; charset=utf-8" and "Content-Disposition" not in reponse
    agenda = lire(reponse.content)
    assert [evenement["SUMMARY"] for evenement in agenda["VEVENT"]] == ["Terme : CLS de la métropole"]
    assert agenda["NAME"] == "Échéances des contrats locaux de santé\\, Rouen"


def test_un_abonnement_dont_tout_est_passe_reste_un_agenda_valide(client):
    fiche_locale(fin="2020-01-01", sur=[territoire("commune", "76540", "Rouen")])
    for adresse in ("/territoires/commune/76540/echeances.ics", f"{ADRESSE}?format=ics"):
        agenda = lire(client.get(adresse).content)
        assert "VEVENT" not in agenda and len(agenda["VTIMEZONE"]) == 1


def test_l_abonnement_a_un_territoire_ferme_mene_a_celui_qu_il_est_devenu(client):
    ancienne, neuve = territoire("commune", "76999", fin="2025-01-01"), territoire("commune", "76540")
    Succession.objects.create(ancien=ancienne, nouveau=neuve)
    reponse = client.get("/territoires/commune/76999/echeances.ics")
    assert (reponse.status_code, reponse["Location"]) == (301, "/territoires/commune/76540/echeances.ics")
    assert client.get("/territoires/commune/76000/echeances.ics").status_code == 404


@time_machine.travel("2026-06-15", tick=False)
def test_l_agenda_ne_change_que_si_une_fiche_change(client):
    fiche_locale(slug="cls-x", titre="CLS", fin="2030-05-01", sur=[territoire("commune", "76540", "Rouen")])
    adresse = "/territoires/commune/76540/echeances.ics"
    avant = client.get(adresse).content
    (evenement,) = lire(avant)["VEVENT"]
    assert evenement["UID"] == "cls-x@testserver" and re.fullmatch(r"2026\d{4}T\d{6}Z", evenement["DTSTAMP"])
    with time_machine.travel("2026-08-15"):
        assert client.get(adresse).content == avant


@pytest.mark.parametrize("titre", ["é" * 140, "🏥" * 60, "a" * 61 + "é" * 40, "Un \\ ; , : titre", "x" * 66])
def test_un_titre_quelconque_se_relit_tel_quel(client, titre):
    fiche_locale(titre=titre, fin="2099-05-01")
    (evenement,) = lire(client.get(f"{ADRESSE}?format=ics").content)["VEVENT"]
    lu = re.sub(r"\\(.)", r"\1", evenement["SUMMARY"])
    assert lu == f"Terme : {titre}"


@time_machine.travel("2026-06-15")
def test_ce_qui_est_a_verifier_se_lit_le_plus_ancien_d_abord(client):
    for titre, vu_le in [("Vu hier", "2026-01"), ("Vu tôt", "2016-03"), ("Vu tard", "2021-03")]:
        fiche_locale(titre=titre, constats=[constat("actif", vu_le)])
    page = client.get(ADRESSE).text
    assert page.index("À vérifier</h2>") < page.index("Vu tôt") < page.index("Vu tard") and "Vu hier" not in page
    assert "3 dispositifs locaux sans fin connue" in texte(page)


def termes(page: str) -> str:
    """Return the part of the page that gives terms: what is to be verified comes after."""
    return page.partition('id="t-verifier"')[0]


def lire(octets: bytes) -> dict:
    """Return an iCalendar file read as strictly as RFC 5545 writes: lines, folds, properties, components."""
    assert octets.endswith(b"\r\n") and b"\n" not in octets.replace(b"\r\n", b"")
    assert all(len(ligne) <= 75 for ligne in octets.split(b"\r\n"))
    for ligne in octets.split(b"\r\n"):
        ligne.decode()  # never folded inside a character
    lignes = octets.decode().replace("\r\n ", "").split("\r\n")[:-1]
    pile: list[tuple[str, dict]] = [("", {})]
    for ligne in lignes:
        nom, valeur = re.fullmatch(r"([A-Z-]+(?:;[A-Z-]+=[^:;]+)*):(.*)", ligne).groups()
        if nom == "BEGIN":
            pile.append((valeur, {}))
        elif nom == "END":
            sorte, composant = pile.pop()
            assert sorte == valeur
            pile[-1][1].setdefault(sorte, []).append(composant)
        else:
            assert nom.partition(";")[0] not in pile[-1][1], "une seule fois"
            pile[-1][1][nom.partition(";")[0]] = valeur
    ((_, racine),) = pile
    (agenda,) = racine["VCALENDAR"]
    assert agenda["VERSION"] == "2.0" and agenda["PRODID"]
    assert agenda.get("VEVENT") or agenda.get("VTIMEZONE"), "au moins un composant (3.6)"
    uids = [evenement["UID"] for evenement in agenda.get("VEVENT", [])]
    assert len(uids) == len(set(uids)) and all("DTSTAMP" in evenement for evenement in agenda.get("VEVENT", []))
    return agenda


@pytest.mark.parametrize("adresse", [ADRESSE, "/dispositifs-locaux/comparer/"])
def test_un_territoire_demande_par_un_lien_est_nomme_dans_son_champ(client, adresse):
    territoire("commune", "76231", "Elbeuf", departements=["76"])
    lue = client.get(f"{adresse}?territoire=commune:76231").text
    assert 'value="Elbeuf (76)"' in lue and 'value="commune:76231"' not in lue
    assert client.get(adresse, {"territoire": "Elbeuf (76)"}).status_code == 200


def test_un_territoire_que_son_nom_ne_designe_pas_seul_garde_sa_designation(client):
    for code in ("76231", "76999"):
        territoire("commune", code, "Elbeuf", departements=["76"])
    assert 'value="commune:76231"' in client.get(f"{ADRESSE}?territoire=commune:76231").text


@time_machine.travel("2026-06-15")
@pytest.mark.parametrize("nom, dit", [("Elbeuf", "d’Elbeuf"), ("Le Havre", "du Havre"), ("Rouen", "de Rouen")])
def test_la_page_dit_ce_qui_distingue_le_fichier_de_l_abonnement(client, nom, dit):
    lieu = territoire("commune", "76231", nom)
    fiche_locale(fin="2030-01-01", sur=[lieu])
    page = texte(client.get(f"{ADRESSE}?territoire={lieu.designation}").text)
    assert f"S’abonner aux échéances {dit} dans votre agenda" in page
    assert "Le fichier d’aujourd’hui, qui ne changera plus." in page and "L’agenda se met à jour seul." in page
