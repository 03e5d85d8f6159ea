"""« Ne plus recevoir »: the page of the link at the foot of e-mails, and the POST that mail readers send."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from comptes import desabonnement
from comptes.liens_secrets import secrete


@csrf_exempt  # mail readers post without having read the page (RFC 8058 §3.1): the signed link is the proof
@secrete
@require_http_methods(["GET", "HEAD", "POST"])
def arreter_courriels(request: HttpRequest, jeton: str) -> HttpResponse:
    """Stop by POST alone: what looks into e-mails follows their links."""
    abonnement = desabonnement.designe(jeton)
    if abonnement is None:
        return render(request, "comptes/desabonnement_inconnu.html", status=404)
    if request.method == "POST":
        desabonnement.arreter(abonnement)
    return render(request, "comptes/desabonnement.html", {"abonnement": abonnement})
