"""Addresses of territories: finding one, and what the base knows of it."""

from django.urls import path, register_converter

from panorama.views import dispositifs, note
from panorama.views import territoires as panorama
from panorama.views.couverture import couverture
from territoires import views
from territoires.models import Territoire


class NatureConverter:
    regex = "|".join(Territoire.Nature.values)
    to_python = to_url = staticmethod(str)


class CodeConverter:
    """An official code, or the key of a named perimeter."""

    regex = "[0-9A-Z]{1,9}|[0-9a-z-]{1,60}"
    to_python = to_url = staticmethod(str)


register_converter(NatureConverter, "nature")
register_converter(CodeConverter, "code")

app_name = "territoires"
urlpatterns = [
    path("", views.accueil, name="accueil"),
    path("chercher/", views.chercher, name="chercher"),
    path("<nature:nature>/<code:code>/", panorama.page, name="page"),
    path("<nature:nature>/<code:code>/couverture/", couverture, name="couverture"),
    path("<nature:nature>/<code:code>/echeances.ics", dispositifs.agenda, name="agenda"),
    path("<nature:nature>/<code:code>/note/", note.note, name="note"),
    path("<nature:nature>/<code:code>/semblables/", panorama.ses_semblables, name="semblables"),
]
