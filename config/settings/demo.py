"""`make demo`: the discipline of production (no debug, same server, same static files) on one machine, without TLS."""

from config import environnement
from config.settings.base import *  # noqa: F403
from config.settings.base import BASE_DIR, INSTALLED_APPS

SECRET_KEY = environnement.lire("SECRET_KEY", defaut=environnement.cle_locale(BASE_DIR))
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
SITE_URL = environnement.lire("SITE_URL", defaut=f"http://127.0.0.1:{environnement.lire('PORT')}")
DEMO = True
INSTALLED_APPS = [*INSTALLED_APPS, "demo"]
SECOND_FACTEUR_REQUIS = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # http://localhost; browsers refuse access keys on 127.0.0.1
# Nothing leaves this machine: /demo/courriels/ shows what would have.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
DEFAULT_FROM_EMAIL = "Santé en territoires <ne-pas-repondre@exemple.fr>"
