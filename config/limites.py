"""Refusals before any view reads a request: too long, in an unknown encoding, with a form cut or malformed."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponseBase
from django.utils.http import parse_header_parameters

ADRESSE_MAX = 4_000  # characters, as received
UTF_8 = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


class AdresseTropLongue(SuspiciousOperation):
    pass


class CaracteresInconnus(SuspiciousOperation):
    pass


class FormulaireIllisible(SuspiciousOperation):
    pass


class LimitesMiddleware:
    """Refuse by exceptions, which Django turns into `config.erreurs.requete_refusee`.

    Django limits the fields of forms (DATA_UPLOAD_MAX_…), not the files sent with them, nor addresses.
    """

    def __init__(self, suite: Callable[[HttpRequest], HttpResponseBase]):
        self.suite = suite

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if len(request.get_full_path()) > ADRESSE_MAX:
            raise AdresseTropLongue
        longueur = request.META.get("CONTENT_LENGTH") or "0"
        if longueur.isdecimal() and (len(longueur) > 15 or int(longueur) > _au_plus(request.path)):
            raise RequestDataTooBig
        if not _en_utf_8(request.content_params or {}):
            raise CaracteresInconnus
        _lire_le_formulaire(request)
        return self.suite(request)


def _au_plus(chemin: str) -> int:
    """Return the bytes that a request to this address may have."""
    depots = settings.TAILLES_DES_DEPOTS.items()
    return next((taille for adresse, taille in depots if chemin == adresse), settings.TAILLE_REQUETE_MAX)


def type_lisible(entete: str) -> str:
    """Return this Content-Type, or one that Django can read and that we refuse.

    Python knows codecs that are no characters (base64, zlib, punycode): a request that names one stops Django before
    anything of ours.
    """
    try:
        lisible = _en_utf_8(parse_header_parameters(entete)[1])
    except (LookupError, ValueError):
        lisible = False
    return entete if lisible else "text/plain; charset=inconnu"


def _en_utf_8(parametres: dict[str, str]) -> bool:
    return parametres.get("charset", "utf-8").strip().lower() in UTF_8


def _lire_le_formulaire(request: HttpRequest) -> None:
    """Read a posted form here and now, whether its address exists or not, or refuse it."""
    try:
        request.POST  # noqa: B018
    except (LookupError, OSError, ValueError) as erreur:  # names of codecs in its parts; sent in part only; cut
        raise FormulaireIllisible from erreur
