"""Dead sources: what is asked, what is never asked, when an address is said dead."""

import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from threading import Event, Thread

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import SOURCE, fiche_dispositif, masquer, publier
from veille import sondes
from veille.models import VerificationSource
from veille.sondes import LU_AU_PLUS, Interdite, Sonde, est_publique, lire
from veille.taches import verifier_sources
from veille.verification import dues, recenser, verifier

PUBLIQUE = "93.184.215.14"
ATTENTE = 20  # seconds before a test that hangs fails


class Site(BaseHTTPRequestHandler):
    """A web site with a bit of everything."""

    vues: list[tuple[str, str, str]] = []

    def do_HEAD(self) -> None:
        self.repondre()

    def do_GET(self) -> None:
        self.repondre()

    def repondre(self) -> None:
        self.vues.append((self.command, self.path, self.headers["User-Agent"]))
        chemin = self.path.partition("?")[0].strip("/")
        if chemin == "boucle":
            self.mener("/boucle")
        elif chemin == "ailleurs":
            self.mener(self.path.partition("?")[2])
        elif chemin == "sans-head":
            self.dire(405 if self.command == "HEAD" else 200)
        elif chemin == "immense":
            self.dire(200 if self.command == "GET" else 404, b"x" * (LU_AU_PLUS * 20))
        elif chemin == "lent":
            self.connection.recv(1)  # until the other side gives up
        else:
            self.dire(int(chemin) if chemin.isdigit() else 200)

    def mener(self, vers: str) -> None:
        self.send_response(302)
        self.send_header("Location", vers)
        self.end_headers()

    def dire(self, statut: int, corps: bytes = b"bonjour") -> None:
        self.send_response(statut)
        self.send_header("Content-Length", str(len(corps)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(corps)

    def log_message(self, *args) -> None:
        pass


class Reseau:
    """A world where names lead where the test says, and every public address to the local site."""

    def __init__(self, port: int):
        self.port, self.noms, self.jointes = port, {"exemple.test": [PUBLIQUE]}, []

    def resoudre(self, hote: str, port: int) -> list[str]:
        try:
            return [str(ip_address(hote))]
        except ValueError:
            if hote not in self.noms:
                raise socket.gaierror from None
            return self.noms[hote]

    def connecter(self, ip: str, port: int, delai: float) -> socket.socket:
        self.jointes.append((ip, port))
        return socket.create_connection(("127.0.0.1", self.port), timeout=delai)

    def sonde(self) -> Sonde:
        return Sonde(self.resoudre, self.connecter)


@pytest.fixture
def reseau() -> Iterator[Reseau]:
    serveur = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    serveur.daemon_threads = True
    Site.vues = []
    Thread(target=serveur.serve_forever, args=(0.01,), daemon=True).start()
    yield Reseau(serveur.server_address[1])
    serveur.shutdown()
    serveur.server_close()


@pytest.fixture
def goutte_a_goutte() -> Iterator[Callable[[bytes, bytes], tuple[Sonde, Event]]]:
    """Give a server that says `debut`, then `goutte` for ever, and an event set once the other side has hung up."""
    ecoute = socket.create_server(("127.0.0.1", 0))
    coupee = Event()

    def servir(debut: bytes, goutte: bytes) -> None:
        prise, _ = ecoute.accept()
        with prise, suppress(OSError):
            prise.settimeout(0.02)
            prise.sendall(debut)
            while True:
                with suppress(TimeoutError):
                    if not prise.recv(4096):
                        break
                prise.sendall(goutte)
        coupee.set()

    def connecter(ip: str, port: int, delai: float) -> socket.socket:
        return socket.create_connection(ecoute.getsockname(), timeout=delai)

    def ouvrir(debut: bytes, goutte: bytes) -> tuple[Sonde, Event]:
        Thread(target=servir, args=(debut, goutte), daemon=True).start()
        return Sonde(lambda hote, port: [PUBLIQUE], connecter, duree=0.3), coupee

    yield ouvrir
    ecoute.close()


# Asking


def test_une_page_qui_repond_est_vivante_et_sait_qui_demande(reseau, settings):
    assert reseau.sonde().sonder("http://exemple.test/page?a=1") == ""
    assert Site.vues == [
        ("HEAD", "/page?a=1", f"SanteEnTerritoires (verification des sources; +{settings.SITE_URL}/a-propos/)")
    ]


@pytest.mark.parametrize("statut", [404, 410, 500, 503])
def test_une_page_disparue_se_dit(reseau, statut):
    assert reseau.sonde().sonder(f"http://exemple.test/{statut}") == f"réponse {statut}"
    assert [vue[0] for vue in Site.vues] == ["HEAD", "GET"]


@pytest.mark.parametrize("statut", [401, 403, 429])
def test_un_site_qui_n_aime_pas_les_robots_n_est_pas_mort(reseau, statut):
    assert reseau.sonde().sonder(f"http://exemple.test/{statut}") == ""


def test_un_site_qui_ne_connait_que_get(reseau):
    assert reseau.sonde().sonder("http://exemple.test/sans-head") == ""


def test_une_page_immense_n_est_pas_lue_en_entier(reseau):
    assert reseau.sonde().sonder("http://exemple.test/immense") == ""


def test_une_redirection_est_suivie_un_cercle_non(reseau):
    assert reseau.sonde().sonder("http://exemple.test/ailleurs?/page") == ""
    assert reseau.sonde().sonder("http://exemple.test/boucle") == "trop de redirections"


def test_un_site_lent_n_est_pas_attendu(reseau, monkeypatch):
    monkeypatch.setattr(sondes, "DELAI", 0.2)
    assert reseau.sonde().sonder("http://exemple.test/lent") == "pas de réponse à temps"


ENTETE = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n"
GOUTTE_A_GOUTTE = {
    "une ligne sans fin": (b"HTTP/1.1 200 ", b"x"),
    "des en-têtes sans fin": (ENTETE, b"X-Lent: oui\r\n"),
    "un certificat": (b"\x16\x03\x03\x40\x00", b"\x02"),
    "rien du tout": (b"", b""),
}


@pytest.mark.parametrize("debut,goutte", GOUTTE_A_GOUTTE.values(), ids=GOUTTE_A_GOUTTE)
@pytest.mark.parametrize("schema", ["http", "https"])
def test_un_site_qui_repond_goutte_a_goutte_est_coupe_a_l_heure_dite(goutte_a_goutte, schema, debut, goutte):
    sonde, coupee = goutte_a_goutte(debut, goutte)
    assert sonde.sonder(f"{schema}://exemple.test/") in ("pas de réponse à temps", "certificat refusé")
    assert coupee.wait(ATTENTE)


def test_un_corps_sans_fin_est_coupe_aussi_et_la_page_repond(goutte_a_goutte):
    sonde, coupee = goutte_a_goutte(ENTETE + b"\r\n", b"x")
    assert sonde.sonder("http://exemple.test/") == "" and coupee.wait(ATTENTE)


def test_un_nom_qui_ne_se_resout_pas_n_est_pas_attendu(reseau):
    jamais = Event()
    sonde = Sonde(lambda hote, port: jamais.wait(ATTENTE) and [], reseau.connecter, duree=0.2)
    assert sonde.sonder("http://exemple.test/") == "pas de réponse à temps"
    jamais.set()


def test_un_nom_inconnu_et_un_serveur_qui_refuse(reseau):
    assert reseau.sonde().sonder("http://introuvable.test/") == "nom introuvable"
    reseau.port = 1
    assert reseau.sonde().sonder("http://exemple.test/") == "connexion impossible"


def test_un_certificat_qui_n_en_est_pas_un_est_refuse(reseau):
    assert reseau.sonde().sonder("https://exemple.test/") in ("certificat refusé", "connexion impossible")
    assert reseau.jointes == [(PUBLIQUE, 443)]


def test_les_accents_d_un_nom_et_d_un_chemin(reseau):
    reseau.noms["xn--sant-epa.test"] = [PUBLIQUE]
    assert reseau.sonde().sonder("http://santé.test/été?q=à b") == ""


# What is never asked

INTERNES = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "100.100.100.200", "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "[::1]", "[::]", "[fe80::1]",
    "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "[fec0::1]", "[::ffff:127.0.0.1]", "[::ffff:169.254.169.254]",
    "[::127.0.0.1]",
    "[2002:7f00:1::]", "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]", "[2001:0:7f00:1::]", "[2001:db8::1]",
]  # fmt: skip


@pytest.mark.parametrize("hote", INTERNES)
def test_une_adresse_interne_n_est_jamais_jointe(reseau, hote):
    assert reseau.sonde().sonder(f"http://{hote}/") == "adresse interne"
    assert reseau.jointes == []


@pytest.mark.parametrize("hote", INTERNES)
def test_ni_par_une_redirection(reseau, hote):
    assert reseau.sonde().sonder(f"http://exemple.test/ailleurs?http://{hote}/") == "adresse interne"
    assert reseau.jointes == [(PUBLIQUE, 80)]


@pytest.mark.parametrize("ip", ["127.0.0.1", "169.254.169.254", "::1", "fe80::1%eth0", "::ffff:10.0.0.1"])
@pytest.mark.parametrize("autres", [[], [PUBLIQUE]])
def test_ni_par_un_nom_qui_y_mene_meme_en_partie(reseau, ip, autres):
    reseau.noms["piege.test"] = [*autres, ip]
    assert reseau.sonde().sonder("http://piege.test/") == "adresse interne"
    assert reseau.jointes == []


@pytest.mark.parametrize("hote", ["localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1"])
def test_ni_par_une_ecriture_detournee(reseau, hote):
    """Names of the machine itself: resolved for good, as they would be in production."""
    assert Sonde(connecter=reseau.connecter).sonder(f"http://{hote}/") in ("adresse interne", "nom introuvable")
    assert reseau.jointes == []


@pytest.mark.parametrize(
    "url",
    ["ftp://exemple.test/", "file:///etc/passwd", "gopher://exemple.test/", "//exemple.test/", "http:///", "http://",
     "http://exemple.test:22/", "http://exemple.test:8000/", "http://moi@exemple.test/", "http://a:b@exemple.test/",
     "http://exemple.test:99999/", "http://[exemple/", "javascript:alert(1)"],
)  # fmt: skip
def test_une_adresse_qui_n_est_pas_du_web_n_est_pas_demandee(reseau, url):
    assert reseau.sonde().sonder(url) and reseau.jointes == []


@pytest.mark.parametrize("vers", ["file:///etc/passwd", "http://exemple.test:6379/", "ftp://exemple.test/"])
def test_ni_suivie(reseau, vers):
    assert reseau.sonde().sonder(f"http://exemple.test/ailleurs?{vers}") and reseau.jointes == [(PUBLIQUE, 80)]


def test_on_joint_l_adresse_verifiee_meme_si_le_nom_change_aussitot(reseau):
    """A name that answers otherwise the second time (DNS rebinding) is asked once for each request."""
    reponses = iter([[PUBLIQUE], ["127.0.0.1"]])
    sonde = Sonde(lambda hote, port: next(reponses), reseau.connecter)
    assert sonde.sonder("http://exemple.test/404") == "adresse interne"
    assert reseau.jointes == [(PUBLIQUE, 80)]


def test_une_ligne_ne_se_glisse_pas_dans_la_demande(reseau):
    reseau.sonde().sonder("http://exemple.test/a\r\nX-Piege: oui")
    assert all("\n" not in vue[1] for vue in Site.vues)


@given(st.ip_addresses())
def test_ce_qui_n_est_pas_global_n_est_jamais_public(ip):
    assert not est_publique(ip) or ip.is_global or ip in sondes.TRADUITES


@given(st.text(max_size=60))
def test_n_importe_quel_texte_se_lit_ou_se_refuse(texte):
    try:
        schema, hote, port, chemin = lire(f"http://{texte}")
    except Interdite:
        return
    assert schema in ("http", "https") and port in (80, 443) and chemin.isascii() and "\n" not in chemin + hote


# When it is dead


def noter(verification: VerificationSource, jours: list[float], debut=None) -> list[str]:
    debut = debut or timezone.now()
    etats = []
    for jour in jours:
        verification.noter("réponse 404", debut + timedelta(days=jour))
        etats.append(verification.etat)
    return etats


@pytest.mark.django_db
@pytest.mark.parametrize(
    "jours,etats",
    [
        ([0, 1, 2], ["douteuse"] * 3),  # three failures, too close
        ([0, 8], ["douteuse"] * 2),  # seven days, too few
        ([0, 1, 7], ["douteuse", "douteuse", "morte"]),
        ([0, 3, 6, 6.9, 7.1], ["douteuse"] * 4 + ["morte"]),
    ],
)
def test_trois_echecs_sur_sept_jours(jours, etats):
    assert noter(VerificationSource.objects.create(url="https://exemple.fr/"), jours) == etats


@pytest.mark.django_db
def test_une_reponse_efface_les_echecs():
    verification = VerificationSource.objects.create(url="https://exemple.fr/")
    noter(verification, [0, 1, 7])
    verification.noter("", timezone.now() + timedelta(days=8))
    assert (verification.etat, verification.echecs, verification.premier_echec_le) == ("vivante", 0, None)


@pytest.mark.django_db
def test_on_suit_les_sources_des_fiches_publiees_et_d_elles_seules():
    fiche = fiche_dispositif(sources=[{**SOURCE, "url": "https://a.fr/"}, SOURCE])
    cachee = fiche_dispositif(sources=[{**SOURCE, "url": "https://b.fr/"}])
    recenser()
    assert {v.url for v in VerificationSource.objects.all()} == {"https://a.fr/", "https://b.fr/"}
    masquer(cachee)
    publier(fiche, sources=[{**SOURCE, "url": "https://c.fr/"}])
    recenser()
    assert [v.url for v in VerificationSource.objects.all()] == ["https://c.fr/"]


@pytest.mark.django_db
def test_un_seul_passage_par_site_et_jamais_trop_souvent():
    adresses = ["https://a.fr/1", "https://a.fr/2", "https://b.fr/"]
    fiche_dispositif(sources=[{**SOURCE, "url": adresse} for adresse in adresses])
    recenser()
    assert [v.url for v in dues()] == ["https://a.fr/1", "https://b.fr/"]
    for verification in dues():
        verification.noter("", timezone.now())
    assert [v.url for v in dues()] == ["https://a.fr/2"]


@pytest.mark.django_db
def test_le_passage_note_ce_qu_il_trouve(reseau):
    reseau.noms |= {"a.test": [PUBLIQUE], "b.test": ["10.0.0.1"]}
    sources = [
        {**SOURCE, "url": adresse} for adresse in ("http://a.test/404", "http://b.test/", "http://exemple.test/")
    ]
    fiche_dispositif(sources=sources)
    assert verifier(reseau.sonde(), pause=0) == 3
    lues = {v.url: (v.etat, v.raison) for v in VerificationSource.objects.all()}
    assert lues == {
        "http://a.test/404": ("douteuse", "réponse 404"),
        "http://b.test/": ("douteuse", "adresse interne"),
        "http://exemple.test/": ("vivante", ""),
    }


@pytest.mark.django_db
def test_sans_reglage_rien_ne_sort(settings, monkeypatch):
    monkeypatch.setattr("veille.taches.verifier", lambda: pytest.fail("il ne fallait rien demander"))
    assert not settings.VERIFIER_SOURCES
    verifier_sources(0)


@pytest.mark.django_db
def test_le_passage_se_voit_sur_la_fiche(reseau, client):
    reseau.noms |= {"a.test": [PUBLIQUE]}
    fiche_dispositif(slug="asv", sources=[{**SOURCE, "url": "http://a.test/404"}])
    for jour in (1, 3):
        with time_machine.travel(f"2026-03-0{jour}T12:00+01:00", tick=False):
            verifier(reseau.sonde(), pause=0)
    assert "Lien douteux" in client.get("/dispositifs/asv/").text
