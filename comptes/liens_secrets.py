"""Pages whose address is a secret: how one is led there after a form, and what keeps them out of sight."""

from collections.abc import Callable
from functools import wraps

from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.views.decorators.cache import never_cache


def mener_a(objet: Model) -> HttpResponse:
    """Send to the page of what was just written: 303, so that reloading it sends nothing again."""
    return HttpResponseRedirect(resolve_url(objet), status=303)


def secrete(vue: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Keep a page whose address is a secret out of caches, of search engines, and of the Referer of what it links to.

    Not `no-referrer`: browsers would then post its forms with « Origin: null », which the CSRF protection refuses.
    `strict-origin` says the name of the site and never an address.
    """

    @wraps(vue)
    def discrete(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        reponse = vue(request, *args, **kwargs)
        reponse["Referrer-Policy"] = "strict-origin"
        reponse["X-Robots-Tag"] = "noindex, nofollow"
        return reponse

    return never_cache(discrete)
