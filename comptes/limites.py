"""Limits on how often one may try: those of allauth, counted in a table that no flood empties (decision 31).

`ComptesConfig.ready()` puts `consommer` and `oublier` in the place of allauth's own, which count in a cache.
"""

from collections.abc import Iterator
from datetime import timedelta

from allauth.core.exceptions import RateLimited
from allauth.core.internal.ratelimit import Rate, RateLimitUsage, get_rates
from django.db import connection
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from comptes.models import CROYABLE, Limite
from comptes.reseau import VOISINS, marquer, reseaux

# One statement, so that a hundred requests at once are counted a hundred. A window that seems to end too late was
# opened before the clock was put back: it still counts, and is brought back to its length.
COMPTER = """
    INSERT INTO comptes_limite AS l (cle, nombre, fin) VALUES (%(cle)s, 1, %(fin)s)
    ON CONFLICT (cle) DO UPDATE SET
        nombre = CASE WHEN l.fin <= %(maintenant)s OR l.fin > %(croyable)s THEN 1 ELSE l.nombre + 1 END,
        fin = CASE WHEN l.fin <= %(maintenant)s THEN excluded.fin ELSE least(l.fin, excluded.fin) END
    RETURNING nombre
"""


def consommer(
    request: HttpRequest,
    *,
    app: str,
    action: str,
    config: dict[str, str] | None = None,
    key: str | None = None,
    user=None,
    dry_run: bool = False,
    limit_get: bool = False,
    raise_exception: bool = False,
) -> RateLimitUsage | None:
    """Count one more `action` of this request; return None (or raise RateLimited) when it is one too many.

    The rates are those of allauth, « 3/m/key,20/m/ip »: by key, by person, or by network, then by its neighbours.
    """
    if request.method == "GET" and not limit_get:
        return RateLimitUsage(usage=[])
    for taux in get_rates(app=app, action=action, config=config):
        for cle, permis in _comptes(request, taux, f"{app}:{action}:{taux}", key, user):
            if _nombre(cle, timedelta(seconds=taux.duration), dry_run=dry_run) > permis:
                if raise_exception:
                    raise RateLimited
                return None
    return RateLimitUsage(usage=[])


def oublier(
    request: HttpRequest,
    *,
    app: str,
    action: str,
    config: dict[str, str] | None = None,
    key: str | None = None,
    user=None,
) -> None:
    """Forget the tries of a person who proved who she is, and this one of her network, whose others stay counted."""
    for taux in get_rates(app=app, action=action, config=config):
        cles = [cle for cle, _ in _comptes(request, taux, f"{app}:{action}:{taux}", key, user)]
        comptees = Limite.objects.filter(cle__in=cles, nombre__gt=0)
        if taux.per == "ip":
            comptees.update(nombre=F("nombre") - 1)
        else:
            comptees.delete()


def _comptes(request: HttpRequest, taux: Rate, quoi: str, key: str | None, user) -> Iterator[tuple[str, int]]:
    """Yield where a rate is counted, and how many times it allows there."""
    if taux.per == "ip":
        proche, large = reseaux(request)
        qui = [(proche, taux.amount), (large, taux.amount * VOISINS)]
    elif taux.per == "user":
        qui = [(str((user or request.user).pk), taux.amount)]
    elif key is None:
        raise ValueError(f"{quoi} se compte par clé, et n’en a pas reçu.")
    else:
        qui = [(key, taux.amount)]
    for nom, permis in qui:
        yield marquer(f"{quoi}:{nom}"), permis


def _nombre(cle: str, duree: timedelta, *, dry_run: bool) -> int:
    """Count one more and return how many this window has seen; with `dry_run`, how many it would have."""
    maintenant = timezone.now()
    if dry_run:
        en_cours = Limite.objects.filter(cle=cle, fin__gt=maintenant, fin__lte=maintenant + duree + CROYABLE)
        return 1 + sum(en_cours.values_list("nombre", flat=True))
    instants = {"maintenant": maintenant, "fin": maintenant + duree, "croyable": maintenant + duree + CROYABLE}
    with connection.cursor() as curseur:
        curseur.execute(COMPTER, {"cle": cle, **instants})
        return curseur.fetchone()[0]
