"""Probes of addresses on the web: whether one still answers, without being led to anything that is not public.

The name is resolved once, every address found must be public, and the connection goes to the address that was checked;
each redirection starts again. Only http and https, on their own ports. Whatever the server does, the whole exchange is
over in time: each wait, for a name, a byte or a handshake, is given what is left.
"""

import socket
import ssl
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from io import BufferedReader, RawIOBase
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Thread
from time import monotonic
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from django.conf import settings

PORTS = {"http": 80, "https": 443}
REDIRECTIONS = 5
DELAI = 10.0  # seconds without an answer
DUREE = 30.0  # seconds in all: name, connection, TLS, headers, body, redirections
LU_AU_PLUS = 65_536
# The server is there and does not want robots, or wants fewer: no reason to say that the page is gone.
PRESENTS = frozenset({401, 402, 403, 406, 407, 429, 451, 999})
TRADUITES = ip_network("64:ff9b::/96")  # IPv4 addresses, as an IPv6-only network writes them

Ip = IPv4Address | IPv6Address
Resoudre = Callable[[str, int], list[str]]
Connecter = Callable[[str, int, float], socket.socket]


class Interdite(Exception):
    """This address is not to be asked."""


def resoudre(hote: str, port: int) -> list[str]:
    return [str(trouvee[4][0]) for trouvee in socket.getaddrinfo(hote, port, type=socket.SOCK_STREAM)]


def connecter(ip: str, port: int, delai: float) -> socket.socket:
    return socket.create_connection((ip, port), timeout=delai)


@dataclass(frozen=True)
class Sonde:
    """How to ask; the tests give their own ways of resolving and connecting, never their own rules."""

    resoudre: Resoudre = resoudre
    connecter: Connecter = connecter
    contexte: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    duree: float = DUREE

    def sonder(self, url: str) -> str:
        """Return why this address does not answer; nothing if it does."""
        fin = monotonic() + self.duree
        try:
            for _ in range(REDIRECTIONS + 1):
                statut, suivante = self._demander("HEAD", url, fin)
                if statut >= 400:
                    statut, suivante = self._demander("GET", url, fin)  # some servers only know GET
                if not suivante:
                    return "" if statut < 400 or statut in PRESENTS else f"réponse {statut}"
                url = suivante
        except Interdite as refus:
            return str(refus)
        except TimeoutError:
            return "pas de réponse à temps"
        except ssl.SSLError:
            return "certificat refusé"
        except socket.gaierror:
            return "nom introuvable"
        except (OSError, HTTPException, ValueError):
            return "connexion impossible"
        return "trop de redirections"

    def _demander(self, methode: str, url: str, fin: float) -> tuple[int, str]:
        """Return the status, and where it leads if it is a redirection."""
        schema, hote, port, chemin = lire(url)
        connexion = _Connexion(hote, port, self._ouvrir(schema, hote, port, fin))
        try:
            entetes = {"User-Agent": _nom(), "Accept": "text/html,*/*;q=0.8", "Connection": "close"}
            connexion.request(methode, chemin, headers=entetes)
            reponse = connexion.getresponse()
            _lire_un_peu(reponse)
            location = reponse.headers.get("Location")
            redirige = reponse.status in (301, 302, 303, 307, 308) and location
            return reponse.status, urljoin(url, location) if redirige else ""
        finally:
            connexion.close()

    def _ouvrir(self, schema: str, hote: str, port: int, fin: float) -> "_Prise":
        """Connect to the address that was checked, and to no other."""
        trouvees = _resoudre_a_temps(self.resoudre, hote, port, fin)
        if not trouvees:
            raise socket.gaierror
        for trouvee in trouvees:
            if not est_publique(ip_address(trouvee.partition("%")[0])):
                raise Interdite("adresse interne")
        prise = self.connecter(trouvees[0], port, _reste(fin))
        prise.settimeout(_reste(fin))
        if schema == "https":
            prise = self.contexte.wrap_socket(prise, server_hostname=hote)
        return _Prise(prise, fin)


def _reste(fin: float) -> float:
    """Return how many seconds the next wait may last; raise TimeoutError when none is left."""
    reste = fin - monotonic()
    if reste <= 0:
        raise TimeoutError
    return min(DELAI, reste)


def _resoudre_a_temps(resoudre: Resoudre, hote: str, port: int, fin: float) -> list[str]:
    """Resolve a name without waiting longer than one may: the system's resolver knows no deadline, a thread is left."""
    trouvees: Future[list[str]] = Future()

    def chercher() -> None:
        try:
            trouvees.set_result(resoudre(hote, port))
        except Exception as erreur:  # noqa: BLE001  # told to the one who waits
            trouvees.set_exception(erreur)

    Thread(target=chercher, daemon=True).start()
    return trouvees.result(_reste(fin))


class _Prise:
    """A socket, as http.client uses one, whose every wait is given what is left of the time."""

    def __init__(self, prise: socket.socket, fin: float):
        self._prise, self._fin = prise, fin

    def sendall(self, octets: Any) -> None:
        self._prise.settimeout(_reste(self._fin))
        self._prise.sendall(octets)

    def makefile(self, mode: str) -> BufferedReader:
        return BufferedReader(_Lecture(self._prise, self._fin))

    def close(self) -> None:
        self._prise.close()


class _Lecture(RawIOBase):
    def __init__(self, prise: socket.socket, fin: float):
        self._prise, self._fin, self._flux = prise, fin, prise.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, tampon: Any) -> int | None:
        self._prise.settimeout(_reste(self._fin))
        return self._flux.readinto(tampon)

    def close(self) -> None:
        self._flux.close()
        super().close()


class _Connexion(HTTPConnection):
    """HTTP on a socket that is open already."""

    def __init__(self, hote: str, port: int, prise: _Prise):
        super().__init__(f"[{hote}]" if ":" in hote else hote, port)
        self.sock = prise

    def connect(self) -> None:
        raise Interdite("la connexion a été fermée")  # http.client would resolve the name again


def lire(url: str) -> tuple[str, str, int, str]:
    """Return the scheme, the host, the port and the path of an address that may be asked."""
    try:
        parties = urlsplit(url)
        hote, port = parties.hostname or "", parties.port
        hote = hote if ":" in hote else hote.encode("idna").decode()
    except (ValueError, UnicodeError):
        raise Interdite("adresse illisible") from None
    if parties.scheme not in PORTS or not hote:
        raise Interdite("ni http ni https")
    if parties.username is not None or parties.password is not None:
        raise Interdite("identifiants dans l’adresse")
    if port not in (None, *PORTS.values()):
        raise Interdite("port inhabituel")
    chemin = parties.path or "/"
    chemin += f"?{parties.query}" if parties.query else ""
    return parties.scheme, hote, port or PORTS[parties.scheme], _en_ascii(chemin)


def est_publique(ip: Ip) -> bool:
    """Return whether an address is on the public Internet, whatever it is wrapped in."""
    if isinstance(ip, IPv6Address):
        for contenue in (ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())):
            if contenue is not None and not est_publique(contenue):
                return False
        if ip in TRADUITES or (int(ip) >> 32) == 0:
            return est_publique(IPv4Address(int(ip) & 0xFFFFFFFF))
        if ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback)


def _en_ascii(chemin: str) -> str:
    return quote(chemin, safe="/?&=%:;,+~@!$'()*-._#[]")


def _nom() -> str:
    return f"SanteEnTerritoires (verification des sources; +{settings.SITE_URL}/a-propos/)"


def _lire_un_peu(reponse: HTTPResponse) -> None:
    """Read the beginning of the body, as polite clients do; one that never ends takes nothing from its status."""
    lu = 0
    with suppress(TimeoutError):
        while lu < LU_AU_PLUS and (morceau := reponse.read1(8192)):
            lu += len(morceau)
