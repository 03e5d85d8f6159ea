import re
from itertools import product

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fiches.models import Sigle
from territoires.models import Succession
from tests.factories import fiche_action, fiche_dispositif, fiche_locale, territoire
from tests.recherche.lecture import lire

pytestmark = pytest.mark.django_db


def test_un_compte_est_le_nombre_de_fiches_qu_on_verrait(client):
    fiche_action(themes=["logement"], publics=["jeunes"])
    fiche_action(themes=["logement", "addictions"], publics=["aidants"])
    fiche_locale(themes=["addictions"], publics=["jeunes"])
    page = lire(client)
    assert [page.compte("nature", n) for n in ("dispositif", "local", "action")] == [None, 1, 2]
    assert [page.compte("theme", t) for t in ("logement", "addictions")] == [2, 2]


def test_une_facette_ignore_son_propre_choix_et_applique_les_autres(client):
    fiche_action(themes=["logement"], publics=["jeunes"])
    fiche_action(themes=["logement", "addictions"], publics=["aidants"])
    fiche_locale(themes=["addictions"], publics=["jeunes"])
    page = lire(client, theme="logement")
    assert [page.compte("theme", t) for t in ("logement", "addictions")] == [2, 2]
    assert [page.compte("public", p) for p in ("jeunes", "aidants")] == [1, 1]
    page = lire(client, theme="logement", public="jeunes")
    assert [page.compte("theme", t) for t in ("logement", "addictions")] == [1, 1]


def test_chaque_compte_annonce_est_tenu(client):
    """Whatever is already asked, choosing a value shows as many fiches as it announced."""
    lieu = territoire("commune", "76540", "Rouen")
    fiche_dispositif(slug="asv", titre="Atelier santé ville", themes=["logement"])
    fiche_dispositif(slug="cls", titre="Contrat local de santé")
    for n in range(4):
        themes, fin = ["logement", "addictions"][: n % 3], ["2020-12-31", ""][n % 2]
        fiche_locale(titre=f"Santé {n}", themes=themes, dispositif=["asv", "cls"][n // 3], fin=fin, sur=[lieu])
        public, levier, preuve = [("jeunes", "culture", "evaluee"), ("aidants", "sport", "non_evaluee")][n // 3]
        fiche_action(titre=f"Santé {n}", publics=[public], levier=levier, preuve=preuve, sur=[lieu])
    facettes = {
        "nature": ["dispositif", "local", "action"],
        "theme": ["logement", "addictions"],
        "public": ["jeunes", "aidants"],
        "dispositif": ["asv", "cls"],
        "levier": ["culture", "sport"],
        "preuve": ["evaluee", "non_evaluee"],
        "etat": ["en_vigueur", "terme_passe"],
    }
    for demande in (
        {},
        {"q": "santé"},
        {"theme": "logement"},
        {"q": "santé", "territoire": "commune:76540", "nature": "local"},
    ):
        page = lire(client, **demande)
        for facette, valeurs in facettes.items():
            montrees = [len(lire(client, **{**demande, facette: valeur}).titres) for valeur in valeurs]
            annonces = [page.compte(facette, valeur) or 0 for valeur in valeurs]
            un_choix = len([n for n in montrees if n]) > 1
            assert annonces == (montrees if un_choix else [0] * len(valeurs)), (demande, facette)


def test_une_facette_sans_choix_disparait_sauf_si_elle_est_choisie(client):
    fiche_action(themes=["logement"])
    fiche_locale(themes=["logement"])
    assert 'name="theme" value="logement"' not in lire(client).html and 'name="nature"' in lire(client).html
    assert lire(client, theme="logement").compte("theme", "logement") == 2


@pytest.mark.parametrize(
    "adresse, a_portee",
    [("/fiches/", ["nature", "etat"]), ("/dispositifs-locaux/", ["etat", "dispositif"]),
     ("/actions/", ["avancement", "dispositif"]), ("/dispositifs/", ["theme", "public"])],
)  # fmt: skip
def test_deux_facettes_sont_a_portee_et_les_autres_repliees(client, adresse, a_portee):
    ouvert = lire(client, adresse).html.partition("Plus de filtres")[0]
    assert re.findall(r'id="facette-(\w+)"', ouvert) == a_portee


@pytest.mark.parametrize("filtre", [{"theme": "logement"}, {"dans": "leviers"}, {"theme": "inconnu"}])
def test_plus_de_filtres_est_ouvert_si_l_un_d_eux_est_demande(client, filtre):
    fiche_action(themes=["logement"])
    motif = r"<details class=\"suite\"( open)?> <summary>Plus de filtres"
    assert re.search(motif, lire(client, **filtre).html)[1] and not re.search(motif, lire(client).html)[1]


def test_une_valeur_choisie_qui_ne_montre_rien_reste_affichee(client):
    fiche_action(themes=["logement"])
    fiche_locale(themes=["addictions"])
    page = lire(client, theme="logement", nature="local")
    assert page.titres == [] and page.compte("theme", "logement") == 0


def test_au_dela_d_un_nombre_borne_les_choix_sont_offerts_sans_compte(client, monkeypatch):
    for n in range(3):
        fiche_action(titre=f"Action {n}", themes=["logement", "addictions"])
    monkeypatch.setattr("recherche.facettes.COMPTEES", 2)
    page = lire(client)
    assert "3 fiches" in page.texte and 'name="theme" value="logement"' in page.html
    assert page.compte("theme", "logement") is None
    monkeypatch.setattr("recherche.facettes.COMPTEES", 3)
    assert lire(client).compte("theme", "logement") == 3


def test_une_liste_d_une_nature_n_a_que_ses_facettes(client):
    fiche_dispositif(themes=["logement", "addictions"])
    page = lire(client, "/dispositifs/")
    assert page.compte("theme", "logement") == 1
    assert all(f'name="{facette}"' not in page.html for facette in ("nature", "dispositif", "levier", "etat", "preuve"))


PIRE_DES_CAS = {
    "q": "santé",
    "territoire": "departement:76",
    "nature": ["local", "action"],
    "dispositif": "asv",
    "theme": "logement",
    "public": "jeunes",
}


DEMANDES = [
    {},
    {"q": "santé"},
    {"q": "santée"},
    PIRE_DES_CAS,
    {**PIRE_DES_CAS, "territoire": ["departement:76", "seine-maritime"]},
    {**PIRE_DES_CAS, "territoire": "seine marittime"},
    {**PIRE_DES_CAS, "etat": "echu"},
    {**PIRE_DES_CAS, "q": "rien de tel"},
]


def requetes(client, parametres: dict) -> int:
    """Return what a page costs, the edition read by `config/lecture.py` counted."""
    with CaptureQueriesContext(connection) as captees:
        lire(client, **parametres)
    return len(captees)


def test_huit_requetes_au_plus_quel_que_soit_le_nombre_de_fiches(client):
    lieu = territoire("departement", "76", "Seine-Maritime")
    commune = territoire("commune", "76540", "Rouen", dans=[lieu])
    fiche_dispositif(slug="asv", titre="Atelier santé ville")

    def publier(nombre: int) -> None:
        for n in range(nombre):
            fiche_locale(titre=f"Santé {n}", themes=["logement"], publics=["jeunes"], dispositif="asv", sur=[commune])

    publier(2)
    peu = [requetes(client, parametres) for parametres in DEMANDES]
    publier(57)
    assert [requetes(client, parametres) for parametres in DEMANDES] == peu and max(peu) <= 8


QUESTIONS = ["ASV", "comment monter un ASV", "santé asv", "asv rouen", "vacination", "kezako pris"]
LIEUX_DITS = ["", "departement:76", "Rouen", "commune:76999", "rouan", "departement:zz"]
FILTRES = [
    {"nature": "local", "tri": "recentes"},
    {"nature": "local", "tri": "nom", "page": "2"},
    {"theme": "addictions", "dans": "leviers", "autour": "1"},
]
TOUTES_LES_FORMES = [
    *({"q": q, "territoire": lieu} for q, lieu in product(QUESTIONS, LIEUX_DITS)),
    *({"q": q, "territoire": "departement:76"} | filtres for q, filtres in product(QUESTIONS, FILTRES)),
]


def test_huit_requetes_au_plus_quoi_qu_on_demande(client):
    lieu = territoire("departement", "76", "Seine-Maritime")
    commune = territoire("commune", "76540", "Rouen", dans=[lieu], departements=["76"])
    Succession.objects.create(ancien=territoire("commune", "76999", "Le Mont", fin="2025-01-01"), nouveau=commune)
    fiche_dispositif(slug="asv", titre="Atelier santé ville", sigle="ASV")
    fiche_action(titre="Le prix de la vaccination", themes=["addictions"])
    Sigle.objects.create(sigle="PRIS", developpe="Point de rencontre", definition="Un lieu.")
    for n in range(23):
        fiche_locale(titre=f"ASV {n}", dispositif="asv", sur=[commune])
    assert [demande for demande in TOUTES_LES_FORMES if requetes(client, demande) > 8] == []


@time_machine.travel("2026-11-23", tick=False)
@pytest.mark.parametrize("adresse", ["/fiches/", "/dispositifs-locaux/"])
def test_ce_qui_finit_dans_l_annee_est_aussi_en_vigueur(client, adresse):
    fiche_locale(titre="Fini", fin="2020-12-31")
    fiche_locale(titre="Bientôt fini", fin="2027-06-30")
    fiche_locale(titre="Long", fin="2029-06-30")
    page = lire(client, adresse, etat="en_vigueur")
    assert page.titres == ["Bientôt fini", "Long"]
    assert lire(client, adresse, etat="fin_proche").titres == ["Bientôt fini"]
    assert lire(client, adresse, etat=["en_vigueur", "terme_passe"]).titres == ["Bientôt fini", "Fini", "Long"]
    assert [page.compte("etat", etat) for etat in ("en_vigueur", "fin_proche", "terme_passe")] == [2, 1, 1]


@time_machine.travel("2026-11-23", tick=False)
@pytest.mark.parametrize("suite", ["?etat=en_vigueur&format=csv", "flux.atom?etat=en_vigueur"])
def test_ce_qui_finit_dans_l_annee_est_emporte_et_suivi_avec_ce_qui_est_en_vigueur(client, suite):
    fiche_locale(titre="Bientôt fini", fin="2027-06-30")
    fiche_locale(titre="Terminé depuis", fin="2020-12-31")
    lu = b"".join(client.get(f"/fiches/{suite}")).decode()
    assert "Bientôt fini" in lu and "Terminé depuis" not in lu


def test_les_valeurs_les_plus_frequentes_sont_montrees_et_les_autres_repliees(client):
    for n in range(12):
        fiche_dispositif(slug=f"d{n:02}", titre=f"Dispositif {n:02}")
        fiche_locale(titre=f"Ici {n}", dispositif=f"d{n:02}")
    fiche_locale(titre="Ici encore", dispositif="d11")
    montrees, _, repliees = lire(client, "/dispositifs-locaux/").html.partition("de plus<span")
    valeurs = [re.findall(r'name="dispositif" value="(\w+)"', partie) for partie in (montrees, repliees)]
    assert valeurs == [["d11", *(f"d{n:02}" for n in range(7))], ["d07", "d08", "d09", "d10"]]
