"""Production: every required variable must be given; HTTPS unless said otherwise (docs/exploitation.md)."""

from config import environnement
from config.settings.base import *  # noqa: F403
from config.settings.base import LOGGING

DATABASES = {"default": environnement.lire("DATABASE_URL")}
SECRET_KEY = environnement.lire("SECRET_KEY")
ALLOWED_HOSTS = environnement.lire("ALLOWED_HOSTS")
SITE_URL = environnement.lire("SITE_URL")
CSRF_TRUSTED_ORIGINS = [SITE_URL]

HTTPS = environnement.lire("HTTPS")
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^sante$"]  # the health probe asks the process itself, without TLS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# Neither the other sites of the domain nor the browsers' preload lists: a city must not be locked in by our default.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if environnement.lire("PROXIES"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING["formatters"]["ligne"] = {"()": "config.journaux.LigneJson"}
