"""What every page knows of the person who reads it."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


def compte(request: HttpRequest) -> dict[str, Any]:
    """Give `compte`, the person signed in or None, `url_connexion` and `demo`.

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
        "demo": settings.DEMO,
        "url_connexion": connexion,
    }
