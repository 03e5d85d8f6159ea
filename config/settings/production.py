"""Production: every required variable must be given; HTTPS unless said otherwise."""

from config import environnement
from config.settings.base import *  # noqa: F403

environnement.lire("DATABASE_URL", requise=True)
SECRET_KEY = environnement.lire("SECRET_KEY", requise=True)
if len(SECRET_KEY) < 50:
    environnement.refuser("SECRET_KEY est trop courte : il faut 50 caractères tirés au hasard.")
ALLOWED_HOSTS = environnement.lire_liste("ALLOWED_HOSTS", requise=True)

HTTPS = environnement.lire_choix("HTTPS", ("0", "1"), defaut="1") == "1"
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
if environnement.lire_entier("PROXIES", defaut=1):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
