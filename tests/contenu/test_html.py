"""Every kind of page is valid HTML, with one h1, unique ids, and nothing from elsewhere."""

import re
from collections import Counter
from functools import cache

import html5lib
import pytest
from django.test import Client

from tests.acces import fautes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contenu")]

PAGES = [
    "/",
    "/fiches/",
    "/fiches/?q=sant%C3%A9+mentale&territoire=Rouen&nature=action",
    "/fiches/?q=introuvablissime",
    "/dispositifs/",
    "/dispositifs/asv/",
    "/dispositifs/sism/",
    "/dispositifs/empp/",
    "/dispositifs-locaux/cls-chateau-thierry/",
    "/dispositifs-locaux/contrat-de-ville-mel/",
    "/actions/amiens-matinales/",
    "/actions/centre-autogere-toulouse/",
    "/territoires/",
    "/territoires/chercher/?q=rouen",
    "/territoires/region/28/",
    "/territoires/departement/76/",
    "/territoires/epci/200023414/",
    "/territoires/commune/76484/",
    "/territoires/qpv/QN07620M/",
    "/carte/",
    "/carte/?departement=76",
    "/dispositifs/echeancier/",
    "/dispositifs/comparer/",
    "/dispositifs-locaux/comparer/?dispositif=cls&territoire=59",
    "/dispositifs-locaux/comparer/?l=cls-hem&l=cls-roubaix&differences=1",
    "/dispositifs/comparer/?d=asv&d=cls&differences=1",
    "/dispositifs/choisir/",
    "/dispositifs/choisir/?territoire=commune:76540&besoin=sante-mentale&qpv=non&existant=groupe",
    "/dispositifs/choisir/?qpv=bleu&territoire=zzzzqq",
    "/dispositifs/?d=asv&d=cls",
    "/actions/?dans=transfert&q=temps",
    "/territoires/commune/76540/semblables/",
    "/territoires/departement/76/couverture/?niveau=commune",
    "/territoires/epci/200023414/couverture/",
    "/dossier/",
    "/dossier/?f=dispositifs/asv&f=dispositifs-locaux/cls-chateau-thierry&f=actions/amiens-matinales&f=zut&q=cls",
    "/dossier/?f=actions/amiens-matinales",
    "/territoires/commune/76231/note/",
    "/sigles/",
    "/organismes/",
    "/statistiques/",
    "/contribuer/",
    "/contribuer/a-faire/",
    "/contribuer/gabarits/",
    "/contribuer/nouvelle-fiche/",
    "/contribuer/nouvelle-fiche/local/",
    "/contribuer/nouvelle-fiche/local/?titre=CLS+de+Creil&territoire=Creil",
    "/contribuer/nouvelle-fiche/action/?titre=Un+bus&verifiee=1",
    "/dispositifs/asv/proposer/?section=cout",
    "/dispositifs-locaux/cls-chateau-thierry/proposer/",
    "/actions/amiens-matinales/proposer/",
    "/dispositifs/asv/corriger/",
    "/dispositifs/asv/corriger/?section=cout",
    "/dispositifs-locaux/cls-chateau-thierry/corriger/?fait=etat",
    "/territoires/commune/76540/dire/",
    "/dispositifs/asv/signaler/",
    "/dispositifs/asv/historique/",
    "/dispositifs/asv/versions/1/",
    "/dispositifs-locaux/cls-chateau-thierry/versions/1/",
    "/actions/amiens-matinales/versions/1/",
    "/dispositifs/asv/comparer/?de=1&a=1",
    "/aide/",
    "/a-propos/",
    "/mentions-legales/",
    "/accessibilite/",
    "/confidentialite/",
    "/charte/",
    "/nulle-part/",
]


@cache
def lire(adresse: str) -> str:
    return Client().get(adresse).text


@pytest.mark.parametrize("adresse", PAGES)
def test_la_page_est_accessible(adresse):
    assert fautes(lire(adresse)) == []


@pytest.mark.parametrize("adresse", PAGES)
def test_la_page_est_du_html_valide(adresse):
    html = lire(adresse)
    html5lib.HTMLParser(strict=True).parse(html)
    assert html.count("<h1") == 1
    repetes = [nom for nom, n in Counter(re.findall(r'\sid="([^"]+)"', html)).items() if n > 1]
    assert not repetes
    ancres = set(re.findall(r'href="#([^"]+)"', html))
    assert ancres <= set(re.findall(r'\sid="([^"]+)"', html))
    charges = re.findall(r'<(?:link(?! rel="canonical")|script|img|iframe|use)[^>]+(?:href|src)="([^"]+)"', html)
    assert all(adresse.startswith("/") for adresse in charges)
    assert not re.search(r"<script>|<style|\sstyle=|\son\w+=", html)
    assert "{{" not in html and "{%" not in html
