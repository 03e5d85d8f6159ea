"""The database that those of the tests are copied from: to migrate takes five seconds, to copy one.

The first run after a change of the migrations leaves it on the embedded server.
"""

import contextlib
from hashlib import sha256
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, ProgrammingError, connection


def nom() -> str:
    """Return its name, which says what it depends on: the migrations, and the packages, which have theirs."""
    fichiers = [*settings.BASE_DIR.glob("requirements/*.txt")]
    for application in apps.get_app_configs():
        fichiers += Path(application.path).glob("migrations/*.py")
    empreinte = sha256(b"".join(fichier.read_bytes() for fichier in sorted(fichiers)))
    return f"gabarit_{empreinte.hexdigest()[:16]}"


def noms() -> set[str]:
    """Return the names of those that are there, outdated ones included."""
    with connection._nodb_cursor() as curseur:
        curseur.execute("SELECT datname FROM pg_database WHERE datname LIKE 'gabarit%'")
        return {base for (base,) in curseur.fetchall()}


def garder() -> None:
    """Keep a copy of the database of this run, where nothing but migrations has written."""
    neuf, anciens = nom(), noms()
    if neuf in anciens:
        return
    connection.close()
    with connection._nodb_cursor() as curseur:
        for ancien in anciens:
            curseur.execute(f'DROP DATABASE IF EXISTS "{ancien}"')
        with contextlib.suppress(ProgrammingError, IntegrityError):  # another process has just made it, or makes it
            curseur.execute(f'CREATE DATABASE "{neuf}" TEMPLATE "{connection.settings_dict["NAME"]}"')
