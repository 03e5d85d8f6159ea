"""The addresses of the site, with a moderation page (a name the banner looks for)."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from comptes.acces import moderateur_requis
from config.urls import urlpatterns as adresses


@moderateur_requis
def salle(request: HttpRequest) -> HttpResponse:
    return HttpResponse("File d’attente")


urlpatterns = [path("moderation/", salle, name="moderation"), *adresses]
