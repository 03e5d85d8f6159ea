"""What people type, and what answers first."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from territoires.recherche import chercher
from tests.essais import essais

LETTRES = st.text(alphabet="abcdeéèêëœæoOEÉŒçàùïst 'l’-—()/.|%_\\0123456789", max_size=40)


def normaliser(texte: str) -> str:
    with connection.cursor() as curseur:
        curseur.execute("SELECT normalise_nom(%s)", [texte])
        return curseur.fetchone()[0]


def designations(q: str) -> list[str]:
    return [territoire.designation for territoire in chercher(q)]


@pytest.mark.parametrize(
    "q, attendu",
    [
        ("vandoeuvre", "commune:54547"),
        ("Vandœuvre", "commune:54547"),
        ("vandeuvre", "commune:54547"),
        ("st etienne du rouvray", "commune:76575"),
        ("Saint-Étienne-du-Rouvray", "commune:76575"),
        ("MEL", "epci:200093201"),
        ("mrn", "epci:200023414"),
        ("communauté d’agglomération du pays de saint-omer", "epci:200069037"),
        ("76540", "commune:76540"),
        ("200023414", "epci:200023414"),
        ("200 023 414", "epci:200023414"),
        ("QN07620M", "qpv:QN07620M"),
        ("qn07620m", "qpv:QN07620M"),
        ("hauts de rouen", "qpv:QN07620M"),
        ("oissel", "commune:76484"),
        ("rouen", "commune:76540"),
        ("Rouen (76)", "commune:76540"),
        ("saint-denis 974", "commune:97411"),
        ("Seine-Maritime", "departement:76"),
        ("Seine-Maritime (76)", "departement:76"),
        ("76", "departement:76"),
        ("2a", "departement:2A"),
        ("normandie", "region:28"),
        ("havre", "commune:76351"),
        ("paris", "commune:75056"),
        ("paris 13", "commune:75056"),
        ("eu", "commune:76255"),
        ("y", "commune:80829"),
        ("marseile", "commune:13055"),
        ("chateau tierry", "commune:02168"),
        ("metropole lille", "epci:200093201"),
        ("la réunion", "departement:974"),
        ("villes sœurs", "epci:247600588"),
        ("villes soeurs", "epci:247600588"),
        ("commune de oissel", "commune:76484"),
        ("ville d’Oissel", "commune:76484"),
        ("commune du Havre", "commune:76351"),
        ("département 76", "departement:76"),
        ("departement de la seine-maritime", "departement:76"),
        ("région Normandie", "region:28"),
        ("ville de marseile", "commune:13055"),
        ("Quartier Château Blanc", "qpv:QN07621M"),
    ],
)
def test_ce_qu_on_tape_trouve_d_abord(referentiel, q, attendu):
    assert designations(q)[0] == attendu


def test_un_code_postal_donne_ses_communes(referentiel):
    assert "commune:76681" in designations("76300")
    sotteville = next(r for r in chercher("76300") if r.designation == "commune:76681")
    assert "code postal 76300" in sotteville.precision


def test_un_code_insee_passe_avant_le_meme_code_postal(referentiel):
    premiers = designations("76540")
    assert premiers[0] == "commune:76540" and len(premiers) > 1


def test_une_ancienne_commune_repond_par_celle_d_aujourd_hui(referentiel):
    pierrefitte = chercher("pierrefitte-sur-seine")[0]
    assert pierrefitte.designation == "commune:93066"
    assert "Pierrefitte-sur-Seine" in pierrefitte.precision


def test_l_ancien_code_d_une_commune_repond_aussi(referentiel):
    assert designations("93059") == ["commune:93066"]


def test_un_ancien_nom_garde_par_la_commune_repond(referentiel):
    assert designations("bellegarde-sur-valserine")[0] == "commune:01033"


def test_les_homonymes_se_distinguent_par_leur_departement(referentiel):
    precisions = [r.precision for r in chercher("saint-denis") if r.nom == "Saint-Denis"]
    assert len(precisions) > 1 and len(set(precisions)) == len(precisions)


@pytest.mark.parametrize("q, exact", [("rouen", True), ("76", True), ("roue", False), ("marseile", False)])
def test_on_sait_si_le_nom_ou_le_code_est_tape_en_entier(referentiel, q, exact):
    assert chercher(q)[0].exact is exact


def test_une_commune_n_est_proposee_qu_une_fois(referentiel):
    lyon = designations("lyon")
    assert lyon[0] == "commune:69123" and len(lyon) == len(set(lyon))


@pytest.mark.parametrize("q", ["", " ", "'", "%", "_", "\\", "日本", "\0", "zzzzqqqq", "|", "st " * 200])
def test_rien_de_sense_ne_casse_rien(referentiel, q):
    assert isinstance(chercher(q), list)


@pytest.mark.parametrize(
    "q, requetes", [("rouen", 1), ("76300", 1), ("marseile", 1), ("zzzzqqqq", 1), ("ville de zzzz", 1), ("", 0)]
)
def test_une_requete_suffit(referentiel, django_assert_num_queries, q, requetes):
    with django_assert_num_queries(requetes):
        chercher(q)


@pytest.mark.parametrize("q", ["rouen", "76300", "QN07620M", "rouen (76)", "st etienne", "marseile", "MEL"])
def test_la_recherche_lit_les_index(referentiel, q):
    with CaptureQueriesContext(connection) as requetes:
        chercher(q)
    for requete in requetes.captured_queries:
        with connection.cursor() as curseur:
            curseur.execute("SET LOCAL enable_seqscan = off")  # can an index serve? whatever was last sampled
            curseur.execute("EXPLAIN " + requete["sql"])
            plan = "\n".join(ligne for (ligne,) in curseur.fetchall())
        # The subquery that names the départements reads their few rows; the candidates must come from an index.
        assert not re.search(r"Seq Scan on territoires_territoire", plan), plan


def test_un_chiffre_qui_n_est_le_code_de_rien_en_propose_peu(referentiel):
    assert len(chercher("1")) <= 8


@essais(150)
@given(LETTRES)
def test_normaliser_deux_fois_revient_au_meme(db, texte):
    normal = normaliser(texte)
    assert normaliser(normal) == normal
    assert re.fullmatch(r"([a-z0-9]+( [a-z0-9]+)*)?", normal)


@essais(100)
@given(LETTRES)
def test_normaliser_ne_voit_ni_la_casse_ni_la_ponctuation(db, texte):
    assert normaliser(texte.upper()) == normaliser(texte) == normaliser(f" ({texte}) ")


@essais(60)
@given(LETTRES)
def test_aucune_saisie_ne_fait_echouer_la_recherche(referentiel, texte):
    assert len(chercher(texte)) <= 8


def test_la_page_le_fragment_et_les_donnees(referentiel, client):
    page = client.get("/territoires/chercher/", {"q": "rouen"})
    assert page.status_code == 200 and b"<html" in page.content
    for question, entetes in (({"q": "rouen", "fragment": 1}, {}), ({"q": "rouen"}, {"HX-Request": "true"})):
        fragment = client.get("/territoires/chercher/", question, headers=entetes)
        assert b"<html" not in fragment.content and b"/territoires/commune/76540/" in fragment.content
    donnees = client.get("/territoires/chercher/", {"q": "rouen"}, headers={"Accept": "application/json"})
    premier = json.loads(donnees.content)["resultats"][0]
    assert premier["nom"] == "Rouen (76)" and premier["url"] == "/territoires/commune/76540/"


def test_le_temps_de_la_recherche_est_dit_et_rien_n_est_depose(referentiel, client):
    reponse = client.get("/territoires/chercher/", {"q": "rouen", "format": "json"})
    assert re.fullmatch(r"recherche;dur=\d+\.\d", reponse["Server-Timing"])
    assert "Accept" in reponse["Vary"] and "HX-Request" in reponse["Vary"]
    assert not reponse.cookies


def test_une_recherche_sans_reponse_le_dit(referentiel, client):
    assert "Aucun territoire" in client.get("/territoires/chercher/", {"q": "zzzzqqqq"}).content.decode()


@pytest.mark.parametrize("q, raison", [("76350", "code postal 76350"), ("76540", "code officiel 76540")])
def test_un_code_dit_pourquoi_il_repond(referentiel, q, raison):
    assert any(raison in trouve.precision for trouve in chercher(q))
