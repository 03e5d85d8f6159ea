"""The pages shown when nothing else can be: valid, in French, and depending on nothing that may be broken."""

import re

import html5lib
import pytest
from django.conf import settings
from django.template.loader import render_to_string

NGINX = sorted((settings.BASE_DIR / "deploiement" / "nginx").glob("*.html"))


@pytest.mark.parametrize("fichier", NGINX, ids=lambda fichier: fichier.name)
def test_les_pages_de_nginx_ne_demandent_rien_a_personne(fichier):
    html = fichier.read_text(encoding="utf-8")
    html5lib.HTMLParser(strict=True).parse(html)
    assert '<html lang="fr">' in html and html.count("<h1>") == 1
    assert not re.search(r"src=|<link|<script|url\(|@import", html)


def test_nginx_connait_ses_pages():
    assert [fichier.stem for fichier in NGINX] == ["maintenance", "refus"]
    configuration = (settings.BASE_DIR / "deploiement" / "nginx" / "pages.conf").read_text(encoding="utf-8")
    for fichier in NGINX:
        assert f"/{fichier.name};" in configuration


def test_la_page_d_erreur_se_passe_de_la_demande_et_de_la_base():
    """Without the `db` fixture nor a request; every variable it needs is given (an absent one raises in tests)."""
    html = render_to_string("erreur.html", {"code": 503, "titre": "Titre", "conseil": "Conseil <b>."})
    html5lib.HTMLParser(strict=True).parse(html)
    assert "Conseil &lt;b&gt;." in html
    assert "<form" not in html
