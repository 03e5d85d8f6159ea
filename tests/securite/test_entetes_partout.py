"""Whatever is answered, page, file, refusal or failure, carries the headers that protect who reads it."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings as reglages
from django.test import Client

from config import base_embarquee
from config.limites import ADRESSE_MAX
from tests import factories
from tests.maison.test_environnement import PRODUCTION

pytestmark = pytest.mark.django_db
ENTETES = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
REPONSES = {
    "une page lue": ("/", 200),
    "un catalogue": ("/fiches/?q=sommeil", 200),
    "une fiche": ("/dispositifs/essai/", 200),
    "un tableau": ("/territoires/epci/200000001/couverture/?format=csv", 200),
    "des données": ("/territoires/chercher/?q=rouen&format=json", 200),
    "une page de compte": ("/comptes/connexion/", 200),
    "une page réservée": ("/comptes/", 302),
    "un fichier statique": ("/static/style.css", 200),
    "un dessin": ("/static/logo.svg", 200),
    "une sonde": ("/sante", 200),
    "une redirection": ("/fiches", 301),
    "une page absente": ("/nulle/part/", 404),
    "une adresse trop longue": ("/" + "a" * ADRESSE_MAX, 414),
    "une méthode refusée": ("/csp-rapports/", 405),
}


@pytest.fixture
def monde(settings):
    settings.WHITENOISE_USE_FINDERS = True  # nothing is gathered for the tests
    factories.fiche_dispositif(slug="essai")
    factories.territoire("epci", "200000001")


@pytest.mark.parametrize("adresse, code", REPONSES.values(), ids=REPONSES)
def test_toute_reponse_porte_les_entetes_de_protection(monde, adresse, code):
    reponse = Client().get(adresse)
    b"".join(reponse)  # a file is served open, and closed at its end
    assert reponse.status_code == code
    assert ENTETES.items() <= dict(reponse.headers).items()
    politique = reponse["Content-Security-Policy"]
    assert "default-src 'none'" in politique and "unsafe" not in politique
    assert "report-uri /csp-rapports/" in politique and "report-to csp" in politique
    assert reponse["Reporting-Endpoints"] == 'csp="/csp-rapports/"'
    for capteur in ("camera", "geolocation", "microphone"):
        assert f"{capteur}=()" in reponse["Permissions-Policy"]
    assert len(reponse["X-Request-Id"]) >= 16
    assert "Server" not in reponse and "X-Powered-By" not in reponse


def test_une_panne_aussi(monkeypatch):
    monkeypatch.setattr("recherche.views.render", lambda *_, **__: 1 / 0)
    reponse = Client(raise_request_exception=False).get("/")
    assert reponse.status_code == 500
    assert ENTETES.items() <= dict(reponse.headers).items()
    assert "ZeroDivisionError" not in reponse.text


PROGRAMME = """
import json, sys, django
from django.conf import settings
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
django.setup()
from django.test import Client
reponses = {}
for nom, (adresse, champs) in json.loads(sys.argv[1]).items():
    reponse = Client(raise_request_exception=False).get(adresse, **champs)
    cookies = {c.key: {k: c[k] for k in ("path", "domain", "secure", "httponly", "samesite")}
               for c in reponse.cookies.values()}
    reponses[nom] = {"code": reponse.status_code, "entetes": dict(reponse.headers), "cookies": cookies}
print(json.dumps(reponses))
"""


@pytest.fixture(scope="module")
def en_production() -> dict:
    """What the settings of production answer, in a process of their own."""
    tls = {"secure": True, "headers": {"host": "sante.exemple.fr"}}
    demandes = {
        "connexion": ("/comptes/connexion/", tls),
        "aide": ("/aide/", tls),
        "en clair": ("/aide/", {"headers": {"host": "sante.exemple.fr"}}),
        "sonde": ("/sante", {"headers": {"host": "sante.exemple.fr"}}),
        "sonde prête": ("/sante/pret", {"headers": {"host": "sante.exemple.fr"}}),
        "proxy": ("/aide/", {"headers": {"host": "sante.exemple.fr", "x-forwarded-proto": "https"}}),
        "autre hôte en clair": ("/aide/", {"headers": {"host": "mechant.exemple"}}),
        "autre hôte": ("/aide/", {"secure": True, "headers": {"host": "mechant.exemple"}}),
    }
    neutres = {nom: valeur for nom, valeur in os.environ.items() if nom not in PRODUCTION}
    # The base of tests is not that of this process: nothing asked here needs one.
    base = {"DATABASE_URL": base_embarquee.url().replace("/sante?", "/postgres?")}
    resultat = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAMME, json.dumps(demandes)],
        cwd=reglages.BASE_DIR,
        env={**neutres, **PRODUCTION, **base, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert resultat.returncode == 0, resultat.stderr
    return json.loads(resultat.stdout)


def test_en_production_le_site_n_existe_qu_en_https(en_production):
    assert en_production["en clair"]["code"] == 301
    assert en_production["en clair"]["entetes"]["Location"] == "https://sante.exemple.fr/aide/"
    assert en_production["aide"]["entetes"]["Strict-Transport-Security"] == "max-age=31536000"
    assert en_production["proxy"]["entetes"]["Strict-Transport-Security"] == "max-age=31536000"


def test_en_production_les_sondes_repondent_sans_https(en_production):
    assert en_production["sonde"]["code"] == 200
    assert en_production["sonde prête"]["code"] == 503  # that base has no table


def test_en_production_les_cookies_ne_sortent_pas_du_site(en_production):
    cookies = en_production["connexion"]["cookies"]
    assert "__Host-csrf" in cookies
    for nom, cookie in cookies.items():
        assert nom.startswith("__Host-"), nom
        assert (cookie["path"], cookie["domain"], cookie["secure"], cookie["httponly"]) == ("/", "", True, True)
        assert cookie["samesite"] in ("Lax", "Strict")
    assert en_production["aide"]["cookies"] == {}


def test_en_production_un_autre_nom_de_site_est_refuse(en_production):
    assert en_production["autre hôte"]["code"] == 400
    assert en_production["autre hôte"]["entetes"]["X-Content-Type-Options"] == "nosniff"


def test_en_production_un_autre_nom_en_clair_mene_au_site_avec_ses_entetes(en_production):
    assert en_production["autre hôte en clair"]["entetes"]["Location"] == "https://sante.exemple.fr/aide/"
    assert ENTETES.items() <= en_production["autre hôte en clair"]["entetes"].items()
