"""Unavailability of the database, told from the errors of our own: away, stopping, read-only, full, busy."""

from collections.abc import Iterator

import psycopg
from django.db import InterfaceError, OperationalError

LECTURE_SEULE = "25006"
# What PostgreSQL says when it cannot do its work, by the classes and codes of its appendix A: connections, conflicts,
# resources (disk, memory, connections), operators (stops, time-outs), system; read-only, locks, time-outs of sessions.
CLASSES = ("08", "40", "53", "57", "58")
ETATS = (LECTURE_SEULE, "25P03", "25P04", "55P03")
ABSENTE = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)


def base_indisponible(erreur: BaseException | None) -> bool:
    """Say whether the database could not do its work. It will by itself."""
    return any(isinstance(une, ABSENTE) or _etat(une).startswith((*CLASSES, *ETATS)) for une in _causes(erreur))


def base_en_lecture_seule(erreur: BaseException | None) -> bool:
    return any(_etat(une) == LECTURE_SEULE for une in _causes(erreur))


def _causes(erreur: BaseException | None) -> Iterator[BaseException]:
    """Yield the error, then what it came from: Django and its libraries wrap those of PostgreSQL, and wrap again."""
    vues: set[int] = set()
    while erreur and id(erreur) not in vues:
        yield erreur
        vues.add(id(erreur))
        erreur = erreur.__cause__ or erreur.__context__


def _etat(erreur: BaseException) -> str:
    return getattr(erreur, "sqlstate", None) or ""
