"""Where a request comes from, and how to tell that two come from the same network without keeping its address."""

from hashlib import sha256
from hmac import new
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def adresse(request: HttpRequest) -> str:
    """Return the address of the client, as said by the nearest trusted proxy; that of the connection without proxy."""
    proxies = getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0)  # none in the demo
    transmises = [a.strip() for a in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if a.strip()]
    if proxies and len(transmises) >= proxies:
        return transmises[-proxies]
    return request.META.get("REMOTE_ADDR", "")


def empreinte(request: HttpRequest) -> str:
    """Return a mark of the network of the client (/24 in IPv4, /48 in IPv6), from which it cannot be found again."""
    try:
        ip = ip_address(adresse(request))
    except ValueError:
        return ""
    reseau = ip_network(f"{ip}/{24 if ip.version == 4 else 48}", strict=False)
    return new(settings.SECRET_KEY.encode(), str(reseau).encode(), sha256).hexdigest()
