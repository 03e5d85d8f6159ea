"""The addresses of the site, with a moderation page (a name the banner looks for)."""

from django.http import HttpResponse
from django.urls import path

from config.urls import urlpatterns as adresses

urlpatterns = [*adresses, path("moderation/", lambda requete: HttpResponse("File"), name="moderation")]
