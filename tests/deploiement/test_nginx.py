"""The shipped nginx configuration, run by the nginx of this machine: whom it counts together, how it refuses."""

import re
import resource
import shutil
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import RemoteDisconnected

import html5lib
import pytest

from tests.deploiement.serveur_nginx import CHEMIN, NOM, TLS, Nginx

pytestmark = pytest.mark.skipif(not (CHEMIN and shutil.which("openssl")), reason="nginx et openssl")


@pytest.fixture(scope="module")
def nginx(tmp_path_factory) -> Iterator[Nginx]:
    """Its counters last as long as the module: each test has addresses of its own."""
    with Nginx(tmp_path_factory.mktemp("nginx")) as serveur:
        yield serveur


def ecrire(nginx: Nginx, adresses: list[str]) -> Counter[int]:
    """Return how many answers of each code a POST from each of these addresses received."""
    return Counter(nginx.demander("POST /", corps=b"a=b", de=adresse).status for adresse in adresses)


@pytest.mark.parametrize(
    "adresses",
    [
        ["192.0.2.10"] * 30,
        [f"2001:db8:0:1::{n:x}" for n in range(30)],
        [f"2001:db8:0:2:{n:x}:{n:x}:0:a0a" for n in range(1, 31)],
        ["::ffff:192.0.2.20"] * 15 + ["192.0.2.20"] * 15,
    ],
    ids=["une adresse IPv4", "un /64", "un autre /64", "la même, écrite en IPv4 et en IPv6"],
)
def test_un_lieu_compte_pour_un(nginx, adresses):
    codes = ecrire(nginx, adresses)
    assert set(codes) == {200, 429}
    assert codes[200] >= 21  # the burst and the first one; more if the machine is slow


@pytest.mark.parametrize(
    "adresses",
    [
        [f"198.51.{n}.10" for n in range(30)],
        [f"2001:db9:{n:x}::1" for n in range(30)],
        [f"::ffff:203.{n}.0.7" for n in range(30)],
    ],
    ids=["des /24", "des /48", "des IPv4 écrites en IPv6"],
)
def test_des_reseaux_differents_ne_se_genent_pas(nginx, adresses):
    assert ecrire(nginx, adresses) == {200: 30}


@pytest.mark.parametrize(
    "adresses",
    [
        [f"192.88.1.{n}" for n in range(120)],
        [f"::ffff:192.88.2.{n}" for n in range(120)],
        [f"2001:dba:0:{n:x}::1" for n in range(120)],
    ],
    ids=["un /24", "un /24 écrit en IPv6", "un /48"],
)
def test_un_reseau_de_lieux_nombreux_est_compte_aussi(nginx, adresses):
    codes = ecrire(nginx, adresses)
    assert set(codes) == {200, 429}
    assert codes[200] >= 81


@contextmanager
def demandes_en_cours(nginx: Nginx, adresses: list[str]) -> Iterator[None]:
    """Hold a request from each of these addresses, whose body never comes."""
    with ExitStack() as tenues:
        for adresse in adresses:
            prise = socket.create_connection(("127.0.0.1", nginx.https), 20)
            liaison = tenues.enter_context(TLS.wrap_socket(prise, server_hostname=NOM))
            entetes = f"Host: {NOM}\r\nX-Essai-Adresse: {adresse}\r\nContent-Length: 5\r\nExpect: 100-continue"
            liaison.sendall(f"GET / HTTP/1.1\r\n{entetes}\r\n\r\n".encode())
            assert b" 100 " in liaison.recv(100)  # the header is read: it counts
        yield


def test_un_lieu_ne_tient_que_quarante_demandes_a_la_fois(nginx):
    with demandes_en_cours(nginx, [f"2001:dbb::{n:x}" for n in range(40)]):
        assert nginx.demander("GET /", de="2001:dbb::ffff").status == 429
        assert nginx.demander("GET /", de="2001:dbb:0:1::1").status == 200


def test_un_reseau_ne_tient_que_quatre_fois_plus(nginx):
    with demandes_en_cours(nginx, [f"198.18.7.{n}" for n in range(160)]):
        assert nginx.demander("GET /", de="198.18.7.200").status == 429
        assert nginx.demander("GET /", de="198.18.8.200").status == 200


REFUS = {
    "mal formée": (400, lambda nginx: nginx.envoyer(b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n")),
    "sans nom, en clair": (
        400,
        lambda nginx: nginx.demander("GET /", "Transfer-Encoding: chunked", "Content-Length: 3"),
    ),
    "réservée": (403, lambda nginx: nginx.demander("GET /sante/pret", de="192.0.2.40")),
    "d’un verbe étrange": (405, lambda nginx: nginx.demander("TRACE /")),
    "trop lourde": (413, lambda nginx: nginx.demander("POST /", "Content-Length: 3000000")),
    "trop longue": (414, lambda nginx: nginx.demander("GET /" + "a" * 9000)),
    "trop d’en-têtes": (400, lambda nginx: nginx.demander("GET /", "A: " + "a" * 9000)),
}


@pytest.mark.parametrize("code, demande", REFUS.values(), ids=REFUS)
def test_ce_que_nginx_refuse_se_dit_en_francais(nginx, code, demande):
    reponse = demande(nginx)
    assert reponse.status == code
    verifier_la_page(reponse, "Cette demande a été refusée")


def verifier_la_page(reponse, titre: str) -> None:
    html5lib.HTMLParser(strict=True).parse(reponse.texte)
    assert titre in reponse.texte and '<html lang="fr">' in reponse.texte
    assert "default-src 'none'" in reponse.headers["Content-Security-Policy"]
    assert reponse.headers["X-Content-Type-Options"] == "nosniff"
    assert reponse.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert reponse.headers["Cache-Control"] == "no-store"
    assert reponse.headers["Server"] == "nginx"  # without its version


def test_en_clair_on_est_envoye_vers_https(nginx):
    reponse = nginx.envoyer(b"GET /a?b=c HTTP/1.1\r\nHost: sante.exemple.fr\r\n\r\n", en_clair=True)
    assert (reponse.status, reponse.headers["Location"]) == (301, "https://sante.exemple.fr/a?b=c")
    assert reponse.headers["Server"] == "nginx"


@pytest.mark.parametrize(
    "octets",
    [
        b"GET / HTTP/1.1\r\nHost: autre.exemple.fr\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: sante.exemple.fr\r\n\r\n",  # refused before the name is read
        b"\x16\x03\x01\x00\r\n\r\n",
    ],
    ids=["un autre nom", "sans nom", "une version étrange", "trop longue", "du bruit"],
)
def test_qui_vient_par_un_autre_nom_ne_recoit_rien(nginx, octets):
    with pytest.raises((RemoteDisconnected, ConnectionError)):
        nginx.envoyer(octets, en_clair=True)


def test_un_fichier_que_l_ancien_code_ignore_est_lu_sur_le_disque(nginx):
    (nginx.dossier / "statiques").mkdir()
    (nginx.dossier / "statiques" / "neuf.css").write_text("a {}")
    reponse = nginx.demander("GET /static/neuf.css")
    assert (reponse.status, reponse.texte) == (200, "a {}")
    assert reponse.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("chemin", ["/static/absent.css", "/static/../sante.conf", "/static/", "/static/.."])
def test_d_un_fichier_absent_django_dit_qu_il_n_existe_pas(nginx, chemin):
    reponse = nginx.demander(f"GET {chemin}")
    assert reponse.texte == "page de Django"


@pytest.mark.parametrize("adresse", ["/", "/static/site.css"])
def test_sans_django_une_page_en_francais_dit_de_revenir(tmp_path, adresse):
    with Nginx(tmp_path) as nginx:
        nginx.perdre_django()
        reponse = nginx.demander(f"GET {adresse}")
    assert (reponse.status, reponse.headers["Retry-After"]) == (503, "30")
    verifier_la_page(reponse, "Le site revient dans un instant")


@pytest.fixture
def beaucoup_de_fichiers() -> Iterator[None]:
    mou, dur = resource.getrlimit(resource.RLIMIT_NOFILE)
    if dur != resource.RLIM_INFINITY and dur < 6000:
        pytest.skip("trop peu de fichiers ouverts permis")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(mou, 6000), dur))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (mou, dur))


def test_cinq_mille_connexions_lentes_n_empechent_pas_de_lire(nginx, beaucoup_de_fichiers):
    """From a hundred addresses; they only begin TLS, so that no limit by address counts them."""
    with ExitStack() as lentes:
        for n in range(5000):
            source = (f"127.0.1.{1 + n % 100}", 0)
            prise = lentes.enter_context(socket.create_connection(("127.0.0.1", nginx.https), 20, source))
            prise.sendall(b"\x16\x03\x01\x02\x00")
        assert [nginx.demander("GET /", de=f"203.0.113.{n}").status for n in range(20)] == [200] * 20


def test_une_connexion_muette_ne_dure_pas(nginx):
    """Until the name is known, the delays are those of the default server: they must be written above all servers."""
    texte = (nginx.dossier / "sante.conf").read_text(encoding="utf-8")
    avant_les_serveurs = texte[: texte.index("\nserver {")]
    for delai in ("client_header_timeout", "client_body_timeout", "send_timeout", "keepalive_timeout"):
        assert int(re.search(rf"^{delai} (\d+)s;", avant_les_serveurs, re.MULTILINE)[1]) <= 30
    assert "reset_timedout_connection on;" in avant_les_serveurs
