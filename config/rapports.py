"""Reports of browsers when the content security policy stopped something: a hint of an attack, or of our mistake."""

import json
import logging
from collections.abc import Iterator
from threading import Lock
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

logger = logging.getLogger(__name__)
OCTETS_MAX = 16_000
RAPPORTS_MAX = 10  # in one message
PAR_MINUTE = 30  # for each process; beyond, we know enough


class Compteur:
    """How many in the current minute, in the memory of the process: a report must not cost a query."""

    def __init__(self, maximum: int):
        self.maximum, self.verrou = maximum, Lock()
        self.minute, self.compte = 0, 0

    def accepte(self) -> bool:
        with self.verrou:
            minute = int(monotonic() // 60)
            if minute != self.minute:
                self.minute, self.compte = minute, 0
            self.compte += 1
            return self.compte <= self.maximum


compteur = Compteur(PAR_MINUTE)


@csrf_exempt
@require_POST
def csp(request: HttpRequest) -> HttpResponse:
    """Write each report in the logs: what was stopped, on which page, never what was searched nor by whom."""
    if not compteur.accepte():
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    recu = request.read(OCTETS_MAX + 1)
    if len(recu) > OCTETS_MAX:
        return HttpResponse(status=413)
    try:
        rapports = list(_rapports(json.loads(recu)))[:RAPPORTS_MAX]
    except (ValueError, RecursionError):
        return HttpResponse(status=400)
    for rapport in rapports:
        logger.warning("Politique de contenu : %s", rapport)
    return HttpResponse(status=204)


def _rapports(recu: Any) -> Iterator[str]:
    """Yield reports in words, from the old form (`report-uri`, one) or the new one (`report-to`, a list)."""
    for element in recu if isinstance(recu, list) else [recu]:
        corps = element.get("body", element.get("csp-report")) if isinstance(element, dict) else None
        if not isinstance(corps, dict):
            continue
        directive = _mot(corps, "effectiveDirective", "effective-directive", "violated-directive")
        bloque = _origine(_mot(corps, "blockedURL", "blocked-uri"))
        page = urlsplit(_mot(corps, "documentURL", "document-uri")).path
        ligne = _mot(corps, "lineNumber", "line-number")
        yield f"{directive} a refusé {bloque} sur {_lisible(page)}, ligne {ligne or '?'}"


def _mot(corps: dict, *noms: str) -> str:
    valeur = next((corps[nom] for nom in noms if corps.get(nom)), "")
    return _lisible(str(valeur)) if isinstance(valeur, (str, int)) else ""


def _lisible(texte: str) -> str:
    """Return a short text on one line: whoever writes to us must not write our logs."""
    return "".join(lettre for lettre in texte[:300] if lettre.isprintable())


def _origine(adresse: str) -> str:
    parties = urlsplit(adresse)
    return f"{parties.scheme}://{parties.hostname}" if parties.hostname else adresse[:20] or "?"
