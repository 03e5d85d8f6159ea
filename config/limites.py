"""What is refused before anything reads it: addresses and bodies longer than any page or form of the site needs."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponseBase

ADRESSE_MAX = 4_000  # characters, as received


class AdresseTropLongue(SuspiciousOperation):
    pass


class LimitesMiddleware:
    """Refuse by exceptions, which Django turns into `config.erreurs.requete_refusee`.

    Django limits the fields of forms (DATA_UPLOAD_MAX_…), not the files sent with them, nor addresses.
    """

    def __init__(self, suite: Callable[[HttpRequest], HttpResponseBase]):
        self.suite = suite

    def __call__(self, requete: HttpRequest) -> HttpResponseBase:
        if len(requete.get_full_path()) > ADRESSE_MAX:
            raise AdresseTropLongue
        longueur = requete.META.get("CONTENT_LENGTH") or "0"
        if longueur.isdecimal() and (len(longueur) > 15 or int(longueur) > settings.TAILLE_REQUETE_MAX):
            raise RequestDataTooBig
        return self.suite(requete)
