"""The site as an application: what a browser needs to put it on a home screen, among its search engines, off line."""

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from config.lecture import version_en_cours

ICONES = {"icone-192.png": ("192x192", "any"), "icone-512.png": ("512x512", "any")}
ICONES |= {"icone-pleine-512.png": ("512x512", "maskable")}  # cut by the system in the shape that it likes
SOCLE = (
    "style.css",
    "icones.svg",
    "logo.svg",
    "theme.js",
    "page.js",
    "suggestions.js",
    "catalogue.js",
    "contribution.css",
    "pages_gardees.js",
)  # of static/, what any page needs
RACCOURCIS = {"Chercher": "catalogue", "Mon territoire": "territoires:accueil", "Carte": "carte"}


@require_safe
def manifeste(request: HttpRequest) -> HttpResponse:
    """The manifest of the application (W3C): its name, its icons, its colours."""
    contenu = {
        "id": "/",
        "name": "Santé en territoires",
        "short_name": "Santé locale",
        "description": "Les dispositifs locaux de santé, partagés.",
        "lang": "fr",
        "dir": "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "minimal-ui",
        "background_color": "#0b444b",
        "theme_color": "#0b444b",
        "categories": ["health", "government"],
        "icons": [
            {"src": static(nom), "type": "image/png", "sizes": taille, "purpose": usage}
            for nom, (taille, usage) in ICONES.items()
        ],
        "shortcuts": [{"name": nom, "url": reverse(route)} for nom, route in RACCOURCIS.items()],
    }
    return JsonResponse(contenu, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@require_safe
def recherche(request: HttpRequest) -> HttpResponse:
    """What adds the search of the site to those of a browser (OpenSearch 1.1)."""
    return render(request, "opensearch.xml", content_type="application/opensearchdescription+xml; charset=utf-8")


@require_safe
def travailleur(request: HttpRequest) -> HttpResponse:
    """The service worker: static/hors_ligne.js, and what it keeps beforehand.

    Its address never changes, its text does with the code and the static files: browsers then install the new one.
    """
    socle = [*map(static, SOCLE), reverse("hors_ligne")]
    lignes = [
        f"const VERSION = {json.dumps(version_en_cours())};",
        f"const SOCLE = {json.dumps(socle)};",
        f"importScripts({json.dumps(static('hors_ligne.js'))});",
    ]
    return HttpResponse(
        "\n".join([*lignes, ""]), "text/javascript; charset=utf-8", headers={"Service-Worker-Allowed": "/"}
    )


@require_safe
@cache_control(public=True, max_age=86_400)
def favicon(request: HttpRequest) -> HttpResponse:
    """The icon that many ask for at the root, whatever pages say."""
    return HttpResponse((settings.BASE_DIR / "static" / "favicon.ico").read_bytes(), content_type="image/x-icon")
