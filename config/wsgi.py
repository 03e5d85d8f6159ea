"""The entry point of WSGI servers: `granian --interface wsgi config.wsgi:application`, gunicorn or any other."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
django = get_wsgi_application()

from config.porte import Porte  # noqa: E402  # models are not ready before

application = Porte(django)
