from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiches.rendu import en_html, sigles_a_expliquer
from fiches.sources import appels

XSS = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "[clic](javascript:alert(1))",
    "[clic](JaVaScRiPt:alert(1))",
    "[clic](data:text/html;base64,PHNjcmlwdD4=)",
    "[clic](vbscript:msgbox)",
    "<svg onload=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "![x](javascript:alert(1))",
    "<iframe src=//exemple.fr></iframe>",
    '[x](http://exemple.fr "onmouseover=alert(1)")',
    "<style>body{display:none}</style>",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n[x]",
    "&#106;avascript:alert(1)",
    "| <script>alert(1)</script> | [x](javascript:alert(1)) |\n|:--|--:|\n| <img src=x onerror=alert(1)> | b |",
    '" onfocus=alert(1) x="\ta\nb\tc',
    'javascript:alert(1)\thttps://x.fr/"onmouseover=alert(1)\na\tb',
    "https://x.fr/<script>alert(1)</script>",
]


PERMISES = {"p", "ul", "ol", "li", "strong", "em", "a", "blockquote", "h3", "h4", "sup", "abbr", "br", "hr", "code"}
PERMISES |= {"div", "table", "thead", "tbody", "tr", "th", "td"}


class Lecteur(HTMLParser):
    """Reads what a browser would see: the elements and their attributes."""

    def __init__(self, html: str):
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))


def verifier_sur(html: str) -> None:
    for balise, attributs in Lecteur(html).elements:
        assert balise in PERMISES
        assert set(attributs) <= {"href", "rel", "aria-label", "title", "class", "scope", "role", "tabindex"}
        adresse = (attributs.get("href") or "").strip().lower()
        assert ":" not in adresse or adresse.startswith(("http:", "https:", "mailto:", "#", "/"))


@pytest.mark.parametrize("texte", XSS)
def test_aucun_texte_ne_devient_du_code(texte):
    verifier_sur(en_html(texte))


@given(st.text(max_size=200) | st.text(alphabet="|-:\t\n•–<>\"'a https://x.fr", max_size=200))
def test_le_rendu_ne_contient_que_les_balises_permises(texte):
    verifier_sur(en_html(texte))


def test_un_appel_de_source_mene_a_la_source():
    assert '<a href="#source-2" aria-label="Source 2">2</a>' in en_html("Un fait.[^rdv22]", numeros={"rdv22": 2})
    assert appels("a[^1] b[^rdv22][^1]") == {"1", "rdv22"}


def test_les_titres_commencent_sous_celui_de_la_section():
    assert en_html("# Grand") == "<h3>Grand</h3>"


def test_un_lien_exterieur_ne_transmet_ni_confiance_ni_controle():
    assert 'rel="nofollow ugc noopener"' in en_html("[x](https://exemple.fr)")
    assert "rel=" not in en_html("[x](/dispositifs/asv/)")


def test_un_sigle_n_est_explique_qu_une_fois_et_jamais_dans_un_mot():
    sigles = {"ARS": "Agence régionale de santé"}
    assert en_html("L’ARS et l’ARS, les MARS.", sigles).count("<abbr") == 1


def test_un_sigle_dont_le_sens_a_des_guillemets_reste_un_attribut():
    html = en_html("Le XYZ.", sigles_a_expliquer([("XYZ", 'Le "grand" <b>')]))
    assert "<b>" not in html and html.count("<abbr") == 1


@pytest.mark.parametrize("adresse", ["//ailleurs.fr", "/\\ailleurs.fr", "//ailleurs.fr/x"])
def test_une_adresse_qui_cache_qu_elle_mene_ailleurs_n_est_pas_un_lien(adresse):
    assert "<a" not in en_html(f"[voir]({adresse})")
