#!/usr/bin/env python
"""Django's command line, with the demo's settings unless DJANGO_SETTINGS_MODULE says otherwise."""

import os
import sys

from django.core.management import execute_from_command_line
from django.db import OperationalError

from config.environnement import refuser


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.demo")
    try:
        execute_from_command_line(sys.argv)
    except OperationalError as erreur:
        if getattr(erreur.__cause__, "sqlstate", None):
            raise  # the database answered: this is not a matter of configuration
        refuser(f"la base de données ne répond pas ({str(erreur).splitlines()[0]}) ; vérifiez DATABASE_URL.")


if __name__ == "__main__":
    main()
