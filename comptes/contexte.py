"""What every page knows of the person who reads it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def compte(request: HttpRequest) -> dict[str, Any]:
    """Give `compte`, the person signed in or None, and `demo`.

    Without a session cookie nobody is: the session is not opened, so that readers keep pages without cookie nor
    `Vary: Cookie`. With one, Django marks the answer as varying with it.
    """
    personne = request.user if settings.SESSION_COOKIE_NAME in request.COOKIES else None
    return {"compte": personne if personne and personne.is_authenticated else None, "demo": settings.DEMO}
