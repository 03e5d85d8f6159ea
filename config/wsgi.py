"""The entry point of WSGI servers: `granian --interface wsgi config.wsgi:application`, gunicorn or any other."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

application = get_wsgi_application()
