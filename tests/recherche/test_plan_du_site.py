"""Search engines are told every page that anybody may read, and no other."""

from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pytest

from dispositifs.models import Absence
from recherche.plan_du_site import EXCLUS, PAGES, PERMIS, PlanDesTerritoires
from territoires.models import Territoire
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
    fiche_locale(sur=[territoire("commune", "76540", "Rouen")])
    ancienne = territoire("commune", "76999", "Ancienne")
    fiche_locale(sur=[ancienne])
    Territoire.objects.filter(pk=ancienne.pk).update(fin="2025-01-01")
    assert adresses(client, "/sitemap-territoires.xml") == ["http://testserver/territoires/commune/76540/"]


def test_un_territoire_dont_on_ne_sait_rien_n_y_est_pas(client):
    region = territoire("region", "28", "Normandie")
    eure, autre = (territoire("departement", code, dans=[region]) for code in ("27", "75"))
    agglo = territoire("epci", "200071454", "Seine Normandie", dans=[eure, region])
    vernon = territoire("commune", "27681", "Vernon", dans=[agglo, eure, region])
    quartier = territoire("qpv", "QN02705M", "Les Valmeux", dans=[vernon, agglo, eure, region])
    ailleurs = territoire("commune", "27001", "Aclou", dans=[eure, region])
    cachee, niee = territoire("commune", "27002"), territoire("commune", "27003")
    fiche_locale(sur=[agglo])
    fiche_locale(sur=[eure])
    masquer(fiche_locale(sur=[cachee]))
    Absence.objects.create(
        dispositif=fiche_dispositif(slug="asv"), territoire=niee, constatee_le="2026-01-01", source="Ville"
    )
    lus = adresses(client, "/sitemap-territoires.xml")
    dits = [agglo, vernon, quartier, eure, region, niee]
    assert set(lus) == {f"http://testserver{lieu.get_absolute_url()}" for lieu in dits}
    assert not {f"http://testserver{lieu.get_absolute_url()}" for lieu in (autre, ailleurs, cachee)} & set(lus)


def test_un_territoire_a_la_date_de_la_derniere_fiche_qui_en_parle(client):
    rouen = territoire("commune", "76540", "Rouen")
    for _ in range(2):
        fiche = fiche_locale(sur=[rouen])
    assert f"<lastmod>{fiche.modifiee_le:%Y-%m-%d}</lastmod>" in client.get("/sitemap-territoires.xml").text


def test_une_liste_a_la_date_de_sa_derniere_fiche(client):
    fiche_action()
    page = client.get("/sitemap-pages.xml").text
    for adresse, datee in [("/actions/", True), ("/fiches/", True), ("/dispositifs/", False), ("/aide/", False)]:
        assert (f"<loc>http://testserver{adresse}</loc><lastmod>" in page) is datee, adresse


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
        fiche_locale()
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
    assert not robots.can_fetch("*", "/dossier/preparation/") and robots.can_fetch("*", "/dossier/")
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
