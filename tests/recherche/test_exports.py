import csv
from io import StringIO

import pytest
import time_machine

from francais.tableur import reponse_csv, sans_formule
from tests.balisage import d_une_ligne
from tests.factories import fiche_action, fiche_dispositif, fiche_locale, masquer, territoire


@pytest.mark.parametrize("texte", ["=1+1", "+33", "-2", "@SUM(A1)", "\tx", "\rx", "\n=1", "＝1+1", "＠SUM(A1)"])
def test_une_cellule_n_est_jamais_une_formule(texte):
    assert sans_formule(texte) == f"'{texte}"


def test_le_csv_s_ouvre_dans_un_tableur_francais():
    reponse = reponse_csv("essai", [["a", "é;è"]])
    assert reponse.content.decode("utf-8") == '\ufeffa;"é;è"\r\n'


def lire(client, adresse: str) -> list[dict[str, str]]:
    reponse = client.get(adresse)
    assert (reponse.status_code, reponse["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert reponse.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(StringIO(reponse.content.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.django_db
class TestExportDuCatalogue:
    def test_il_suit_les_filtres_et_va_au_dela_de_la_page(self, client):
        rouen = territoire("commune", "76540", "Rouen", departements=["76"])
        for n in range(25):
            fiche_action(titre=f"Ici {n:02}", sur=[rouen], themes=["logement"])
        fiche_action(titre="Ailleurs", themes=["logement"])
        lignes = lire(client, "/fiches/?format=csv&territoire=Rouen&theme=logement&tri=nom")
        assert [ligne["titre"] for ligne in lignes] == [f"Ici {n:02}" for n in range(25)]

    def test_chaque_ligne_dit_ce_que_montre_la_fiche(self, client):
        lieux = [
            territoire("departement", "01", "Ain"),
            territoire("commune", "01004", "Ambérieu", departements=["01"]),
        ]
        fiche_dispositif(slug="cls", titre="Contrat local de santé", sigle="CLS")
        fiche_locale(
            slug="l", titre="CLS d’Ambérieu", dispositif="cls", sur=lieux, porteur="Ville", fin="2020-01-31",
            themes=["logement", "addictions"], publics=["jeunes"],
        )  # fmt: skip
        (ligne,) = lire(client, "/dispositifs-locaux/?format=csv")
        assert ligne["codes_territoires"] == "departement:01 | commune:01004"
        assert ligne["territoires"] == "Ain (01) | Ambérieu (01)" and ligne["porteur"] == "Ville"
        assert ligne["dispositif"] == "Contrat local de santé (CLS)"
        assert (ligne["etat"], ligne["fin"]) == ("Terme passé, suite inconnue", "2020-01-31")
        assert (ligne["themes"], ligne["publics"]) == ("addictions | logement", "jeunes")
        assert (ligne["nature"], ligne["version"], ligne["relue_le"]) == ("Dispositif local", "1", "")
        assert ligne["adresse"] == "http://testserver/dispositifs-locaux/l/"
        assert ligne["licence"] == "Licence Ouverte 2.0"

    def test_une_action_dit_son_levier_et_sa_preuve(self, client):
        fiche_action(levier="culture", preuve="capitalisee", periode="2019-2022")
        (ligne,) = lire(client, "/actions/?format=csv")
        assert (ligne["levier"], ligne["preuve"], ligne["periode"]) == ("culture", "Capitalisée", "2019-2022")

    def test_aucune_cellule_n_est_une_formule(self, client):
        fiche_dispositif(titre="=1+1", resume="@SOMME(A1)")
        (ligne,) = lire(client, "/dispositifs/?format=csv")
        assert (ligne["titre"], ligne["resume"]) == ("'=1+1", "'@SOMME(A1)")

    def test_une_fiche_masquee_n_y_est_pas(self, client):
        fiche = fiche_dispositif()
        masquer(fiche)
        assert lire(client, "/fiches/?format=csv") == []

    def test_il_dit_quand_il_a_change(self, client):
        with time_machine.travel("2026-02-10T12:00Z", tick=False):
            fiche_dispositif()
        assert client.get("/fiches/?format=csv")["Last-Modified"] == "Tue, 10 Feb 2026 12:00:00 GMT"
        assert "Last-Modified" not in client.get("/actions/?format=csv").headers

    def test_un_mauvais_filtre_est_refuse(self, client):
        reponse = client.get("/fiches/?format=csv&theme=rien")
        assert reponse.status_code == 400 and reponse["Content-Type"].startswith("text/html")

    def test_la_page_y_mene_avec_ses_filtres(self, client):
        fiche_dispositif(themes=["logement"])
        page = d_une_ligne(client.get("/fiches/?theme=logement&tri=recentes").text)
        assert (
            'href="/fiches/?theme=logement&amp;format=csv&amp;tri=recentes"' in page
            and "Emporter cette fiche (tableur)" in page
        )

    def test_il_coute_autant_pour_trois_ou_trente_fiches(self, client, django_assert_max_num_queries):
        for n in range(30):
            fiche_locale(sur=[territoire()], themes=[f"theme-{n}"])
            fiche_action()
        with django_assert_max_num_queries(6):
            client.get("/fiches/?format=csv&q=fiche")
