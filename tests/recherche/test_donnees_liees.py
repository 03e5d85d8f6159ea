"""What pages say to machines: the same as to people, and nothing that could run."""

import json
import re
from datetime import date

import pytest

from tests.balisage import d_une_ligne, texte
from tests.factories import fiche_action, fiche_dispositif, fiche_locale, territoire

pytestmark = pytest.mark.django_db


def lire(client, adresse: str) -> tuple[str, dict[str, dict]]:
    """Return a page and its linked data, by type."""
    page = d_une_ligne(client.get(adresse).text)
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    donnees = json.loads(script)
    assert donnees["@context"] == "https://schema.org"
    return page, {noeud["@type"]: noeud for noeud in donnees["@graph"]}


def meta(page: str, nom: str) -> str:
    (valeur,) = re.findall(rf'<meta (?:name|property)="{nom}" content="([^"]*)">', page)
    return texte(valeur)


def canonique(page: str) -> str:
    (adresse,) = re.findall(r'<link rel="canonical" href="([^"]*)">', page)
    assert f'<meta property="og:url" content="{adresse}">' in page
    return texte(adresse)


@pytest.fixture
def rouen():
    region = territoire("region", "28", "Normandie")
    departement = territoire("departement", "76", "Seine-Maritime", dans=[region])
    metropole = territoire("epci", "200023414", "Métropole", dans=[departement, region], sous_nature="METRO")
    return territoire("commune", "76540", "Rouen", dans=[metropole, departement, region], latitude=49.4, longitude=1.1)


def test_une_fiche_dit_aux_machines_ce_qu_elle_montre(client, rouen):
    fiche = fiche_action(slug="a", titre="Une action", sur=[rouen], themes=["logement"], publics=["jeunes"])
    type(fiche).objects.update(relue_le=date(2026, 5, 4))
    page, noeuds = lire(client, "/actions/a/")
    article = noeuds["Article"]
    assert article["headline"] == texte(re.search(r"<h1[^>]*>(.*?)</h1>", page)[1]) == "Une action"
    assert article["description"] == meta(page, "description") == fiche.resume
    assert article["url"] == article["@id"] == canonique(page) == "http://testserver/actions/a/"
    assert f"version {article['version']}, " in page  # as one cites it
    assert not {"dateModified", "datePublished"} & set(article)  # when it entered the base is no news
    assert article["license"].startswith("https://") and article["inLanguage"] == "fr"
    assert article["keywords"] == ["logement"]
    assert [public["audienceType"] for public in article["audience"]] == ["jeunes"]
    assert article["mainEntityOfPage"]["lastReviewed"] == "2026-05-04" and "Relue le 4" in page
    assert article["creditText"] == "Rédaction : Équipe de Santé en territoires"


def test_une_fiche_dit_qui_l_ecrit_et_montre_une_image(client):
    fiche_action(slug="a")
    _, noeuds = lire(client, "/actions/a/")
    article, editeur = noeuds["Article"], noeuds["Organization"]
    assert article["author"] == article["publisher"] == {"@id": editeur["@id"]}
    assert article["image"]["url"].startswith("http://testserver/static/apercu")
    assert editeur["logo"]["url"].startswith("http://testserver/static/icone-512")


@pytest.mark.parametrize(
    "debut, fin, periode", [("2019", "2021-05", "2019/2021-05"), ("2019", "", "2019/.."), ("", "2021", "../2021")]
)
def test_une_fiche_datee_dit_sa_periode(client, debut, fin, periode):
    fiche_action(slug="a", debut=debut, fin=fin)
    assert lire(client, "/actions/a/")[1]["Article"]["temporalCoverage"] == periode


def test_une_fiche_sans_dates_ne_dit_pas_de_periode(client):
    fiche_action(slug="a")
    fiche_dispositif(slug="d")
    for adresse in ("/actions/a/", "/dispositifs/d/"):
        assert "temporalCoverage" not in lire(client, adresse)[1]["Article"]


def test_une_fiche_cite_ses_sources_une_fois_chacune(client):
    sources = [
        {"titre": "Rapport", "organisation": "ARS", "date": "2022-03-29", "repere": "page 1"},
        {"titre": "Rapport", "organisation": "ARS", "date": "2022-03-29", "repere": "page 2"},
        {"titre": "Site", "url": "https://exemple.fr/a"},
    ]
    fiche_dispositif(slug="asv", sources=sources)
    _, noeuds = lire(client, "/dispositifs/asv/")
    assert noeuds["Article"]["citation"] == [
        {
            "@type": "CreativeWork",
            "name": "Rapport",
            "publisher": {"@type": "Organization", "name": "ARS"},
            "datePublished": "2022-03-29",
        },
        {"@type": "CreativeWork", "name": "Site", "url": "https://exemple.fr/a"},
    ]


def test_une_fiche_nomme_ses_territoires_par_leur_code_officiel(client, rouen):
    fiche_locale(slug="l", sur=[rouen])
    _, noeuds = lire(client, "/dispositifs-locaux/l/")
    (lieu,) = noeuds["Article"]["spatialCoverage"]
    assert lieu["@type"] == "AdministrativeArea" and lieu["url"] == "http://testserver/territoires/commune/76540/"
    assert lieu["identifier"] == {"@type": "PropertyValue", "propertyID": "Code INSEE", "value": "76540"}


def test_le_fil_d_ariane_est_celui_de_la_page(client):
    fiche_dispositif(slug="asv", titre="Atelier")
    page, noeuds = lire(client, "/dispositifs/asv/")
    rangs = noeuds["BreadcrumbList"]["itemListElement"]
    assert [rang["position"] for rang in rangs] == [1, 2, 3, 4]
    fil = re.search(r'<nav class="fil".*?</nav>', page, re.DOTALL)[0]
    montres = [(texte(nom), f"http://testserver{lien}") for lien, nom in re.findall(r'href="([^"]*)">(.*?)</a>', fil)]
    assert [(rang["name"], rang["item"]) for rang in rangs[:-1]] == montres
    assert (rangs[-1]["name"], rangs[-1]["item"]) == ("Atelier", canonique(page))


def test_ce_qui_n_est_pas_dit_n_est_pas_affirme(client):
    fiche_dispositif(slug="asv")
    article = lire(client, "/dispositifs/asv/")[1]["Article"]
    assert not {"spatialCoverage", "keywords", "audience"} & set(article)
    assert "lastReviewed" not in article["mainEntityOfPage"]


@pytest.mark.parametrize("poison", ["</script><script>alert(1)</script>", "<!--<script>", "a & b", "fin\u2028ligne"])
def test_aucun_texte_ne_sort_du_script(client, poison):
    sources = [{"titre": f"Source {poison}"}]
    fiche_dispositif(slug="asv", titre=f"Titre {poison}", resume=f"Résumé {poison}", sources=sources)
    page, noeuds = lire(client, "/dispositifs/asv/")
    assert noeuds["Article"]["description"] == " ".join(f"Résumé {poison}".split(" "))
    assert noeuds["Article"]["citation"][0]["name"] == f"Source {poison}"
    script = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1]
    assert not set("<>&\u2028\u2029") & set(script)
    assert "alert(1)</script>" not in page


def test_un_territoire_dit_son_code_et_ce_qui_le_contient(client, rouen):
    page, noeuds = lire(client, "/territoires/commune/76540/")
    lieu = noeuds["AdministrativeArea"]
    assert lieu["name"] == "Rouen" and lieu["@id"] == canonique(page)
    assert (lieu["identifier"]["propertyID"], lieu["identifier"]["value"]) == ("Code INSEE", "76540")
    assert lieu["geo"] == {"@type": "GeoCoordinates", "latitude": 49.4, "longitude": 1.1}
    codes = [(c["identifier"]["propertyID"], c["identifier"]["value"]) for c in lieu["containedInPlace"]]
    assert codes == [("Code INSEE", "28"), ("Code INSEE", "76"), ("SIREN", "200023414")]


def test_un_territoire_n_est_pas_dit_dans_ce_qui_ne_le_contient_qu_en_partie(client):
    departement = territoire("departement", "76", "Seine-Maritime")
    territoire("epci", "200069821", "CA à cheval", dans=[departement], partielle=True)
    assert "containedInPlace" not in lire(client, "/territoires/epci/200069821/")[1]["AdministrativeArea"]


def test_un_quartier_dit_le_code_de_la_politique_de_la_ville(client):
    territoire("qpv", "QN07601M", "Grammont")
    identifiant = lire(client, "/territoires/qpv/QN07601M/")[1]["AdministrativeArea"]["identifier"]
    assert identifiant["value"] == "QN07601M" and "INSEE" not in identifiant["propertyID"]


def test_l_accueil_dit_comment_chercher_et_quoi_emporter(client):
    fiche_dispositif(titre="Atelier")
    _, noeuds = lire(client, "/")
    cible = noeuds["WebSite"]["potentialAction"]["target"]["urlTemplate"]
    assert "Atelier" in client.get(cible.replace("{search_term_string}", "atelier")).text
    for fichier in noeuds["Dataset"]["distribution"]:
        reponse = client.get(fichier["contentUrl"])
        assert reponse.status_code == 200 and reponse["Content-Type"].startswith(fichier["encodingFormat"])
        assert "Atelier" in reponse.text


@pytest.mark.parametrize(
    "adresse, attendue",
    [
        ("/", "/"),
        ("/aide/?utm_source=lettre", "/aide/"),
        ("/fiches/", "/fiches/"),
        ("/fiches/?tri=recentes&bruit=1", "/fiches/"),
        ("/fiches/?theme=logement&tri=nom&q=fiche", "/fiches/?q=fiche&theme=logement"),
        ("/fiches/?page=1", "/fiches/"),
        ("/dispositifs/comparer/?d=a&d=b&differences=1", "/dispositifs/comparer/?d=a&d=b"),
        ("/dispositifs/echeancier/?dispositif=&territoire=", "/dispositifs/echeancier/"),
        ("/carte/?theme=logement&x=1", "/carte/?theme=logement"),
        ("/statistiques/", "/statistiques/"),
    ],
)
def test_chaque_page_a_une_adresse_et_une_seule(client, adresse, attendue):
    for slug in "ab":
        fiche_dispositif(slug=slug, titre=f"Fiche {slug}", themes=["logement"])
    page = d_une_ligne(client.get(adresse).text)
    assert canonique(page) == f"http://testserver{attendue}"
    if canonique(page) != f"http://testserver{adresse}":
        assert canonique(client.get(attendue).text) == canonique(page)


def test_la_deuxieme_page_d_une_liste_est_une_autre_page(client):
    for _ in range(21):
        fiche_dispositif()
    assert canonique(client.get("/fiches/?page=2&tri=recentes").text) == "http://testserver/fiches/?page=2"


@pytest.mark.parametrize("adresse", ["/nulle-part/", "/fiches/?theme=rien", "/fiches/?page=9"])
def test_une_erreur_n_a_pas_d_adresse_a_retenir(client, adresse):
    assert 'rel="canonical"' not in client.get(adresse).text


def test_un_lien_partage_dit_ou_il_mene(client):
    fiche_dispositif(slug="asv", titre="Atelier « santé » & ville", resume='Un "résumé".')
    page = client.get("/dispositifs/asv/").text
    assert texte(re.search(r"<title>(.*?)</title>", page)[1]) == f"{meta(page, 'og:title')} – Santé en territoires"
    assert meta(page, "og:title") == "Atelier « santé » & ville"
    assert meta(page, "og:description") == meta(page, "description") == 'Un "résumé".'
    assert meta(page, "og:image").startswith("http://testserver/static/apercu")
    assert (meta(page, "og:type"), meta(page, "og:locale")) == ("article", "fr_FR")
    assert meta(page, "og:site_name") == "Santé en territoires"
    assert meta(client.get("/aide/").text, "og:type") == "website"


def test_les_donnees_d_une_fiche_ne_coutent_aucune_requete(client, django_assert_max_num_queries, rouen):
    for n in range(9):
        fiche_action(slug=f"a{n}", sur=[rouen], themes=["x", "y"], sources=[{"titre": f"S{i}"} for i in range(9)])
    with django_assert_max_num_queries(2):  # the fiche, and those near it
        client.get("/actions/a0/")
