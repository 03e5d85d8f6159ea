"""What answers a form that went well, and what all the secret pages have in common."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache


def voir(adresse: str) -> HttpResponse:
    """Send to the page that shows what was done: 303, so that reloading it sends nothing again."""
    return HttpResponseRedirect(adresse, status=303)


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
