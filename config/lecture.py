"""Reading without a cookie, given again for free: an unchanged page (304), or the bytes already made.

Such a page depends on its address, on the edition (the number that grows with every change of what the public reads),
on the day (contracts end by themselves) and on the code: on nothing else, so that nothing here ever expires, and a
publication shows at the very next request, whichever worker answers it. Without the database nobody knows the edition:
the last page made is given to whoever asks, and says so.
"""

import gzip
import hashlib
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import brotli
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers

from config.accessibilite import A_DIRE
from config.encodages import CONNUS
from config.indisponibilite import base_indisponible
from config.memoire import Memoire, Page
from fiches.models import Edition

# The pages that are only read: none of them looks at the session, nor at who asks.
LUES = frozenset(
    "accueil catalogue dispositifs dispositifs_locaux actions carte echeancier comparer comparer_locaux"
    " fiche_dispositif fiche_local fiche_action territoires:accueil territoires:page territoires:couverture"
    " sigles organismes gabarits statistiques aide a_propos mentions_legales accessibilite confidentialite charte"
    " choisir dossier territoires:semblables a_faire historique version comparer_versions"
    " flux flux_dispositifs flux_dispositifs_locaux flux_actions plan_du_site section_du_plan robots"
    " territoires:agenda manifeste opensearch service_worker hors_ligne".split()
)
OCTETS_GARDES = 1_000_000  # of one page: an export of everything is made each time
PERIMES = frozenset({"ETag", "Cache-Control", "Content-Encoding", "Content-Length", "Last-Modified", "Expires"})
DEBUT_DU_CONTENU = re.compile(rb"<main\b[^>]*>")
DECODER: dict[str, Callable[[bytes], bytes]] = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}
QUALITE, QUALITE_GARDEE = 8, 10  # of Brotli: 6 ms at most; a tenth lighter, in 50 ms, for what is made once
SOURCES = ("*.py", "*.html", "*.css", "*.js", "*.svg", "*.json")


def version_du_code(dossier: Path) -> str:
    """Return the fingerprint of the code: a new release makes other pages of the same edition."""
    resume = hashlib.sha256()
    for fichier in _code(dossier):
        resume.update(fichier.read_bytes())
    return resume.hexdigest()[:16]


def _code(dossier: Path) -> Iterator[Path]:
    racines = sorted(d for d in dossier.iterdir() if d.is_dir() and not d.name.startswith((".", "test")))
    for racine in racines:
        for motif in SOURCES:
            yield from sorted(racine.rglob(motif))
    yield from sorted((dossier / "config").glob("*.yaml"))  # not the content files: what they say is in the base
    yield from sorted((dossier / "requirements").glob("*.txt"))


@cache
def version_en_cours() -> str:
    """Return the fingerprint of the code that runs, read once a process."""
    return version_du_code(settings.BASE_DIR)


class LectureMiddleware:
    """Stands outside the compression, so that what it keeps is what is sent."""

    def __init__(self, suite: Callable[[HttpRequest], HttpResponseBase]):
        if settings.DEBUG:
            raise MiddlewareNotUsed("en développement, les gabarits changent sans que rien ne le dise")
        self.suite = suite
        self.code = version_en_cours()
        self.pages = Memoire(settings.MEMOIRE_DES_PAGES)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD") or not _est_lue(request):
            return self.suite(request)
        adresse = request.build_absolute_uri()  # first of all: an unknown host is refused without asking the database
        try:
            reponse = self._lire(request, adresse)
        except Error as erreur:
            if base_indisponible(erreur) and (connue := self._derniere_connue(request, adresse)):
                return connue
            raise
        return (reponse.status_code == 503 and self._derniere_connue(request, adresse)) or reponse

    def _lire(self, request: HttpRequest, adresse: str) -> HttpResponseBase:
        if request.COOKIES:
            reponse = self.suite(request)
            patch_cache_control(reponse, private=True, no_cache=True)
            return reponse
        etag = self._etag(adresse)
        # « * » asks whether there is such a page, which only making it tells.
        if request.headers.get("If-None-Match") != "*" and (inchangee := get_conditional_response(request, etag)):
            return _marquer(inchangee, etag)
        return self._page(request, adresse, etag)

    def _etag(self, adresse: str) -> str:
        # Read before the page is made: of a publication in between, the page may show too much, never too little.
        edition = Edition.objects.values_list("numero", flat=True).get(pk=1)
        dits = [getattr(settings, nom) for nom in ("SITE_URL", *A_DIRE)]
        cle = f"{adresse} {edition} {timezone.localdate()} {self.code} {dits}"
        return f'W/"{hashlib.sha256(cle.encode()).hexdigest()[:32]}"'

    def _page(self, request: HttpRequest, adresse: str, etag: str) -> HttpResponseBase:
        encodage = _encodage(request)
        cle = _cle(adresse, encodage)
        if (connue := self.pages.lire(cle)) and connue.entetes["ETag"] == etag:
            return HttpResponse(connue.corps, headers=connue.entetes | {"Server-Timing": "cache"})
        reponse = self.suite(request)
        if reponse.status_code != 200 or reponse.streaming or reponse.cookies or not isinstance(reponse, HttpResponse):
            return reponse
        _marquer(reponse, etag)
        # With a question, a page is made each time: words searched leave no trace that another reader could measure,
        # and parameters that mean nothing make no page of their own.
        gardee = "?" not in adresse
        if request.method == "GET" and len(reponse.content) <= OCTETS_GARDES:
            if encodage == "br":
                _en_brotli(reponse, QUALITE_GARDEE if gardee else QUALITE)
            if gardee:
                self.pages.garder(cle, Page(reponse.content, dict(reponse.headers), timezone.now()))
        return reponse

    def _derniere_connue(self, request: HttpRequest, adresse: str) -> HttpResponse | None:
        """Return the last page made at this address, marked as such and kept by nobody; None without one."""
        formes = sorted(DECODER, key=lambda forme: forme != _encodage(request))
        page = next(filter(None, (self.pages.lire(_cle(adresse, forme)) for forme in formes)), None)
        if page is None:
            return None
        entetes = {nom: valeur for nom, valeur in page.entetes.items() if nom not in PERIMES}
        corps = DECODER[page.entetes.get("Content-Encoding", "")](page.corps)
        if entetes["Content-Type"].startswith("text/html"):
            corps = _annoncer(corps, page)
        if "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", ""):  # made for this answer only: the quickest
            corps = gzip.compress(corps)
            entetes["Content-Encoding"] = "gzip"
        entetes |= {"Cache-Control": "no-store", "Warning": '110 - "Response is Stale"', "Vary": "Accept-Encoding"}
        return HttpResponse(corps, headers=entetes)


def _cle(adresse: str, encodage: str) -> str:
    return f"{adresse} {encodage}"


def _encodage(request: HttpRequest) -> str:
    """Return how a kept page is sent to this browser: the best of what `EncodagesMiddleware` left, or nothing."""
    acceptes = request.META.get("HTTP_ACCEPT_ENCODING", "")
    return next((nom for nom in CONNUS if nom in acceptes), "")


def _en_brotli(reponse: HttpResponse, qualite: int) -> None:
    """Compress better than gzip: a page made for nobody holds no secret that its length would tell (BREACH)."""
    clair = DECODER[reponse.get("Content-Encoding", "")](reponse.content)
    reponse.content = brotli.compress(clair, mode=brotli.MODE_TEXT, quality=qualite)
    reponse["Content-Encoding"], reponse["Content-Length"] = "br", str(len(reponse.content))


def _annoncer(corps: bytes, page: Page) -> bytes:
    """Return the page with a line that says when it was made, at the top of its content."""
    annonce = render_to_string("mise_en_page/_derniere_connue.html", {"faite": page.faite}).encode()
    return DEBUT_DU_CONTENU.sub(lambda debut: debut.group() + annonce, corps, count=1)


def _est_lue(request: HttpRequest) -> bool:
    try:
        return resolve(request.path_info).view_name in LUES
    except Resolver404:
        return False


def _marquer(reponse: HttpResponseBase, etag: str) -> HttpResponseBase:
    """Let caches keep the page, on condition that they ask each time whether it is still the same."""
    reponse["ETag"] = etag
    patch_cache_control(reponse, no_cache=True)
    patch_vary_headers(reponse, ["Accept-Encoding"])
    return reponse
