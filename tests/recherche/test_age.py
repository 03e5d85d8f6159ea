"""Wherever a fiche is shown, what was seen long ago is never shown as true today."""

import re

import pytest
import time_machine

from tests.balisage import d_une_ligne
from tests.factories import constat, fiche_action, fiche_dispositif, fiche_locale, territoire

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("anciennes")]
JOUR = "2026-06-15T12:00Z"
VERT = re.compile(r'class="(?:[^"]* )?ok(?: [^"]*)?"')


@pytest.fixture
def anciennes():
    """A contract and an action of Rouen, both last seen in 2016, when they were going on."""
    compte = {"population": 150_000, "population_annee": 2023, "population_source": "Insee"}
    departement = territoire("departement", "76", "Seine-Maritime")
    metropole = territoire("epci", "200023414", "Métropole", dans=[departement], **compte)
    dans = [metropole, departement]
    rouen = territoire("commune", "76540", "Rouen", dans=dans, longitude=1.09, latitude=49.44, **compte)
    territoire("commune", "76351", "Le Havre", dans=[departement], **compte)
    territoire("qpv", "QN07619M", "Grammont", dans=[rouen, *dans])
    fiche_dispositif(slug="cls", titre="Contrat local de santé", sigle="CLS")
    fiche_locale(
        slug="l", titre="Contrat de Rouen", dispositif="cls", sur=[rouen], constats=[constat("actif", "2016-04")]
    )
    fiche_action(slug="a", titre="Action de Rouen", dispositif="cls", sur=[rouen], avancement="en_cours", vu_le="2016")


@time_machine.travel(JOUR, tick=False)
@pytest.mark.parametrize(
    "adresse",
    [
        "/", "/fiches/", "/fiches/?q=cls+rouen", "/dispositifs/cls/", "/dispositifs-locaux/l/", "/actions/a/",
        "/territoires/commune/76540/", "/territoires/commune/76351/semblables/", "/territoires/departement/76/",
        "/carte/?departement=76", "/dispositifs/echeancier/",
        "/dispositifs/choisir/?territoire=commune:76540", "/statistiques/",
    ],
)  # fmt: skip
def test_aucune_page_ne_montre_en_vert_ce_qui_date(client, adresse):
    reponse = client.get(adresse)
    assert reponse.status_code == 200
    assert not VERT.search(d_une_ligne(reponse.text))


@time_machine.travel(JOUR, tick=False)
def test_les_listes_le_disent_a_verifier(client):
    assert client.get("/fiches/").text.count("À vérifier</span>") >= 2


@time_machine.travel(JOUR, tick=False)
def test_les_fichiers_disent_quand_cela_a_ete_vu(client):
    lignes = client.get("/fiches/?format=csv").content.decode("utf-8-sig").splitlines()
    anciennes = [ligne for ligne in lignes if "de Rouen" in ligne]
    assert len(anciennes) == 2 and all("2016" in ligne and "À vérifier" in ligne for ligne in anciennes)
    couverture = client.get("/territoires/departement/76/couverture/?niveau=commune&format=csv").text
    assert "en vigueur" not in couverture.splitlines()[1]
    assert "Vu en avril\u00a02016." in client.get("/dispositifs-locaux/flux.atom").text
    assert "vue en 2016" in client.get("/actions/flux.atom").text
    assert "Contrat de Rouen" not in client.get("/dispositifs/echeancier/?format=ics").text


@time_machine.travel(JOUR, tick=False)
def test_les_machines_n_apprennent_aucune_date_de_chargement(client):
    for adresse in ("/dispositifs/cls/", "/dispositifs-locaux/l/", "/actions/a/"):
        page = client.get(adresse).text
        assert '"dateModified"' not in page and "Mise à jour le" not in page and "Renseignée à" not in page
