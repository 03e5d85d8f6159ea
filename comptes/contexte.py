"""Context of every page: what it knows of the person who reads it."""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.urls import reverse


def compte(request: HttpRequest) -> dict[str, Any]:
    """Give `compte`, the person signed in or None, `url_connexion`, `cles_possibles` and `demo`.

    Without a session cookie nobody is: the session is not opened, so that readers keep pages without cookie nor
    `Vary: Cookie`. With one, Django marks the answer as varying with it.
    """
    # One comes back where one was, except from the pages of accounts themselves.
    connexion = reverse("account_login")
    if not request.path.startswith(reverse("compte")):
        connexion = f"{connexion}?{urlencode({'next': request.get_full_path()})}"
    personne = request.user if settings.SESSION_COOKIE_NAME in request.COOKIES else None
    return {
        "compte": personne if personne and personne.is_authenticated else None,
        "cles_possibles": _a_un_nom(request),
        "demo": settings.DEMO,
        "url_connexion": connexion,
    }


def _a_un_nom(request: HttpRequest) -> bool:
    """Say whether the site is reached by a name: browsers have no access key for a bare IP address."""
    hote, _ = split_domain_port(request.get_host())
    try:
        ip_address(hote.strip("[]"))
    except ValueError:
        return True
    return False
