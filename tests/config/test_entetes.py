"""The headers every page carries, whatever the page."""

from django.conf import settings
from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("page/", lambda requete: HttpResponse("Bonjour"))]


def politique() -> dict[str, list[str]]:
    return settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]


def test_la_politique_de_contenu_n_autorise_que_nos_fichiers():
    """A stylesheet, a script or a frame from elsewhere, or written in the page, does nothing."""
    rapports = ("report-uri", "report-to")
    sources = {source for nom, directive in politique().items() if nom not in rapports for source in directive}
    assert sources <= {"'self'", "'none'", "data:"}
    assert politique()["default-src"] == ["'none'"]
    assert "data:" not in politique()["script-src"] + politique()["style-src"]


def test_les_entetes_d_une_page(client, settings):
    settings.ROOT_URLCONF = __name__
    reponse = client.get("/page/")
    assert {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Referrer-Policy": "strict-origin-when-cross-origin",
    }.items() <= dict(reponse.headers).items()
    assert "default-src 'none'" in reponse["Content-Security-Policy"]
    assert "geolocation=()" in reponse["Permissions-Policy"]


def test_une_page_qu_on_lit_ne_pose_aucun_cookie(client, settings):
    settings.ROOT_URLCONF = __name__
    reponse = client.get("/page/")
    assert not reponse.cookies
    assert "Cookie" not in reponse.get("Vary", "")
