"""What a browser says it does not read is not sent to it."""

import pytest
from django.conf import settings as reglages
from django.test import Client

from config.encodages import acceptes

ENTETES = {
    "": [],
    "gzip": ["gzip"],
    "br, gzip": ["br", "gzip"],
    "gzip, deflate, br;q=0.5": ["br", "gzip"],
    "X-GZip": ["gzip"],
    "gzip;q=0": [],
    "gzip; q=0.000": [],
    "GZIP ; Q=0": [],
    "br;q=1, gzip;q=0": ["br"],
    "*": ["br", "gzip"],
    "*;q=0": [],
    "gzip;q=0, *": ["br"],
    "identity;q=0, *": ["br", "gzip"],
    "gzip, *;q=0": ["gzip"],
    "identity": [],
    "gzip;q=beaucoup": [],
    "gzip;q=nan": [],
    "gzip;q=-1": [],
    "gzipped, brotli": [],
    ",;,=;q": [],
}


@pytest.mark.parametrize("entete, attendus", ENTETES.items())
def test_ce_qu_un_navigateur_accepte(entete, attendus):
    assert acceptes(entete) == attendus


@pytest.mark.django_db
@pytest.mark.parametrize("adresse", ["/aide/", "/comptes/connexion/", "/static/style.css"])
def test_gzip_refuse_n_est_pas_envoye(settings, adresse):
    settings.WHITENOISE_USE_FINDERS = True
    for entete in ("gzip;q=0", "gzip;q=0, identity", "*;q=0"):
        reponse = Client().get(adresse, headers={"Accept-Encoding": entete})
        b"".join(reponse)
        assert reponse.status_code == 200 and "Content-Encoding" not in reponse.headers


def test_les_noms_sont_tries_avant_que_quelqu_un_compresse():
    couches = reglages.MIDDLEWARE
    avant = couches.index("config.encodages.EncodagesMiddleware")
    assert all(avant < couches.index(c) for c in couches if "gzip" in c or "whitenoise" in c or "lecture" in c)
