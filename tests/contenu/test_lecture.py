"""The server as it is in production, on the real content: every reading page is given again, and never wrongly."""

import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from config.settings import base
from dispositifs.models import Absence
from fiches.models import Edition, Fiche
from recherche.plan_du_site import PAGES
from territoires.models import Inclusion, Territoire
from tests.contenu.lecture import page
from tests.contenu.test_html import PAGES as PAGES_ET_FAUTES
from tests.essais import eventail

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contenu")]


@pytest.fixture
def client(settings) -> Client:
    settings.MIDDLEWARE = base.MIDDLEWARE
    return Client()


# Each display of a form has a seal of its own: forms are not pages to keep.
VERBES = ("/proposer/", "/corriger/", "/dire/", "/signaler/", "/nouvelle-fiche/")
FORMULAIRES = [a for a in PAGES_ET_FAUTES if any(verbe in a for verbe in VERBES)]
STABLES = [adresse for adresse in PAGES_ET_FAUTES if adresse not in FORMULAIRES]


# They answer what was typed, or ticked, or nothing: not worth keeping.
SANS_ETIQUETTE = {
    "/dossier/?f=dispositifs/asv&f=dispositifs-locaux/cls-chateau-thierry&f=actions/amiens-matinales&f=zut&q=cls",
    "/territoires/commune/76231/note/",
    "/contribuer/",
    "/dispositifs/choisir/?qpv=bleu&territoire=zzzzqq",
    "/nulle-part/",
    "/territoires/chercher/?q=rouen",
}


@pytest.mark.parametrize("adresse", [*STABLES, "/fiches/flux.atom", "/fiches/?format=csv", "/sitemap.xml"])
def test_une_page_rendue_deux_fois_est_la_meme(client, adresse):
    premiere, seconde = client.get(adresse), client.get(adresse)
    assert seconde.content == premiere.content and seconde.status_code == premiere.status_code
    propres = {"Server-Timing", "X-Request-Id"}
    entetes = [{n: v for n, v in r.headers.items() if n not in propres} for r in (premiere, seconde)]
    assert entetes[0] == entetes[1]
    assert not premiere.cookies and "Cookie" not in premiere.get("Vary", "")
    assert ("ETag" in premiere.headers) == (adresse not in SANS_ETIQUETTE)
    if "ETag" in premiere.headers:
        Edition.avancer()
        assert client.get(adresse)["ETag"] != premiere["ETag"]


def test_le_plan_a_chaque_fiche_chaque_page_et_les_territoires_dont_on_dit_quelque_chose(client):
    index = re.findall(r"<loc>http://testserver(.*?)</loc>", client.get("/sitemap.xml").text)
    adresses = [a for plan in index for a in re.findall(r"<loc>http://testserver(.*?)</loc>", client.get(plan).text)]
    fiches = {fiche.get_absolute_url() for fiche in Fiche.objects.visibles_pour()}
    attendues = fiches | {reverse(page) for page in PAGES} | _territoires_dits()
    assert len(adresses) == len(set(adresses)) and set(adresses) == attendues


def _territoires_dits() -> set[str]:
    """Return those that a fiche is about, that hold one or lie in one (if it is no wide one), or lack a scheme."""
    lieux = {lieu.pk: lieu for lieu in Territoire.objects.actifs()}
    sujets = set(Fiche.objects.visibles_pour().exclude(territoires=None).values_list("territoires", flat=True))
    dits = sujets | set(Absence.objects.values_list("territoire", flat=True))
    for contenant, contenu in Inclusion.objects.values_list("contenant", "contenu"):
        if contenu in sujets:
            dits.add(contenant)
        if contenant in sujets and contenant in lieux and lieux[contenant].nature not in ("region", "departement"):
            dits.add(contenu)
    return {lieux[pk].get_absolute_url() for pk in dits if pk in lieux}


def test_les_donnees_liees_de_chaque_fiche_se_lisent():
    for fiche in eventail(Fiche.objects.visibles_pour()):
        (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page(fiche.get_absolute_url()))
        article = json.loads(script)["@graph"][0]
        assert article["headline"] == fiche.titre and article["version"] == fiche.numero
        codes = [lieu["identifier"]["value"] for lieu in article.get("spatialCoverage", [])]
        assert codes == [territoire["code"] for territoire in fiche.rendu["territoires"]]
