"""The pages of errors that no view foresaw: refused requests, failures, and the database away.

They never ask the database (templates/erreur.html): whatever is broken, they can be shown. Of the request, they give
back what was read already, and nothing else.
"""

import sys
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from config.indisponibilite import base_en_lecture_seule, base_indisponible
from config.limites import AdresseTropLongue, CaracteresInconnus
from contributions.redaction.saisie import Saisie

REESSAYER = 30  # seconds
# Never shown again, whoever reads over the shoulder: proofs of who one is. Under /comptes/, nothing but the address.
SECRETS = frozenset({"csrfmiddlewaretoken", "code", "credential", "password"})
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
    CaracteresInconnus: (
        400,
        "Cette demande n’a pas été comprise",
        "Elle annonce un autre codage des caractères que l’UTF-8, le seul que le site lise.",
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
    if base_indisponible(exception):  # a session that could not be written looks to Django like a forged one
        return panne(request)
    connus = (refus for classe, refus in REFUS.items() if isinstance(exception, classe))
    return _page(*next(connus, AUTRE_REFUS))


def panne(request: HttpRequest) -> HttpResponse:
    """Answer 500 to an error of ours, 503 when the database cannot do its work, giving back what was typed."""
    erreur = sys.exc_info()[1]
    if base_indisponible(erreur):
        return _entretien(request, lecture_seule=base_en_lecture_seule(erreur))
    conseil = (
        "La page n’a pas pu être préparée. Ce n’est pas votre faute, et la panne est enregistrée. "
        "Réessayez dans un instant."
    )
    return _page(500, "Une panne, de notre côté", conseil)


def _entretien(request: HttpRequest, *, lecture_seule: bool) -> HttpResponse:
    raison = "Le site est en entretien ou très sollicité."
    if lecture_seule:
        raison = "Le site est en lecture seule pour un moment : tout se lit, rien ne s’enregistre."
    textes, autres = _postes(request)
    if textes:
        suite = "Ce que vous avez écrit est ci-dessous : copiez-le, ou attendez une minute, puis renvoyez-le."
    elif autres:
        suite = "Rien n’est perdu : attendez une minute, puis renvoyez."
    else:
        suite = (
            "Rien n’est perdu : attendez une minute, puis rechargez la page. Si vous envoyiez un formulaire, "
            "revenez en arrière, votre texte y est encore."
        )
    contexte: dict[str, Any] = {"textes": textes, "autres": autres, "adresse": "", "csrf_token": ""}
    # Only with a checked token, or another site could have us propose its post.
    if (textes or autres) and getattr(request, "csrf_processing_done", False):
        contexte |= {"adresse": request.get_full_path(), "csrf_token": get_token(request)}
    reponse = _page(503, "Le site revient dans un instant", f"{raison} {suite}", "entretien.html", **contexte)
    reponse["Retry-After"] = str(REESSAYER)
    return reponse


def _postes(request: HttpRequest) -> tuple[list[tuple[str, str, str]], list[tuple[str, str]]]:
    """Return what was typed (label, name, value), then the rest of the form (name, value), secrets apart."""
    # Read already, or never: a body cut short would fail again.
    postes: QueryDict = vars(request).get("_post") or QueryDict()
    gardes = {cle: postes.getlist(cle) for cle in postes if cle not in SECRETS}
    if request.path.startswith("/comptes/"):
        gardes = {cle: valeurs for cle, valeurs in gardes.items() if cle == "email"}
    return Saisie(gardes).a_relire()


def _page(code: int, titre: str, conseil: str, gabarit: str = "erreur.html", **contexte: Any) -> HttpResponse:
    contexte |= {"code": code, "titre": titre, "conseil": conseil}
    reponse = HttpResponse(render_to_string(gabarit, contexte), status=code)
    reponse["Cache-Control"] = "no-store"
    return reponse
