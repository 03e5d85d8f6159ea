"""Response headers that Django and django-csp do not set."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

ENTETES = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Reporting-Endpoints": 'csp="/csp-rapports/"',
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class EntetesMiddleware:
    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]):
        self.suite = suite

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reponse = self.suite(request)
        for nom, valeur in ENTETES.items():
            reponse.setdefault(nom, valeur)
        return reponse
