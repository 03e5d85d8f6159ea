"""The pages of errors that no view foresaw: refused requests, failures, and the database away.

They read neither the request nor the database (templates/erreur.html): whatever is broken, they can be shown.
"""

import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from config.limites import AdresseTropLongue

REESSAYER = 30  # seconds
REFUS: dict[type[Exception], tuple[int, str, str]] = {
    RequestDataTooBig: (
        413,
        "Cet envoi est trop lourd",
        "Le formulaire dépasse ce que le site accepte. Revenez en arrière : votre texte y est encore.",
    ),
    AdresseTropLongue: (
        414,
        "Cette adresse est trop longue",
        "Elle dépasse ce que le site accepte. Repartez de la recherche, en choisissant moins de critères.",
    ),
    TooManyFieldsSent: (
        400,
        "Cette demande a trop de champs",
        "Elle en compte plus que le site n’en accepte. Recommencez avec moins de lignes ou moins de critères.",
    ),
    TooManyFilesSent: (
        400,
        "Cette demande a trop de fichiers",
        "Elle en compte plus que le site n’en accepte. Envoyez-les en plusieurs fois.",
    ),
}
AUTRE_REFUS = (
    400,
    "Cette demande n’a pas été comprise",
    "L’adresse ou le formulaire reçus sont abîmés. Repartez de l’accueil, puis recommencez.",
)


def requete_refusee(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400, 413 or 414 to what Django found suspicious, saying what was wrong and what to do."""
    connus = (refus for classe, refus in REFUS.items() if isinstance(exception, classe))
    return _page(*next(connus, AUTRE_REFUS))


def panne(request: HttpRequest) -> HttpResponse:
    """Answer 500 to an error of ours, 503 when the database is away: it comes back by itself."""
    erreur = sys.exc_info()[1]
    if isinstance(erreur, (OperationalError, InterfaceError)):  # not the fault of the program, says PostgreSQL
        conseil = (
            "Le site est en entretien ou très sollicité. Rien n’est perdu : attendez une minute, puis rechargez la "
            "page. Si vous envoyiez un formulaire, revenez en arrière, votre texte y est encore."
        )
        reponse = _page(503, "Le site revient dans un instant", conseil)
        reponse["Retry-After"] = str(REESSAYER)
        return reponse
    conseil = (
        "La page n’a pas pu être préparée. Ce n’est pas votre faute, et la panne est enregistrée. "
        "Réessayez dans un instant."
    )
    return _page(500, "Une panne, de notre côté", conseil)


def _page(code: int, titre: str, conseil: str) -> HttpResponse:
    contexte = {"code": code, "titre": titre, "conseil": conseil}
    reponse = HttpResponse(render_to_string("erreur.html", contexte), status=code)
    reponse["Cache-Control"] = "no-store"
    return reponse
