"""The WSGI door: whatever is sent, whatever breaks, an answer of ours leaves, with its headers and its line of log."""

import json
import logging
from io import BytesIO
from typing import Any, NamedTuple

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory

from config import porte
from config.journaux import LigneJson
from config.porte import Porte
from tests.securite.test_entetes_partout import ENTETES

CODECS = (
    "base64 punycode idna hex rot13 zlib bz2 undefined unicode_escape raw_unicode_escape uu quopri mbcs utf-7 utf-16"
    " utf-32 utf-16-le latin-1 cp037 inconnu 💥 "
).split(" ")


class Reponse(NamedTuple):
    code: int
    entetes: dict[str, str]
    texte: str


def demander(application: Any, adresse: str = "/aide/", **champs: Any) -> Reponse:
    """Ask as a server does, below Django's test client, which reads the request before anything of ours."""
    environ = RequestFactory().get(adresse).environ | champs
    recu: list[Any] = []
    corps = application(environ, lambda etat, entetes: recu.extend((int(etat.split()[0]), dict(entetes))))
    return Reponse(*recu, b"".join(corps).decode())


@pytest.fixture
def site(db) -> Porte:
    return Porte(WSGIHandler())


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("methode", ["GET", "POST"])
@pytest.mark.parametrize("adresse", ["/aide/", "/nulle/part/?q=a"])
def test_un_autre_codage_que_l_utf_8_est_refuse_en_francais(site, codec, methode, adresse):
    champs = {"REQUEST_METHOD": methode, "CONTENT_TYPE": f"x/y; charset={codec}", "wsgi.input": BytesIO(b"a=b")}
    reponse = demander(site, adresse, CONTENT_LENGTH="3", **champs)
    assert reponse.code == 400 and "UTF-8" in reponse.texte and '<html lang="fr">' in reponse.texte
    assert ENTETES.items() <= reponse.entetes.items() and "Content-Security-Policy" in reponse.entetes
    assert reponse.entetes["X-Request-Id"]


@pytest.mark.parametrize(
    "entete", ["", "text/html", "x/y; charset=utf-8", 'x/y; charset="UTF8"', "x/y; charset=us-ascii"]
)
def test_l_utf_8_passe(site, entete):
    assert demander(site, CONTENT_TYPE=entete).code == 200


@pytest.mark.parametrize(
    "entete", ["x/y; a*=base64''%41", "x/y; charset*=zlib''x", "x/y; a*=undefined''%FF", ";", "x;=;"]
)
def test_un_type_de_contenu_bizarre_n_arrete_pas_le_site(site, entete):
    assert demander(site, CONTENT_TYPE=entete).code in (200, 400)


FORMULAIRES = {
    "sans frontière": ("multipart/form-data", b"a=b"),
    "frontière vide": ("multipart/form-data; boundary=", b"--\r\n"),
    "coupé": ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb'),
    "base64 faux": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\n!\r\n--x--',
    ),
    "nom dans un codec": (
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Disposition: form-data; name=a; filename*=base64''%41\r\n\r\nb\r\n--x--\r\n",
    ),
    "utf-16": ("application/x-www-form-urlencoded; charset=utf-16", "a=é".encode("utf-16")),
    "utf-16 en morceaux": ("multipart/form-data; boundary=x; charset=utf-16", b"--x--"),
    "octets": ("application/x-www-form-urlencoded", bytes(range(256))),
}


@pytest.mark.parametrize("type_, corps", FORMULAIRES.values(), ids=FORMULAIRES)
@pytest.mark.parametrize("adresse", ["/comptes/connexion/", "/nulle/part/", "/aide/", "/csp-rapports/", "/admin/"])
def test_un_formulaire_abime_n_est_jamais_une_panne(db, adresse, type_, corps):
    reponse = Client().generic("POST", adresse, corps, content_type=type_)
    assert 300 <= reponse.status_code < 500
    assert ENTETES.items() <= dict(reponse.headers).items()


def test_un_envoi_coupe_en_route_est_refuse(site):
    class Coupe(BytesIO):
        def read(self, *_: int) -> bytes:
            raise OSError("Apache/mod_wsgi request data read error")

    champs = {"CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": "9", "wsgi.input": Coupe()}
    for adresse in ("/comptes/connexion/", "/nulle/part/"):
        assert demander(site, adresse, REQUEST_METHOD="POST", **champs).code == 400


def lever(*_: Any) -> None:
    raise RuntimeError("hors de tout")


@pytest.fixture
def journal(caplog, monkeypatch) -> list[dict[str, Any]]:
    """The lines of log, as production writes them."""
    lignes: list[dict[str, Any]] = []
    caplog.set_level(logging.INFO, "acces")
    monkeypatch.setattr(caplog.handler, "emit", lambda ligne: lignes.append(json.loads(LigneJson().format(ligne))))
    return lignes


def test_une_panne_hors_de_django_a_notre_page_nos_entetes_et_sa_ligne(journal):
    reponse = demander(Porte(lever), REQUEST_METHOD="POST")
    assert reponse.code == 500 and "Une panne, de notre côté" in reponse.texte and "hors de tout" not in reponse.texte
    assert ENTETES.items() <= reponse.entetes.items() and "Content-Security-Policy" in reponse.entetes
    trace, acces = journal
    assert "RuntimeError" in trace["trace"]
    assert trace["requete"] == acces["requete"] == reponse.entetes["X-Request-Id"]
    assert (acces["methode"], acces["chemin"], acces["code"]) == ("POST", "/aide/", 500)


def test_meme_la_page_de_panne_peut_tomber(monkeypatch):
    monkeypatch.setattr(porte, "panne", lever)
    reponse = demander(Porte(lever))
    assert reponse.code == 500 and reponse.texte == "Une panne, de notre côté.\n"
    assert ENTETES.items() <= reponse.entetes.items()


def test_l_entree_des_serveurs_est_la_porte():
    from config.wsgi import application  # noqa: PLC0415  # it would set Django up

    assert isinstance(application, Porte)
