"""Any list of the catalogue can be followed in a feed reader."""

from datetime import datetime
from xml.etree import ElementTree as ET

import pytest
import time_machine
from django.test import Client

from tests.factories import fiche_action, fiche_dispositif, fiche_locale, masquer, publier, territoire

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def lire(client: Client, adresse: str) -> ET.Element:
    reponse = client.get(adresse)
    assert (reponse.status_code, reponse["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    return ET.fromstring(reponse.content)


def texte(element: ET.Element, nom: str) -> str:
    return element.findtext(f"{ATOM}{nom}") or ""


def liens(element: ET.Element) -> dict[str, str]:
    return {lien.attrib["rel"]: lien.attrib["href"] for lien in element.findall(f"{ATOM}link")}


def titres(flux: ET.Element) -> list[str]:
    return [texte(entree, "title") for entree in flux.findall(f"{ATOM}entry")]


def test_le_flux_a_tout_ce_qu_atom_demande(client):
    """RFC 4287, 4.1.1 and 4.1.2: what a feed and its entries must have, once each."""
    rouen = territoire("commune", "76540", "Rouen", departements=["76"])
    fiche_action(slug="a", titre="Une action", resume="En bref.", sur=[rouen], themes=["logement"])
    flux = lire(client, "/fiches/flux.atom")
    assert flux.tag == f"{ATOM}feed" and flux.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == "fr"
    (entree,) = flux.findall(f"{ATOM}entry")
    for element in (flux, entree):
        for nom in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{nom}")) == 1 and texte(element, nom)
        assert datetime.fromisoformat(texte(element, "updated")).tzinfo
    assert flux.findtext(f"{ATOM}author/{ATOM}name") == "Santé en territoires"
    assert texte(flux, "rights") == "Licence Ouverte 2.0" and "license" in liens(flux)
    assert texte(entree, "id") == liens(entree)["alternate"] == "http://testserver/actions/a/"
    assert texte(entree, "summary").startswith("En bref. Territoires")
    assert texte(entree, "summary").endswith("Territoires\xa0: Rouen (76).")
    termes = {c.attrib["term"]: c.attrib["label"] for c in entree.findall(f"{ATOM}category")}
    assert termes == {"action": "Action inspirante", "logement": "logement", "commune:76540": "Rouen (76)"}


def test_le_flux_suit_les_filtres_de_la_page(client):
    rouen = territoire("commune", "76540", "Rouen", departements=["76"])
    fiche_locale(titre="Ici", sur=[rouen], themes=["logement"])
    fiche_locale(titre="Ailleurs", themes=["logement"])
    fiche_action(titre="Autre thème", sur=[rouen])
    flux = lire(client, "/fiches/flux.atom?theme=logement&territoire=Rouen&tri=nom&page=7")
    assert titres(flux) == ["Ici"]
    assert texte(flux, "title") == "Fiches\xa0: Rouen (76), logement – Santé en territoires"
    adresse = "http://testserver/fiches/flux.atom?territoire=commune:76540&theme=logement"
    assert liens(flux)["self"] == texte(flux, "id") == adresse
    assert liens(flux)["alternate"] == "http://testserver/fiches/?territoire=commune:76540&theme=logement"


@pytest.mark.parametrize(
    "liste, titre", [("dispositifs", "Un dispositif"), ("dispositifs-locaux", "Un local"), ("actions", "Une action")]
)
def test_chaque_nature_a_son_flux(client, liste, titre):
    fiche_dispositif(titre="Un dispositif")
    fiche_locale(titre="Un local")
    fiche_action(titre="Une action")
    assert titres(lire(client, f"/{liste}/flux.atom")) == [titre]


def test_la_derniere_modifiee_vient_en_tete_et_garde_son_identite(client):
    with time_machine.travel("2026-01-10T12:00Z", tick=False):
        ancienne = fiche_dispositif(slug="ancienne", titre="Ancienne")
        fiche_dispositif(titre="Autre")
    avant = {texte(e, "id") for e in lire(client, "/fiches/flux.atom").findall(f"{ATOM}entry")}
    with time_machine.travel("2026-02-10T12:00Z", tick=False):
        publier(ancienne, titre="Ancienne, revue")
    flux = lire(client, "/fiches/flux.atom")
    assert titres(flux)[0] == "Ancienne, revue"
    assert {texte(e, "id") for e in flux.findall(f"{ATOM}entry")} == avant
    entree = flux.find(f"{ATOM}entry")
    assert texte(flux, "updated") == texte(entree, "updated") == "2026-02-10T12:00:00+00:00"
    assert texte(entree, "published") == "2026-01-10T12:00:00+00:00" and "Version 2" in texte(entree, "summary")


def test_une_fiche_masquee_n_est_dans_aucun_flux(client):
    fiche = fiche_dispositif(titre="Cachée")
    masquer(fiche)
    assert titres(lire(client, "/fiches/flux.atom")) == []


def test_un_flux_vide_est_encore_un_flux_et_ne_change_pas_tout_seul(client):
    lectures = [client.get("/actions/flux.atom").content for _ in range(2)]
    assert lectures[0] == lectures[1]
    assert texte(ET.fromstring(lectures[0]), "updated")


def test_le_flux_montre_les_trente_dernieres(client):
    for n in range(33):
        fiche_dispositif(titre=f"Fiche {n}")
    assert len(titres(lire(client, "/fiches/flux.atom"))) == 30


def test_un_texte_n_est_jamais_du_html(client):
    fiche_dispositif(titre='A < B & "C"', resume="<b>gras</b> & <script>alert(1)</script>")
    (entree,) = lire(client, "/fiches/flux.atom").findall(f"{ATOM}entry")
    assert texte(entree, "title") == 'A < B & "C"'
    resume = entree.find(f"{ATOM}summary")
    assert resume.attrib["type"] == "html" and resume.text.startswith("&lt;b&gt;gras&lt;/b&gt; &amp; &lt;script&gt;")


def test_un_caractere_interdit_en_xml_ne_casse_pas_le_flux(client):
    fiche = fiche_dispositif()
    type(fiche).objects.update(titre="Fin\x0bie", resume="\x01")
    assert titres(lire(client, "/fiches/flux.atom")) == ["Finie"]


def test_un_mauvais_filtre_est_refuse_en_clair(client):
    reponse = client.get("/fiches/flux.atom?theme=inconnu&territoire=qqzzkk")
    assert (reponse.status_code, reponse["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert "Thème : « inconnu » ne fait pas partie des choix." in reponse.text.replace("\xa0", " ")
    assert "Territoire : Aucun territoire ne correspond à « qqzzkk »" in reponse.text.replace("\xa0", " ")


def test_la_page_annonce_son_flux(client):
    fiche_dispositif(themes=["logement"])
    page = client.get("/fiches/?theme=logement&tri=recentes").text
    assert '<link rel="alternate" type="application/atom+xml"' in page
    assert 'href="/fiches/flux.atom?theme=logement"' in page
    assert "application/atom+xml" not in client.get("/fiches/?theme=inconnu").text


def test_le_flux_coute_autant_pour_trois_ou_trente_fiches(client, django_assert_max_num_queries):
    lieu = territoire("commune", "76540", "Rouen")
    for _ in range(30):
        fiche_locale(sur=[lieu], themes=["logement"])
    with django_assert_max_num_queries(4):
        client.get("/fiches/flux.atom?q=fiche&territoire=commune:76540&theme=logement")
