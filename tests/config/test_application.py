"""What browsers and readers of feeds are told of the site: icons, colours, search, feeds."""

import json
import re
from xml.etree import ElementTree as ET

import pytest

from config.settings import base
from tests.balisage import d_une_ligne
from tests.factories import fiche_dispositif, territoire

pytestmark = pytest.mark.django_db
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


@pytest.mark.parametrize("adresse", ["/", "/fiches/", "/aide/", "/comptes/connexion/", "/nulle-part/"])
def test_chaque_page_dit_ses_icones_ses_couleurs_et_sa_recherche(client, adresse):
    page = client.get(adresse).text
    bandeau = re.search(r"--marque: (#\w{6});", (base.BASE_DIR / "static/feuilles/jetons.css").read_text())
    assert bandeau and page.count(f'<meta name="theme-color" content="{bandeau[1]}">') == 1  # by day and by night
    for lien in ('rel="icon"', 'rel="apple-touch-icon"', 'rel="manifest"', 'rel="search"'):
        assert page.count(lien) == 1, lien


def test_l_icone_se_trouve_ou_les_navigateurs_la_cherchent(client):
    reponse = client.get("/favicon.ico")
    assert reponse["Content-Type"] == "image/x-icon" and reponse.content.startswith(b"\x00\x00\x01\x00")
    assert "max-age" in reponse["Cache-Control"] and not reponse.cookies


def test_le_manifeste_nomme_l_application_en_francais(client):
    reponse = client.get("/manifest.webmanifest")
    manifeste = json.loads(reponse.text)
    assert reponse["Content-Type"] == "application/manifest+json"
    assert (manifeste["name"], manifeste["lang"], manifeste["scope"]) == ("Santé en territoires", "fr", "/")
    assert len(manifeste["short_name"]) <= 15 and re.fullmatch(r"#\w{6}", manifeste["theme_color"])
    assert {(icone["sizes"], icone["purpose"]) for icone in manifeste["icons"]} == {
        ("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")
    }  # fmt: skip
    for raccourci in manifeste["shortcuts"]:
        assert client.get(raccourci["url"]).status_code == 200


def test_les_icones_ont_la_taille_qu_elles_annoncent(client, settings):
    for icone in json.loads(client.get("/manifest.webmanifest").text)["icons"]:
        png = (base.BASE_DIR / "static" / icone["src"].removeprefix("/static/")).read_bytes()
        largeur, hauteur = int.from_bytes(png[16:20]), int.from_bytes(png[20:24])
        assert f"{largeur}x{hauteur}" == icone["sizes"]


def test_un_navigateur_peut_chercher_dans_le_site(client):
    reponse = client.get("/opensearch.xml")
    description = ET.fromstring(reponse.content)
    assert reponse["Content-Type"].startswith("application/opensearchdescription+xml")
    assert len(description.findtext(f"{OPENSEARCH}ShortName")) <= 16  # as the specification asks
    (adresse,) = [url.get("template") for url in description.iter(f"{OPENSEARCH}Url") if url.get("type") == "text/html"]
    assert adresse == "http://testserver/fiches/?q={searchTerms}"


@pytest.mark.parametrize(
    "adresse, flux",
    [
        ("/", {"/fiches/flux.atom", "/dispositifs/flux.atom", "/dispositifs-locaux/flux.atom", "/actions/flux.atom"}),
        ("/fiches/", {"/fiches/flux.atom"}),
        ("/dispositifs/", {"/dispositifs/flux.atom"}),
        ("/dispositifs-locaux/", {"/dispositifs-locaux/flux.atom"}),
        ("/actions/?page=1", {"/actions/flux.atom"}),
        ("/fiches/?theme=logement", {"/fiches/flux.atom?theme=logement"}),
        ("/territoires/commune/76231/", {"/fiches/flux.atom?territoire=commune:76231"}),
    ],
)
def test_chaque_liste_annonce_son_flux(client, adresse, flux):
    fiche_dispositif(themes=["logement"])
    territoire("commune", "76231", "Elbeuf")
    page = d_une_ligne(client.get(adresse).text)
    annonces = re.findall(r'<link rel="alternate" type="application/atom\+xml" title="([^"]+)" href="([^"]+)">', page)
    assert {adresse for _, adresse in annonces} == flux
    assert len({titre for titre, _ in annonces}) == len(annonces)
    for _, adresse in annonces:
        assert client.get(adresse)["Content-Type"].startswith("application/atom+xml")


def test_le_travailleur_garde_d_avance_de_quoi_lire_hors_ligne(client):
    reponse = client.get("/service-worker.js")
    assert reponse["Content-Type"].startswith("text/javascript") and reponse["Service-Worker-Allowed"] == "/"
    assert "worker-src 'self'" in reponse["Content-Security-Policy"]
    socle = json.loads(re.search(r"const SOCLE = (.*);", reponse.text)[1])
    assert "/hors-ligne/" in socle and 'importScripts("/static/hors_ligne.js");' in reponse.text
    assert all(adresse.startswith("/static/") for adresse in socle if adresse != "/hors-ligne/")
    page = client.get("/hors-ligne/").text
    assert set(re.findall(r'(?:src|href)="(/static/[^"#]+\.(?:css|js))"', page)) <= {*socle}


def test_son_adresse_ne_s_oublie_pas_dans_un_cache(client, settings):
    settings.MIDDLEWARE = base.MIDDLEWARE
    assert client.get("/service-worker.js")["Cache-Control"] == "no-cache"


def test_la_page_hors_ligne_ne_promet_rien_sans_script(client):
    page = d_une_ligne(client.get("/hors-ligne/").text)
    assert "Aucune page n’est gardée" in page and '<p hidden><label><input type="checkbox"' in page
    assert "/hors-ligne/" in client.get("/confidentialite/").text


def test_partager_ne_se_montre_qu_avec_un_script(client):
    fiche_dispositif(slug="asv")
    territoire("commune", "76231", "Elbeuf")
    for adresse in ("/dispositifs/asv/", "/territoires/commune/76231/", "/territoires/commune/76231/note/?ligne=a"):
        page = d_une_ligne(client.get(adresse).text)
        (bouton,) = re.findall(r'<button [^>]*data-partager="([^"]*)" hidden>', page)
        assert bouton == (adresse if "note" in adresse else "")
        assert re.search(r"Partager</button> <span [^>]*role=\"status\"></span>", page)
