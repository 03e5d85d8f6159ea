"""Networks that a request comes from: what counts by address counts by them.

One person holds a whole /64 in IPv6, so nothing is ever counted by a single address there. In IPv4 neighbours are
counted too, with more indulgence, for whoever rents a /24 has 256 addresses.
"""

from hashlib import sha256
from hmac import new
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import NamedTuple

from allauth.core.internal.httpkit import clean_client_ip
from django.conf import settings
from django.http import HttpRequest

VOISINS = 3  # how many times what one address (one /64) may do its whole /24 (/48) may do


class Reseaux(NamedTuple):
    """The networks of an address, as CIDR or as marks; twice the same words where it is none (a socket)."""

    proche: str  # the address itself in IPv4, its /64 in IPv6
    large: str  # /24, /48


INCONNUS = Reseaux("", "")


def adresse(request: HttpRequest) -> str:
    """Return the address of the client, as said by the nearest trusted proxy; that of the connection without proxy."""
    proxies = getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0)  # none in the demo
    transmises = [a.strip() for a in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if a.strip()]
    if proxies and len(transmises) >= proxies:
        return transmises[-proxies]
    return request.META.get("REMOTE_ADDR", "")


def ip(request: HttpRequest) -> IPv4Address | IPv6Address | None:
    """Return the same as an address, without port nor zone, IPv4 when IPv6 wraps it; None where it is none."""
    propre = clean_client_ip(adresse(request).partition("%")[0])
    lue = ip_address(propre) if propre else None
    return getattr(lue, "ipv4_mapped", None) or lue


def reseaux(request: HttpRequest) -> Reseaux:
    lue = ip(request)
    if lue is None:
        return Reseaux("sans adresse", "sans adresse")
    proche, large = (32, 24) if lue.version == 4 else (64, 48)
    return Reseaux(_autour(lue, proche), _autour(lue, large))


def empreintes(request: HttpRequest) -> Reseaux:
    """Return marks of the networks of the client, from which they cannot be found again; empty where it has none."""
    if ip(request) is None:
        return INCONNUS
    return Reseaux(*map(marquer, reseaux(request)))


def marquer(texte: str) -> str:
    """Return 64 characters, always the same for this text, from which only who holds SECRET_KEY could guess it."""
    return new(settings.SECRET_KEY.encode(), texte.encode(), sha256).hexdigest()


def _autour(lue: IPv4Address | IPv6Address, longueur: int) -> str:
    return str(ip_network(f"{lue}/{longueur}", strict=False))
