"""Readers are given again what did not change, and never anything else."""

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

import brotli
import pytest
import time_machine
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver

from config.lecture import LUES, LectureMiddleware, version_du_code
from config.settings import base
from fiches import edition
from fiches.models import Edition
from tests.balisage import d_une_ligne
from tests.factories import fiche_dispositif, fiche_locale, publier, valider


@pytest.fixture
def travailleur(settings) -> Callable[[], Client]:
    """Start a worker of the server as it is in production: its own memory of pages, the common database."""
    settings.MIDDLEWARE = base.MIDDLEWARE
    return Client


@pytest.fixture
def client(travailleur) -> Client:
    return travailleur()


@pytest.mark.django_db
def test_une_page_inchangee_n_est_pas_renvoyee(client):
    fiche_dispositif(slug="asv")
    etag = client.get("/dispositifs/asv/")["ETag"]
    reponse = client.get("/dispositifs/asv/", headers={"If-None-Match": etag})
    assert (reponse.status_code, reponse.content, reponse["ETag"]) == (304, b"", etag)
    assert reponse["Cache-Control"] == "no-cache" and reponse["Vary"] == "Accept-Encoding"


@pytest.mark.django_db
def test_ce_que_dit_l_exploitant_change_les_pages_deja_lues(travailleur, settings):
    avant = travailleur().get("/accessibilite/")["ETag"]
    settings.ORGANISME = "La métropole de Valmont"
    apres = travailleur().get("/accessibilite/", headers={"If-None-Match": avant})
    assert apres.status_code == 200 and "La métropole de Valmont" in apres.text


@pytest.mark.django_db
def test_une_page_inchangee_ne_coute_qu_une_requete(client, django_assert_num_queries):
    fiche_dispositif(slug="asv")
    premiere = client.get("/dispositifs/asv/")
    with django_assert_num_queries(1):
        seconde = client.get("/dispositifs/asv/")
    assert seconde.content == premiere.content and seconde["Server-Timing"] == "cache"
    with django_assert_num_queries(1):
        client.get("/dispositifs/asv/", headers={"If-None-Match": premiere["ETag"]})


def test_une_publication_se_voit_a_la_requete_suivante_de_tout_travailleur(base_ouverte, travailleur):
    fiche, clients = fiche_dispositif(slug="asv", titre="Avant"), [travailleur(), travailleur()]
    etags = [client.get("/dispositifs/asv/")["ETag"] for client in clients]
    assert len(set(etags)) == 1
    edition.publier(fiche, valider(fiche.nature, **{**fiche.contenu, "titre": "Après"}), motif="Essai.")
    for client in clients:
        reponse = client.get("/dispositifs/asv/", headers={"If-None-Match": etags[0]})
        assert reponse.status_code == 200 and "Après" in reponse.text and "Avant" not in reponse.text
        assert "Après" in client.get("/fiches/").text


@pytest.mark.django_db
def test_l_etat_d_un_contrat_change_avec_le_jour(client):
    with time_machine.travel("2026-03-01T09:00+01:00", tick=False):
        fiche_locale(slug="cls", fin="2026-03-01")
        avant = client.get("/dispositifs-locaux/cls/")
        assert "a passé son terme" not in avant.text
    with time_machine.travel("2026-03-02T00:01+01:00", tick=False):
        apres = client.get("/dispositifs-locaux/cls/", headers={"If-None-Match": avant["ETag"]})
        assert apres.status_code == 200 and "a passé son terme" in apres.text


@pytest.mark.django_db
def test_chaque_adresse_a_sa_page(client):
    fiche_dispositif(titre="Atelier", slug="asv")
    vues = [client.get(f"/fiches/{question}") for question in ("", "?q=atelier", "?q=rien", "?tri=recentes")]
    assert len({vue["ETag"] for vue in vues}) == len({vue.content for vue in vues}) == 4


@pytest.mark.django_db
def test_les_octets_gardes_sont_ceux_que_le_navigateur_sait_lire(client):
    simple = client.get("/aide/")
    assert "Content-Encoding" not in simple.headers
    for accepte, encodage, lire in (("gzip, br", "br", brotli.decompress), ("gzip", "gzip", gzip.decompress)):
        compresse, relu = (client.get("/aide/", headers={"Accept-Encoding": accepte}) for _ in range(2))
        assert compresse["Content-Encoding"] == encodage and lire(compresse.content) == simple.content
        assert relu.content == compresse.content
        assert int(compresse["Content-Length"]) == len(compresse.content) < len(simple.content) / 2
    assert client.get("/aide/").content == simple.content


@pytest.mark.django_db
def test_ce_qui_depend_de_qui_lit_n_est_pas_compresse_par_brotli(client):
    """A length may tell what is secret (BREACH); Django's gzip blurs it."""
    accepte = {"Accept-Encoding": "gzip, br"}
    assert client.get("/aide/?n=1", headers=accepte)["Content-Encoding"] == "br"
    client.cookies["sessionid"] = "quelqu-un"
    assert client.get("/aide/", headers=accepte)["Content-Encoding"] == "gzip"


@pytest.mark.django_db
def test_qui_porte_un_temoin_recoit_une_page_faite_pour_lui(client):
    etag = client.get("/aide/")["ETag"]
    client.cookies["sessionid"] = "quelqu-un"
    reponse = client.get("/aide/", headers={"If-None-Match": etag})
    assert reponse.status_code == 200 and "ETag" not in reponse.headers and "Server-Timing" not in reponse.headers
    assert reponse["Cache-Control"] == "private, no-cache"


@pytest.mark.django_db
@pytest.mark.parametrize("adresse", ["/dispositifs/rien/", "/nulle-part/", "/fiches/?tri=x", "/fiches/?page=9"])
def test_une_erreur_n_est_pas_gardee(client, adresse):
    reponses = [client.get(adresse) for _ in range(2)]
    assert all(r.status_code in (400, 404) and "ETag" not in r.headers for r in reponses)


@pytest.mark.django_db
def test_une_page_qui_n_existe_pas_n_est_jamais_inchangee(client):
    assert client.get("/dispositifs/rien/", headers={"If-None-Match": "*"}).status_code == 404


@pytest.mark.django_db
def test_une_page_ou_l_on_ecrit_n_est_pas_gardee(client):
    fiche_dispositif(slug="asv")
    assert "ETag" not in client.get("/dispositifs/asv/proposer/").headers


@pytest.mark.django_db
def test_head_dit_la_meme_etiquette_et_ne_garde_rien(client):
    fiche_dispositif(slug="asv")
    tete = client.head("/dispositifs/asv/")
    page = client.get("/dispositifs/asv/")
    assert tete["ETag"] == page["ETag"] and tete.content == b"" and "Dispositif" in page.text


@pytest.mark.django_db
def test_un_hote_inconnu_est_refuse(client):
    assert client.get("/aide/", headers={"Host": "ailleurs.exemple"}).status_code == 400


@pytest.mark.django_db
def test_deux_publications_font_deux_etiquettes(client):
    fiche, etags = fiche_dispositif(slug="asv"), set()
    for n in range(3):
        etags.add(client.get("/aide/")["ETag"])
        publier(fiche, titre=f"Titre {n}")
    assert len(etags) == 3 and Edition.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("octets, gardees", [(20, 1), (21, 0)])
def test_une_page_trop_lourde_n_est_pas_gardee(monkeypatch, rf, octets, gardees):
    monkeypatch.setattr("config.lecture.OCTETS_GARDES", 20)
    lecture = LectureMiddleware(lambda requete: HttpResponse("x" * octets))
    lecture(rf.get("/aide/"))
    assert len(lecture.pages.pages) == gardees


@pytest.mark.django_db
def test_des_parametres_quelconques_ne_remplissent_pas_la_memoire(rf):
    lecture = LectureMiddleware(lambda requete: HttpResponse("Page"))
    for n in range(10):
        lecture(rf.get(f"/aide/?n={n}"))
        lecture(rf.get(f"/sitemap-territoires.xml?p=1&z={n}"))
    assert not lecture.pages.pages


@pytest.mark.django_db
def test_une_adresse_n_occupe_qu_une_place_d_une_edition_a_l_autre(rf):
    lecture = LectureMiddleware(lambda requete: HttpResponse("Page"))
    for _ in range(3):
        lecture(rf.get("/aide/"))
        Edition.avancer()
    assert len(lecture.pages.pages) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("adresse", ["/fiches/?q=depression", "/fiches/?page=1", "/aide/?q=depression"])
def test_personne_n_apprend_qu_une_recherche_a_deja_ete_faite(travailleur, rf, adresse):
    faites = []
    lecture = LectureMiddleware(lambda requete: faites.append(requete) or HttpResponse("Page"))
    reponses = [lecture(rf.get(adresse)) for _ in range(2)]
    assert len(faites) == 2  # neither said nor measurable
    assert not any("Server-Timing" in reponse for reponse in reponses)


@contextmanager
def base_absente() -> Iterator[None]:
    def couper(*_) -> NoReturn:
        raise OperationalError("connection refused")

    with connection.execute_wrapper(couper):
        yield


@pytest.mark.django_db
@pytest.mark.parametrize(
    "avant, apres", [("", ""), ("gzip", "gzip"), ("gzip", ""), ("", "gzip"), ("br", ""), ("br", "gzip")]
)
def test_sans_la_base_on_relit_la_derniere_page_connue_et_elle_le_dit(client, avant, apres):
    fiche_dispositif(slug="asv", titre="Atelier santé ville")
    with time_machine.travel("2026-11-26T16:40+01:00", tick=False):
        etag = client.get("/dispositifs/asv/", headers={"Accept-Encoding": avant})["ETag"]
        with base_absente():
            reponse = client.get("/dispositifs/asv/", headers={"If-None-Match": etag, "Accept-Encoding": apres})
    texte = d_une_ligne((gzip.decompress(reponse.content) if apres else reponse.content).decode())
    assert reponse.status_code == 200 and "Atelier santé ville" in texte
    assert "Dernière version connue, 16:40." in texte
    assert reponse["Warning"].startswith("110 ") and reponse["Cache-Control"] == "no-store"
    assert not {"ETag", "Last-Modified", "Server-Timing", "Expires"} & set(reponse.headers)
    assert reponse.get("Content-Encoding", "") == apres and "Content-Security-Policy" in reponse.headers


@pytest.mark.django_db
def test_d_un_autre_jour_le_jour_est_dit(client):
    with time_machine.travel("2026-11-25T23:50+01:00", tick=False):
        client.get("/aide/")
    with time_machine.travel("2026-11-26T08:00+01:00", tick=False), base_absente():
        texte = d_une_ligne(client.get("/aide/").text.replace("&nbsp;", " "))
    assert "Dernière version connue, le 25 novembre à 23:50." in texte


@pytest.mark.django_db
@pytest.mark.parametrize("adresse", ["/fiches/flux.atom", "/sitemap.xml", "/robots.txt"])
def test_un_fichier_pour_machines_reste_tel_quel(client, adresse):
    fiche_dispositif(slug="asv")
    avant = client.get(adresse)
    with base_absente():
        apres = client.get(adresse)
    assert apres.content == avant.content and apres["Content-Type"] == avant["Content-Type"]
    assert apres["Warning"].startswith("110 ") and "ETag" not in apres


@pytest.mark.django_db
def test_une_page_inconnue_attend_la_base(travailleur):
    client = travailleur()
    client.raise_request_exception = False
    client.get("/aide/")
    with base_absente():
        for adresse in ("/", "/aide/?q=1", "/dispositifs/asv/", "/dispositifs/asv/proposer/"):
            reponse = client.get(adresse)
            assert reponse.status_code == 503 and "ETag" not in reponse.headers, adresse


@pytest.mark.django_db
def test_qui_porte_un_temoin_relit_la_page_de_tous(travailleur, settings):
    client = travailleur()
    client.get("/aide/")
    client.raise_request_exception = False
    client.cookies[settings.SESSION_COOKIE_NAME] = "n" * 32
    with base_absente():
        reponse = client.get("/aide/")
    assert reponse.status_code == 200 and "Dernière version connue" in reponse.text


@pytest.mark.django_db
def test_la_base_revenue_la_page_est_de_nouveau_la_bonne(client):
    fiche = fiche_dispositif(slug="asv", titre="Avant")
    client.get("/dispositifs/asv/")
    with base_absente():
        client.get("/dispositifs/asv/")
    assert client.get("/dispositifs/asv/")["Server-Timing"] == "cache"
    publier(fiche, titre="Après")
    reponse = client.get("/dispositifs/asv/")
    assert "Après" in reponse.text and "Warning" not in reponse and "Dernière version" not in reponse.text


def test_le_code_change_l_etiquette(tmp_path):
    page = tmp_path / "templates" / "page.html"
    page.parent.mkdir()
    page.write_text("<p>Avant")
    avant = version_du_code(tmp_path)
    assert version_du_code(tmp_path) == avant
    page.write_text("<p>Après")
    assert version_du_code(tmp_path) != avant


def noms(resolveur: URLResolver, espace: str = "") -> Iterator[str]:
    for motif in resolveur.url_patterns:
        if isinstance(motif, URLResolver):
            yield from noms(motif, f"{espace}{motif.namespace}:" if motif.namespace else espace)
        elif motif.name:
            yield f"{espace}{motif.name}"


def test_chaque_page_de_la_liste_existe():
    assert set(noms(get_resolver())) >= LUES


@pytest.mark.django_db
def test_en_developpement_rien_n_est_garde(settings, travailleur):
    settings.DEBUG = True
    assert "ETag" not in travailleur().get("/aide/").headers
