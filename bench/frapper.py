"""The drill of the door: thousands of requests drawn at random, none of which may be a failure of ours.

Run `make epreuve-http` (ARGS=12000 for that many, ARGS="12000 7" for another draw). Every address of the site, any
method, type, header, body and person, with the settings of production, below Django's test client, in this process, on
a database of its own, dropped at the end. Now and then a form is filled in as people do, for what succeeds has answers
too. It fails at any 5xx, at any answer without the headers that protect, and when no such form was accepted.
"""

import logging
import os
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import quote, unquote_to_bytes, urlencode

from mesurer import base_d_essai, preparer

HOTE = "sante.exemple.fr"
REGLAGES = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ALLOWED_HOSTS": HOTE,
    "SITE_URL": f"https://{HOTE}",
    "EMAIL_URL": "smtp://127.0.0.1:9",
    "EMAIL_FROM": "site@exemple.fr",
}
ENTETES = (
    "Content-Security-Policy Strict-Transport-Security X-Content-Type-Options X-Frame-Options Referrer-Policy"
    " Cross-Origin-Opener-Policy Cross-Origin-Resource-Policy Permissions-Policy X-Request-Id"
).split()
HSTS = "Strict-Transport-Security"
PERSONNES = ("visiteur", "contributeur", "moderateur", "administrateur")
RELEVE = 100  # requests after which people sign in again: some of them close their account, or sign out
METHODES = ["GET"] * 8 + ["POST"] * 8 + "HEAD OPTIONS PUT PATCH DELETE TRACE PROPFIND get".split()
CODECS = "utf-8 utf-16 utf-7 latin-1 base64 hex rot13 zlib bz2 punycode idna undefined unicode_escape uu mbcs".split()
TYPES = [
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=" + "x" * 300,
    "multipart/mixed; boundary=x",
    "application/json",
    "application/csp-report",
    "text/plain",
    "x/y; a*=base64''%41",
    "x/y; charset*=zlib''x",
    ";",
    "é",
    "",
    *(f"{sorte}; charset={codec}" for codec in CODECS for sorte in ("x/y", "application/x-www-form-urlencoded")),
]
PARTIE = 'Content-Disposition: form-data; name="{}"'
CORPS: list[bytes] = [
    b"",
    b"a=b",
    b"a=%FF%00&b=%ED%A0%80",
    b"&=&=&",
    b"a" * 50_000,
    b"\x00" * 300,
    bytes(range(256)),
    "a=é".encode("utf-16"),
    b"{",
    b"[" * 5_000,
    b'[{"body": {"documentURL": "http://[", "blockedURL": 3}}]',
    b'{"csp-report": {"document-uri": "http://[::1", "line-number": {}}}',
    b"&".join(b"a=%d" % n for n in range(2_500)),
    f"--x\r\n{PARTIE.format('a')}\r\n\r\nb\r\n--x--\r\n".encode(),
    f"--x\r\n{PARTIE.format('a')}; filename*=base64''%41\r\n\r\nb\r\n--x--\r\n".encode(),
    f"--x\r\n{PARTIE.format('a')}\r\nContent-Transfer-Encoding: base64\r\n\r\n!\r\n--x--".encode(),
    f"--x\r\n{PARTIE.format('a')}; filename=é\r\nContent-Type: text/plain; charset=hex\r\n\r\n\x00".encode(),
]
VALEURS = [
    *("", "0", "1", "-1", "9" * 30, "1e9", "nan", "é", "\x00", "\ud800", "🏥" * 40, "a" * 500, "' OR 1=1 --"),
    *(
        "<script>",
        "../../etc/passwd",
        "%",
        "%s{}",
        "50 %",
        "%(proches)9s",
        "\x01\x1b",
        "\ufffe",
        "漢",
        "pdf",
        "docx",
        "\r\nX: y",
        "2026-13-45",
        "٣",
        "76540",
        "local",
        "csv",
        "json",
        "asv",
    ),
    *('"', '"' * 200, "(" * 200, "OU " * 60, "true", "null", "[]", "//ailleurs.exemple/", "on", "envoyer", "santé"),
]
CHAMPS = (
    "q page p nature territoire theme public etat tri format d a b section niveau ligne bloc departement fragment"
    " version ouvert affichage texte categorie titre pourquoi courriel email code next envoyer brouillon action"
    " geste motif sur depot explication ajustements passage confirmer reprise state section-description section-cout"
    " chiffres-0-valeur _popup"
).split()
ODEURS: list[dict[str, str]] = [
    *({"HTTP_HOST": hote} for hote in ("", "ailleurs.exemple", "[::1", "a@b", "sante.exemple.fr:99999", "é")),
    *({"HTTP_COOKIE": c} for c in ("=", "a", "messages=x", "__Host-session=" + "z" * 32, "__Host-csrf=é")),
    *({"HTTP_ACCEPT_ENCODING": e} for e in ("gzip;q=0", "*;q=nan", "br, gzip", "," * 200, "é")),
    *({"HTTP_IF_NONE_MATCH": e} for e in ("*", "W/", '"a', "," * 200)),
    *({"HTTP_IF_MODIFIED_SINCE": e} for e in ("hier", "Thu, 01 Jan 0000 00:00:00 GMT")),
    *({"HTTP_RANGE": e} for e in ("bytes=0-", "bytes=9-1", "bytes=-9999999999999999999999")),
    *({"HTTP_X_FORWARDED_PROTO": e} for e in ("http", "", "https,http")),
    *({"HTTP_X_FORWARDED_FOR": e} for e in ("", "é", "::1", "999.1.1.1", "a," * 200, "1.2.3.4, 5.6.7.8")),
    *({"CONTENT_LENGTH": e} for e in ("", "-1", "abc", "²", "9" * 12, "9" * 40, "1")),
    *({"HTTP_ACCEPT_LANGUAGE": e} for e in ("xx", "é", "a" * 600, "fr;q=x")),
    *({"HTTP_REFERER": e} for e in ("http://[", "é", "https://ailleurs.exemple/")),
    *({"HTTP_ORIGIN": e} for e in ("null", "http://[")),
    *({"HTTP_X_REQUEST_ID": e} for e in ("a" * 32, "é" * 20, '"}')),
    {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"},
    {"HTTP_X_CSRFTOKEN": "é"},
    {"HTTP_AUTHORIZATION": "Basic !!!"},
    {"HTTP_ACCEPT": "application/json"},
    {"HTTP_TRANSFER_ENCODING": "chunked"},
    {"HTTP_EXPECT": "100-continue"},
    {"HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE"},
]


def adresses(hasard: random.Random) -> Callable[[], str]:
    """Return who draws an address of the site: a pattern, its blanks filled with what exists or with anything."""
    from django.urls import URLPattern, URLResolver, get_resolver

    from contributions.models import Proposition, Signalement
    from fiches.models import Fiche

    def motifs(resolveur: URLResolver, debut: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
        for motif in resolveur.url_patterns:
            if isinstance(motif, URLPattern):
                yield (*debut, motif.pattern)
            else:
                yield from motifs(motif, (*debut, motif.pattern))

    connus = list(motifs(get_resolver()))
    fiches = [fiche.get_absolute_url() for fiche in Fiche.objects.all()[:20]]
    slugs = [fiche.strip("/").rpartition("/")[2] for fiche in fiches] + ["76540", "76", "commune", "local", "rien"]
    jetons = [une.jeton for une in (*Proposition.objects.all(), *Signalement.objects.all())]

    def blanc(nom: str, convertisseur: Any) -> str:
        if hasard.random() < 0.1:
            return quote(hasard.choice(VALEURS).encode("utf-8", "surrogatepass"))
        if nom == "jeton":
            return hasard.choice(jetons)
        sorte = type(convertisseur).__name__
        return {
            "IntConverter": lambda: hasard.choice(["1", "2", "3", "0", "9" * 10, "9" * 25]),
            "CheminDeNature": lambda: hasard.choice(convertisseur.regex.split("|")),
        }.get(sorte, lambda: hasard.choice(slugs))()

    def tirer() -> str:
        if hasard.random() < 0.03:
            return "/" + quote(hasard.choice(VALEURS).encode("utf-8", "surrogatepass"), safe="/%")
        if hasard.random() < 0.1:
            return hasard.choice(fiches) + hasard.choice(
                ["", "proposer/", "corriger/", "signaler/", "historique/", "comparer/"]
            )
        chemin = "/"
        for motif in hasard.choice(connus):
            route = getattr(motif, "_route", "")  # regular expressions: those of the catch-all of the administration
            for nom, convertisseur in motif.converters.items():
                debut, _, reste = route.partition("<")
                route = debut + blanc(nom, convertisseur) + reste.partition(">")[2]
            chemin += route
        return chemin

    return tirer


def champs(hasard: random.Random) -> str:
    paires = [(hasard.choice(CHAMPS), hasard.choice(VALEURS)) for _ in range(hasard.randrange(6))]
    return urlencode(paires, errors="surrogatepass")


def demande(hasard: random.Random, adresse: str, session: str) -> dict[str, Any]:
    """Return a request as a server hands it over (PEP 3333)."""
    corps = hasard.choice(CORPS) if hasard.random() < 0.25 else champs(hasard).encode()
    cookies = "__Host-csrf=" + "a" * 32 + (f"; __Host-session={session}" if session else "")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": hasard.choice(METHODES),
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(adresse).decode("latin-1"),
        "QUERY_STRING": champs(hasard) if hasard.random() < 0.5 else "",
        "CONTENT_TYPE": hasard.choice(TYPES) if hasard.random() < 0.25 else TYPES[0],
        "CONTENT_LENGTH": str(len(corps)),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": HOTE,
        "HTTP_ORIGIN": f"https://{HOTE}",
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_FOR": f"203.0.113.{hasard.randrange(256)}",
        "HTTP_X_CSRFTOKEN": "a" * 32,
        "HTTP_COOKIE": cookies,
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(corps),
        "wsgi.errors": sys.stderr,
    }
    for _ in range(hasard.choice([0, 0, 0, 1, 2])):
        environ |= hasard.choice(ODEURS)
    return environ


def repondre(application: Any, environ: dict[str, Any]) -> tuple[int, set[str]]:
    """Return the status and the names of the headers, once the body is read to its end as a server does."""
    recu: list[Any] = []
    corps = application(dict(environ), lambda etat, entetes, *_: recu.extend((int(etat[:3]), {n for n, _ in entetes})))
    b"".join(corps)
    if fermer := getattr(corps, "close", None):
        fermer()
    return recu[0], recu[1]


def peupler() -> None:
    """Something to decide on: what is in the queue has addresses of its own."""
    from fiches.models import Fiche
    from tests.contributions.recits import personne, proposition, signalement

    for fiche in Fiche.objects.filter(nature="dispositif")[:3]:
        proposition(fiche, auteur=personne(), titre=f"{fiche.titre} (essai)")
        signalement(fiche)


def connecter() -> dict[str, str]:
    """Return the session of each kind of person, opened anew."""
    from django.conf import settings
    from django.test import Client

    from comptes.models import Utilisateur
    from comptes.roles import Role, donner

    roles_donnes = {"contributeur": None, "moderateur": Role.MODERATEUR, "administrateur": Role.ADMINISTRATEUR}
    sessions = {"visiteur": ""}
    for genre, role in roles_donnes.items():
        compte = Utilisateur.objects.create_user(f"{genre}-{time.monotonic_ns()}@exemple.fr")
        if role:
            donner(compte, role)
        client = Client()
        client.force_login(compte, backend="django.contrib.auth.backends.ModelBackend")
        sessions[genre] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return sessions


def deposer(fiche: str, numero: int) -> tuple[int, set[str]]:
    """Hand in a proposition as a visitor does, from a network and an address of her own; return as `repondre`."""
    from django.test import Client

    from tests.contributions.papier import ouvrir

    venue = {"REMOTE_ADDR": f"198.51.{numero // 200 % 200}.{numero % 200}", "HTTP_X_FORWARDED_PROTO": "https"}
    papier = ouvrir(Client(HTTP_HOST=HOTE, **venue), f"{fiche}proposer/")
    section = min(nom for nom in papier.noms if nom.startswith("section-"))
    papier.remplir(**{section: f"{papier[section]}\n\nUn mot de plus."})
    reponse = papier.signer(courriel=f"visiteuse-{numero}@exemple.fr").envoyer()
    return reponse.status_code, set(reponse.headers)


def frapper(combien: int, graine: int) -> int:
    """Send that many requests; return how many were answered as none should be, each of them printed."""
    from django.core.signals import got_request_exception

    from config.wsgi import application
    from fiches.models import Fiche

    traces: list[str] = []
    got_request_exception.connect(lambda **_: traces.append(traceback.format_exc(limit=-3)), weak=False)
    hasard = random.Random(graine)  # noqa: S311
    tirer, codes, fautes = adresses(hasard), Counter[int](), 0
    sessions: dict[str, str] = {}
    fiches = [fiche.get_absolute_url() for fiche in Fiche.objects.filter(nature="dispositif", etat="publiee")]
    debut = time.monotonic()
    for numero in range(combien):
        if numero % RELEVE == 0:
            sessions = connecter()
            code, entetes = deposer(hasard.choice(fiches), numero)
            codes[code] += 1
            if code != HTTPStatus.SEE_OTHER or not set(ENTETES) <= entetes:
                fautes += 1
                print(f"\n{code} nº {numero}, une proposition comme les autres, manquent {set(ENTETES) - entetes}")
        genre = hasard.choice(PERSONNES)
        environ = demande(hasard, tirer(), sessions[genre])
        traces.clear()
        code, entetes = repondre(application, environ)
        codes[code] += 1
        en_clair = environ["HTTP_X_FORWARDED_PROTO"] != "https"  # where browsers must not read it
        manquent = [nom for nom in ENTETES if nom not in entetes and not (en_clair and nom == HSTS)]
        if manquent or (code >= 500 and environ["PATH_INFO"] != "/sante/pret"):
            fautes += 1
            envoye = {nom: valeur for nom, valeur in environ.items() if nom.isupper() and nom != "HTTP_COOKIE"}
            corps = environ["wsgi.input"].getvalue()[:300]
            print(f"\n{code} nº {numero}, {genre}, manquent {manquent}\n{envoye}\n{corps!r}\n{''.join(traces[-1:])}")
    detail = ", ".join(f"{nombre} × {code}" for code, nombre in sorted(codes.items()))
    print(f"{combien} demandes (tirage {graine}) : {detail} ; {time.monotonic() - debut:.0f} s, {fautes} faute(s).")
    return fautes


def main(combien: int = 12_000, graine: int = 1) -> None:
    with base_d_essai() as adresse:
        os.environ |= REGLAGES
        preparer(adresse, "config.settings.production")
        from django.conf import settings
        from django.db import connection

        settings.SECOND_FACTEUR_REQUIS = False
        logging.disable(logging.CRITICAL)
        peupler()
        fautes = frapper(combien, graine)
        connection.close()
    sys.exit(1 if fautes else 0)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
