"""Production: every required variable must be given; HTTPS unless said otherwise (docs/exploitation.md)."""

from urllib.parse import urlsplit

from config import environnement
from config.settings.base import *  # noqa: F403
from config.settings.base import LOGGING, SILENCED_SYSTEM_CHECKS

DATABASES = {"default": environnement.base_de_donnees()}
SECRET_KEY = environnement.lire("SECRET_KEY")
SECRET_KEY_FALLBACKS = environnement.lire("SECRET_KEY_FALLBACKS") or []
ALLOWED_HOSTS = environnement.lire("ALLOWED_HOSTS")
SITE_URL = environnement.lire("SITE_URL")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
DEFAULT_FROM_EMAIL = environnement.lire("EMAIL_FROM")
COURRIER = environnement.lire("EMAIL_URL")
EMAIL_HOST, EMAIL_PORT = COURRIER["hote"], COURRIER["port"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = COURRIER["utilisateur"], COURRIER["secret"]
EMAIL_USE_TLS, EMAIL_USE_SSL = COURRIER["tls"], COURRIER["tls_immediat"]

HTTPS = environnement.lire("HTTPS")
SECURE_SSL_REDIRECT = HTTPS
SECURE_SSL_HOST = urlsplit(SITE_URL).netloc  # an unknown name leads to ours, with its headers
SECURE_REDIRECT_EXEMPT = [r"^sante(/pret)?$"]  # probes ask the process itself, without TLS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
if HTTPS:  # browsers take a cookie of that name from this host alone, over TLS: no neighbour can plant one
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# Neither the other sites of the domain nor the browsers' preload lists: a city must not be locked in by our default.
SILENCED_SYSTEM_CHECKS = [*SILENCED_SYSTEM_CHECKS, "security.W005", "security.W021"]
ALLAUTH_TRUSTED_PROXY_COUNT = environnement.lire("PROXIES")  # whose X-Forwarded-For the rate limits believe
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING["loggers"]["acces"] = {}
LOGGING["formatters"]["ligne"] = {"()": "config.journaux.LigneJson"}
