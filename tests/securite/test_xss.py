"""No published text ever becomes code, wherever the site shows it (tests/navigateur/test_xss.py: in a real browser)."""

import pytest
from django.test import Client

from fiches.forms import LigneSource
from fiches.rendu import en_html, sigles_a_expliquer
from tests import factories
from tests.essais import croiser
from tests.securite import monde_hostile
from tests.securite.vecteurs import DE_FICHE, VECTEURS, elements, verifier


def test_le_verificateur_voit_ce_qu_il_doit_voir():
    """A check that accepts everything would pass every test below."""
    for html in (
        "<script>alert(1)</script>",
        "<p onclick=x>",
        "<a href='javascript:x'>",
        "<a href='java\nscript:x'>",
        "<img src=/a.png>",
        "<form action='//x.exemple'>",
        "<p style='color:red'>",
        "<svg><a xlink:href='data:x'>",
        "<iframe>",
        "<base href='/'>",
    ):
        with pytest.raises((AssertionError, KeyError)):
            verifier(html)


@pytest.mark.parametrize("vecteur", VECTEURS, ids=range(len(VECTEURS)))
def test_un_texte_reste_du_texte(vecteur):
    sigles = sigles_a_expliquer([("ARS", vecteur), ("CLS", 'x" onclick="alert(1)')])
    for texte in (vecteur, f"L’ARS et le CLS.[^1] {vecteur}", f"- {vecteur}\n- ARS", f"> {vecteur}"):
        verifier(en_html(texte, dict(sigles)), DE_FICHE)


@pytest.mark.parametrize("debut", VECTEURS[::7], ids=range(len(VECTEURS[::7])))
def test_deux_textes_ensemble_restent_du_texte(debut):
    """One opens what the other closes."""
    for fin in VECTEURS:
        verifier(en_html(debut + fin), DE_FICHE)


@pytest.mark.parametrize(
    "adresse", ["https://exemple.fr/a?b=c#d", "http://exemple.fr", "mailto:a@exemple.fr", "/aide/"]
)
def test_les_bons_liens_restent(adresse):
    """A sanitizer that kept nothing would be safe, and useless."""
    assert [a["href"] for nom, a in elements(en_html(f"[x]({adresse})")) if nom == "a"] == [adresse]


@pytest.mark.parametrize(
    "adresse",
    [
        "javascript:alert(1)",
        "JAVASCRIPT://exemple.fr/%0aalert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "ftp://exemple.fr/",
        "file:///etc/passwd",
        "//exemple.fr\n.mechant",
        "https://exemple.fr/\njavascript:x",
    ],
)
def test_l_adresse_d_une_source_est_celle_d_une_page(adresse):
    assert "url" in LigneSource({"titre": "x", "url": adresse}).errors


@pytest.mark.django_db
def test_aucune_page_ne_laisse_passer_de_code(settings):
    """Titles, summaries, sections, sources, figures, names of places, of organisations, of sigles… all are hostile."""
    adresses = monde_hostile.construire()
    client = Client()
    textes = []
    for adresse in adresses:
        reponse = client.get(adresse)
        assert reponse.status_code in (200, 404), adresse
        verifier(reponse.text)
        textes.append(reponse.text)
    tout = "".join(textes)
    montres = [v for v in VECTEURS if "<script>alert(1)</script>" in v]
    assert montres and "&lt;script&gt;alert(1)&lt;/script&gt;" in tout  # they were shown, as words


@pytest.mark.django_db
def test_aucune_saisie_ne_revient_en_code():
    factories.fiche_dispositif(slug="essai")
    client = Client()
    parametres = ["q", "territoire", "theme", "nature", "tri", "page", "d", "section", "niveau", "next"]
    pages = ["/fiches/", "/territoires/chercher/", "/carte/", "/dispositifs/comparer/", "/dispositifs/essai/proposer/"]
    pages += ["/dispositifs/echeancier/", "/comptes/connexion/", "/contribuer/"]
    for page, vecteur in croiser(pages, VECTEURS[::4]):
        verifier(client.get(page, dict.fromkeys(parametres, vecteur)).text)


@pytest.mark.django_db
def test_les_suggestions_pour_les_machines_ne_sont_pas_du_html():
    """JSON read as a page would run what it quotes."""
    reponse = Client().get("/territoires/chercher/", {"q": "<script>alert(1)</script>", "format": "json"})
    assert reponse["Content-Type"] == "application/json"
    assert reponse["X-Content-Type-Options"] == "nosniff"
