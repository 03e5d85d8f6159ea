import re
from datetime import date

import html5lib
import pytest

from fiches.citations import Citation, en_bibtex
from fiches.edition import changer_etat
from fiches.models import Fiche
from tests.balisage import d_une_ligne
from tests.factories import SOURCE, fiche_action, fiche_dispositif, fiche_locale, publier, territoire, theme

pytestmark = pytest.mark.django_db
PAGES = ["historique/", "versions/1/", "versions/2/", "comparer/?de=1&a=2", "comparer/?de=1&a=2&vue=cote-a-cote"]
PIEGE = "<script>alert(1)</script>"


@pytest.fixture
def asv():
    """A dispositif in two versions."""
    fiche = fiche_dispositif(slug="asv", titre="Atelier santé ville", sigle="ASV")
    return publier(fiche, motif="Précise le titre.", titre="Atelier santé de la ville")


def versions(fiche: Fiche, nombre: int) -> Fiche:
    for n in range(fiche.numero + 1, nombre + 1):
        fiche = publier(fiche, motif=f"Motif {n}.", resume=f"Résumé {n}.")
    return fiche


def texte(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


@pytest.mark.parametrize("suite", PAGES)
def test_un_lecteur_lit_l_historique_sans_cookie(client, asv, suite):
    page = client.get(f"/dispositifs/asv/{suite}")
    assert page.status_code == 200
    assert not page.cookies


@pytest.mark.parametrize("suite", [*PAGES, "comparer/", "comparer/?de=x&a=9", "comparer/?de=1&a=1"])
def test_les_pages_sont_du_html_valide(client, asv, suite):
    html = client.get(f"/dispositifs/asv/{suite}").text
    html5lib.HTMLParser(strict=True).parse(html)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)
    assert html.count("<h1") == 1


@pytest.mark.parametrize("etat", ["masquee", "archivee"])
@pytest.mark.parametrize("suite", PAGES)
def test_une_fiche_retiree_n_a_plus_d_historique(client, asv, etat, suite):
    changer_etat(asv, Fiche.Etat(etat), explication="À revoir.")
    assert client.get(f"/dispositifs/asv/{suite}").status_code == 404


@pytest.mark.parametrize("suite", PAGES)
def test_le_texte_d_une_version_n_est_jamais_du_html(client, suite):
    fiche = fiche_dispositif(slug="asv", titre=PIEGE, resume=PIEGE, autres_noms=[PIEGE])
    sections = {"description": f"{PIEGE} [x](javascript:alert(1))"}
    publier(fiche, motif=PIEGE, titre=f"{PIEGE}!", sections=sections, sources=[{**SOURCE, "titre": PIEGE}])
    html = client.get(f"/dispositifs/asv/{suite}").text
    assert "<script>alert" not in html
    assert 'href="javascript' not in html


@pytest.mark.parametrize("nombre", [1, 3, 15])
def test_le_nombre_de_versions_ne_change_pas_le_nombre_de_requetes(client, django_assert_max_num_queries, nombre):
    versions(fiche_dispositif(slug="asv"), nombre)
    with django_assert_max_num_queries(3):
        client.get("/dispositifs/asv/historique/")


@pytest.mark.parametrize("creer", [fiche_dispositif, fiche_locale, fiche_action])
def test_une_version_et_une_comparaison_coutent_peu(client, django_assert_max_num_queries, creer):
    fiche = creer(slug="essai", themes=["nutrition"])
    theme("logement")
    publier(fiche, titre="Autre", themes=["logement"], territoires=[territoire().designation])
    with django_assert_max_num_queries(9):
        assert client.get(f"{fiche.get_absolute_url()}versions/1/").status_code == 200
    with django_assert_max_num_queries(4):
        assert client.get(f"{fiche.get_absolute_url()}comparer/?de=1&a=2").status_code == 200


# The list


def test_l_historique_dit_quand_pourquoi_et_par_qui(client, asv):
    page = texte(client.get("/dispositifs/asv/historique/").text)
    for attendu in (
        "Précise le titre.",
        "Première publication.",
        "Équipe de Santé en territoires",
        "Version 2 En ligne",
    ):
        assert attendu in page
    assert "Version 1 En ligne" not in page


def test_les_deux_dernieres_versions_sont_deja_choisies(client, asv):
    page = client.get("/dispositifs/asv/historique/").text
    assert re.search(r'name="de" value="1" checked', page)
    assert re.search(r'name="a" value="2" checked', page)


def test_une_seule_version_ne_propose_pas_de_comparer(client):
    fiche_dispositif(slug="asv")
    page = client.get("/dispositifs/asv/historique/").text
    assert "Une seule version publiée" in page
    assert 'type="radio"' not in page.partition("</main>")[0]


def test_un_long_historique_se_lit_par_pages(client):
    versions(fiche_dispositif(slug="asv"), 23)
    premiere, seconde = (client.get(f"/dispositifs/asv/historique/?page={n}").text for n in (1, 2))
    assert "Motif 4." in premiere and "Motif 3." not in premiere
    assert "Motif 3." in seconde and "Motif 4." not in seconde


@pytest.mark.parametrize("numero", ["3", "0", "-1", "x", "9" * 40])
def test_une_page_d_historique_qui_n_existe_pas_donne_404(client, asv, numero):
    assert client.get(f"/dispositifs/asv/historique/?page={numero}").status_code == 404


# A version


def test_une_version_remplacee_le_dit_et_montre_son_texte(client, asv):
    page = client.get("/dispositifs/asv/versions/1/").text
    lue = texte(page).replace("\u00a0", " ")
    assert re.search(r"Version 1, remplacée le \d+(er)? \w+ \d{4} par la version 2", lue)
    assert "Atelier santé ville (ASV)" in lue
    assert 'href="/dispositifs/asv/comparer/?de=1&amp;a=2"' in page
    assert 'href="/dispositifs/asv/versions/2/"' in page


def test_la_version_en_ligne_le_dit(client, asv):
    page = d_une_ligne(client.get("/dispositifs/asv/versions/2/").text)
    assert "Version 2, en ligne" in page
    assert 'href="/dispositifs/asv/versions/1/"' in page


def test_une_version_n_est_pas_indexee_et_renvoie_a_sa_fiche(client, asv):
    page = client.get("/dispositifs/asv/versions/1/").text
    assert '<meta name="robots" content="noindex">' in page
    assert '<link rel="canonical" href="http://testserver/dispositifs/asv/">' in page


def test_une_version_ne_propose_pas_de_modifier_un_texte_passe(client, asv):
    page = client.get("/dispositifs/asv/versions/1/").text
    assert "proposer/" not in page and "signaler/" not in page


@pytest.mark.parametrize("creer", [fiche_dispositif, fiche_locale, fiche_action])
def test_une_version_se_lit_comme_sa_fiche(client, creer):
    """Same figures, sections and sources, word for word."""
    chiffre = {"libelle": "Médecins", "valeur": 12, "unite": "personnes", "annee": 2022, "precision_annee": "exacte"}
    fiche = creer(slug="essai", themes=["nutrition"], chiffres=[{**chiffre, "source": 1}])
    adresse = fiche.get_absolute_url()
    pages = [
        re.sub(r'\s*<details class="trois-points.*?</details>', "", client.get(a).text, flags=re.DOTALL)
        for a in (adresse, f"{adresse}versions/1/")
    ]
    for section in ("chiffres", fiche.sections_remplies[0][0].ancre, "sources"):
        sections = [re.search(rf'<section [^>]*id="{section}".*?</section>', page, re.DOTALL) for page in pages]
        fiche_lue, version_lue = (re.sub(r"\s+", " ", trouvee[0]) for trouvee in sections if trouvee)
        assert fiche_lue == version_lue


def test_une_version_garde_les_articulations_qu_elle_disait(client):
    fiche_dispositif(slug="cv", titre="Contrat de ville")
    fiche = fiche_dispositif(slug="asv", articulations=[{"type": "s_inscrit_dans", "vers": "cv", "source": 1}])
    publier(fiche, articulations=[])
    assert "Contrat de ville" not in client.get("/dispositifs/asv/").text
    assert "S’inscrit dans" in client.get("/dispositifs/asv/versions/1/").text


def test_une_version_locale_garde_son_terme(client):
    fiche = fiche_locale(slug="cls", fin="2020-01-01")
    publier(fiche, fin="2029-01-01")
    page = client.get("/dispositifs-locaux/cls/versions/1/").text.replace("\u00a0", " ")
    assert "1er janvier 2020" in page and "2029" not in page
    assert "État aujourd’hui" not in page


@pytest.mark.parametrize("numero", ["0", "3", "9" * 40])
def test_une_version_qui_n_existe_pas_donne_404(client, asv, numero):
    assert client.get(f"/dispositifs/asv/versions/{numero}/").status_code == 404


def test_un_cache_peut_garder_une_version_en_redemandant(client, asv):
    page = client.get("/dispositifs/asv/versions/1/")
    assert "public" in page["Cache-Control"] and "no-cache" in page["Cache-Control"]
    assert client.get("/dispositifs/asv/versions/1/", HTTP_IF_NONE_MATCH=page["ETag"]).status_code == 304
    publier(asv, titre="Encore")
    assert client.get("/dispositifs/asv/versions/2/", HTTP_IF_NONE_MATCH=page["ETag"]).status_code == 200


# The comparison


def test_la_comparaison_montre_ce_qui_change(client, asv):
    page = d_une_ligne(client.get("/dispositifs/asv/comparer/?de=1&a=2").text)
    assert "1 changement dans 1 section" in texte(page)
    assert '<ins><span class="lecteur">ajouté&nbsp;: </span>de la </ins>' in page
    assert 'id="c1"' in page


def test_la_comparaison_se_lit_cote_a_cote(client, asv):
    page = client.get("/dispositifs/asv/comparer/?de=1&a=2&vue=cote-a-cote").text
    avant, apres = re.findall(r'<p class="cote-nom">(.*?)</div>', page, re.DOTALL)
    assert "Version 1" in avant and "<ins>" not in avant
    assert "Version 2" in apres and "<ins>" in apres


def test_on_peut_comparer_a_rebours(client, asv):
    page = d_une_ligne(client.get("/dispositifs/asv/comparer/?de=2&a=1").text)
    assert '<del><span class="lecteur">supprimé&nbsp;: </span>de la </del >' in page


def test_comparer_une_version_a_elle_meme_le_dit(client, asv):
    page = client.get("/dispositifs/asv/comparer/?de=2&a=2")
    assert page.status_code == 200
    assert "C’est deux fois la version 2" in page.text


@pytest.mark.parametrize(
    "demande, statut",
    [
        ("", 400),
        ("?de=1", 400),
        ("?de=1&a=deux", 400),
        ("?de=-1&a=2", 400),
        ("?de=1&a=" + "9" * 40, 400),
        ("?de=1&a=%00", 400),
        ("?de=1&a=3", 404),
        ("?de=8&a=9", 404),
    ],
)
def test_des_versions_mal_designees_le_disent_clairement(client, asv, demande, statut):
    page = client.get(f"/dispositifs/asv/comparer/{demande}")
    assert page.status_code == statut
    assert "de 1 à 2" in page.text
    assert "erreur-champ" in page.text


# Citing


def test_la_fiche_mene_a_son_historique_et_se_cite(client, asv):
    page = client.get("/dispositifs/asv/").text
    assert 'href="/dispositifs/asv/historique/"' in page
    assert 'href="#citer"' in page
    assert "http://testserver/dispositifs/asv/versions/2/" in page
    assert "@misc{asv-v2," in page
    assert "title = &quot;{Atelier santé de la ville (ASV)}&quot;" in page


def test_une_version_se_cite_par_son_adresse(client, asv):
    page = client.get("/dispositifs/asv/versions/1/").text
    assert "@misc{asv-v1," in page and "@misc{asv-v2," not in page
    assert "url = &quot;http://testserver/dispositifs/asv/versions/1/&quot;" in page


@pytest.mark.parametrize(
    "titre, ecrit",
    [
        ("Été & cœur", r"Été \& cœur"),
        ("50 % de #1_a", r"50 \% de \#1\_a"),
        ("a}b{c\\d", r"a\textbraceright{}b\textbraceleft{}c\textbackslash{}d"),
        ("l’eau\nvive", "l’eau vive"),
    ],
)
def test_bibtex_lit_tous_les_titres(titre, ecrit):
    assert en_bibtex(titre) == ecrit
    citation = Citation(slug="x", titre=titre, numero=1, jour=date(2026, 1, 1), adresse="https://a.fr")
    assert citation.bibtex.count("{") == citation.bibtex.count("}")
