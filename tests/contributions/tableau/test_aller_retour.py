"""A list taken away from the site, corrected or not, and brought back."""

import csv
import io

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from contributions.tableau.analyse import Analyse, Effet, analyser
from contributions.tableau.colonnes import lignes, lire_entete
from contributions.tableau.contenus import Document
from contributions.tableau.dits import Annonce
from contributions.tableau.lecture import lire
from contributions.tableau.rapprochement import noms_des_dispositifs
from dispositifs.models import Dispositif
from francais.dates import DatePartielle
from tests.factories import constat, fiche_dispositif, fiche_locale, territoire

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monde():
    rouen, elbeuf = territoire(nom="Rouen"), territoire(nom="Elbeuf")
    fiche_dispositif(slug="cls", titre="Contrat local de santé", sigle="CLS")
    dates = {"debut": "2021-09", "fin": "2026", "generation": 2}
    constats = [constat("signe", "2021-09-27"), constat("actif", "2025")]
    fiche_locale(titre="CLS «\u00a0de Rouen\u00a0»", dispositif="cls", sur=[rouen, elbeuf], constats=constats, **dates)
    fiche_locale(titre="-Une démarche sans sorte", porteur="Ville d’Elbeuf", sur=[elbeuf])


def _export() -> list[dict[str, str]]:
    export = Client().get("/dispositifs-locaux/", {"format": "csv"}).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(export), delimiter=";"))


def _rapporter(rangees: list[dict[str, str]]) -> Analyse:
    fichier = io.StringIO()
    ecrivain = csv.DictWriter(fichier, list(rangees[0]), delimiter=";")
    ecrivain.writeheader()
    ecrivain.writerows(rangees)
    (feuille,) = lire(fichier.getvalue().encode()).feuilles
    entete = lire_entete(feuille, {}, noms_des_dispositifs(Dispositif.objects.all()))
    gardees, _ = lignes(feuille, entete, {colonne.place: colonne.role for colonne in entete.colonnes if colonne.role})
    annonce = Annonce(None, DatePartielle("2026"), timezone.localdate())
    return analyser(gardees, annonce, Document("Corrections", "ARS", DatePartielle("2026"), ""), {})


def test_rapporter_une_liste_telle_quelle_ne_change_rien():
    lue = _rapporter(_export())
    assert [sort.effet for sort in lue.sorts] == [Effet.INCHANGEE] * 2
    assert not lue.carnet.questions


def test_ce_qui_y_est_corrige_change_la_fiche_dont_c_est_la_page():
    rangees = _export()
    rangee = next(une for une in rangees if une["dispositif"])
    rangee |= {"titre": "CLS de Rouen et d’Elbeuf", "porteur": "Métropole", "fin": "31/12/2027"}
    change = next(sort for sort in _rapporter(rangees).sorts if sort.effet == Effet.CHANGER)
    assert change.adresse == rangee["adresse"].removeprefix(settings.SITE_URL)
    assert [champ for champ, _, _ in change.details] == ["Titre", "Porteur", "Fin"]
    assert change.contenu["fin"] == "2027-12-31"
    assert not any(source["url"] == rangee["adresse"] for source in change.contenu["sources"])
