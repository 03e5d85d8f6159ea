"""« Ne plus recevoir »: the page of the link at the foot of e-mails, and the POST that mail readers send."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from comptes import desabonnement
from comptes.models import Utilisateur


@csrf_exempt  # mail readers post without having read the page (RFC 8058 §3.1): the signed link is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def arreter_courriels(request: HttpRequest, jeton: str) -> HttpResponse:
    """Stop by POST alone: what looks into e-mails follows their links."""
    personne = desabonnement.designe(jeton)
    if personne is None:
        return _discrete(render(request, "comptes/desabonnement_inconnu.html", status=404))
    if request.method == "POST":
        desabonnement.arreter(personne)
    arretes = personne.courriels == Utilisateur.Courriels.ESSENTIELS
    return _discrete(render(request, "comptes/desabonnement.html", {"arretes": arretes}))


def _discrete(reponse: HttpResponse) -> HttpResponse:
    reponse["Referrer-Policy"] = "strict-origin"
    reponse["X-Robots-Tag"] = "noindex, nofollow"
    return reponse
