"""Search engines are told every page that anybody may read, and no other."""

from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pytest

from recherche.plan_du_site import EXCLUS, PAGES, PERMIS, PlanDesTerritoires
from tests.factories import fiche_action, fiche_dispositif, fiche_locale, masquer, territoire

pytestmark = pytest.mark.django_db
PLAN = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def adresses(client, adresse: str) -> list[str]:
    reponse = client.get(adresse)
    assert (reponse.status_code, reponse["Content-Type"]) == (200, "application/xml")
    return [element.text or "" for element in ET.fromstring(reponse.content).iter(f"{PLAN}loc")]


def test_l_index_mene_a_chaque_section(client):
    plans = adresses(client, "/sitemap.xml")
    assert plans == [f"http://testserver/sitemap-{section}.xml" for section in ("fiches", "territoires", "pages")]
    for plan in plans:
        assert client.get(plan.removeprefix("http://testserver")).status_code == 200


def test_seules_les_fiches_publiees_y_sont_avec_leur_date(client):
    fiche = fiche_dispositif(slug="asv")
    cachee = fiche_locale()
    masquer(cachee)
    assert adresses(client, "/sitemap-fiches.xml") == ["http://testserver/dispositifs/asv/"]
    assert f"<lastmod>{fiche.modifiee_le:%Y-%m-%d}</lastmod>" in client.get("/sitemap-fiches.xml").text


def test_un_territoire_ferme_n_y_est_pas(client):
    territoire("commune", "76540", "Rouen")
    territoire("commune", "76999", "Ancienne", fin="2025-01-01")
    assert adresses(client, "/sitemap-territoires.xml") == ["http://testserver/territoires/commune/76540/"]


def test_les_pages_ont_l_adresse_du_site_pas_celle_qu_on_a_demandee(client, settings):
    settings.ALLOWED_HOSTS = ["autre.exemple"]
    for plan in ("/sitemap.xml", "/sitemap-pages.xml"):
        reponse = client.get(plan, headers={"Host": "autre.exemple"})
        assert "http://testserver/" in reponse.text and "autre.exemple" not in reponse.text


def test_chaque_page_du_plan_s_ouvre(client):
    pages = adresses(client, "/sitemap-pages.xml")
    assert len(pages) == len(set(pages)) == len(PAGES)
    for adresse in pages:
        assert client.get(adresse.removeprefix("http://testserver")).status_code == 200, adresse


def test_un_grand_plan_se_lit_par_pages(client, monkeypatch):
    monkeypatch.setattr(PlanDesTerritoires, "limit", 2)
    for _ in range(5):
        territoire()
    plans = [plan for plan in adresses(client, "/sitemap.xml") if "territoires" in plan]
    assert [plan.partition("?")[2] for plan in plans] == ["", "p=2", "p=3"]
    lus = [adresse for plan in plans for adresse in adresses(client, plan.removeprefix("http://testserver"))]
    assert len(lus) == len(set(lus)) == 5


@pytest.mark.parametrize("adresse", ["/sitemap-rien.xml", "/sitemap-fiches.xml?p=2", "/sitemap-fiches.xml?p=x"])
def test_un_plan_inconnu_donne_404(client, adresse):
    assert client.get(adresse).status_code == 404


def test_les_plans_coutent_peu_de_requetes(client, django_assert_max_num_queries):
    for _ in range(10):
        fiche_action()
    with django_assert_max_num_queries(3):
        client.get("/sitemap.xml")
    for section in ("fiches", "territoires", "pages"):
        with django_assert_max_num_queries(2):
            client.get(f"/sitemap-{section}.xml")


def test_robots_dit_ou_est_le_plan(client):
    reponse = client.get("/robots.txt")
    assert reponse["Content-Type"].startswith("text/plain")
    robots = RobotFileParser()
    robots.parse(reponse.text.splitlines())
    assert robots.site_maps() == ["http://testserver/sitemap.xml"]
    for permise in ("/", "/fiches/", "/dispositifs/asv/", "/territoires/commune/76540/", "/sitemap.xml"):
        assert robots.can_fetch("*", permise), permise
    for refusee in ("/moderation/journal/", "/suivi/secret/", "/comptes/connexion/", "/admin/", "/mes-contributions/"):
        assert not robots.can_fetch("*", refusee), refusee


def test_robots_ecarte_les_listes_filtrees_mais_pas_leurs_pages():
    """Python's own parser knows no wildcard: what RFC 9309 says of them is tried here."""
    assert ecartee("/fiches/?theme=logement")
    assert ecartee("/actions/?format=csv") and ecartee("/carte/?theme=logement")
    assert ecartee("/dispositifs/asv/proposer/?section=cout") and ecartee("/actions/a/signaler/")
    assert not ecartee("/fiches/?page=2") and not ecartee("/fiches/") and not ecartee("/dispositifs/asv/")
    assert all(not ecartee(adresse) for adresse in ("/statistiques/", "/aide/", "/contribuer/"))


def ecartee(adresse: str) -> bool:
    """The longest rule that fits wins; on equal lengths, what allows."""
    regles = [(len(r), r in PERMIS) for r in (*EXCLUS, *PERMIS) if convient(r, adresse)]
    return bool(regles) and not max(regles)[1]


def convient(regle: str, adresse: str) -> bool:
    debut, *suite = regle.split("*")
    if not adresse.startswith(debut):
        return False
    reste = adresse[len(debut) :]
    for morceau in suite:
        _, trouve, reste = reste.partition(morceau)
        if not trouve and morceau:
            return False
    return True
