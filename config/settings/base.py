"""Settings common to every environment; what depends on the machine comes from config/environnement.py."""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from config import base_embarquee, environnement
from config.settings.comptes import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent.parent

DEBUG = False
INSTALLED_APPS = [
    "django.contrib.admin.apps.SimpleAdminConfig",  # our own site: moderation/administration.py
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "procrastinate.contrib.django",
    # Ours, from the ground up (docs/architecture.md)
    "francais",
    "courriels",
    "territoires",
    "comptes",
    "fiches",
    "dispositifs",
    "actions",
    "comparaison",
    "veille",
    "recherche",
    "panorama",
    "contenu",
    "contributions",
    "moderation",
]
# Sessions and CSRF cost nothing and set no cookie until a page touches them: pages that are only read never do.
# Headers come before whatever may answer by itself (static files, refusals): nothing leaves without them.
MIDDLEWARE = [
    "config.journaux.JournalMiddleware",
    "config.entetes.EntetesMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.limites.LimitesMiddleware",
    "config.encodages.EncodagesMiddleware",
    "config.lecture.LectureMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "comptes.sessions.SessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            # No `auth` context processor: touching `request.user` opens the session, and readers have none.
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "comptes.contexte.compte",
            ],
            "builtins": ["francais.balises", "territoires.balises", "config.balises"],
        },
    }
]

SILENCED_SYSTEM_CHECKS = ["admin.E402"]  # the administration gives the person to its own pages

DATABASES = {"default": environnement.base_de_donnees(defaut=base_embarquee.url())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "comptes.Utilisateur"

# The demonstration shows its e-mails and its invented people, and asks nobody for a second factor.
DEMO = False
SECOND_FACTEUR_REQUIS = True

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / ".statiques"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.jointure.FichiersJoints"},
}

# The content security policy: nothing but our own files, no inline style or script, no frame.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "worker-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "report-uri": ["/csp-rapports/"],
        "report-to": "csp",  # the same, for newer browsers: config/entetes.py says where « csp » is
    }
}
PROCONNECT = environnement.proconnect()
CONTACT_SECURITE = environnement.lire("CONTACT_SECURITE")
# What the operator says in the declaration of accessibility (config/accessibilite.py)
ORGANISME = environnement.lire("ORGANISME")
CONTACT_ACCESSIBILITE = environnement.lire("CONTACT_ACCESSIBILITE")
SCHEMA_ACCESSIBILITE = environnement.lire("SCHEMA_ACCESSIBILITE")
DECLARATION_ACCESSIBILITE = environnement.lire("DECLARATION_ACCESSIBILITE")
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "contributions.redaction.formulaire_expire.repondre"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
TAILLE_REQUETE_MAX = 2_000_000  # bytes, files included (config/limites.py)
# The same, where files are received.
TAILLES_DES_DEPOTS = {
    "/contribuer/tableau/": 6_000_000,
    "/moderation/fichiers-officiels/": 16_000_000,
}

MEMOIRE_DES_PAGES = environnement.lire("MEMOIRE_PAGES") * 1_000_000  # bytes (config/memoire.py)

# Going out to the web is chosen: neither the demo nor the tests do.
VERIFIER_SOURCES = environnement.lire("VERIFIER_SOURCES")

# Old is not wrong, but never shows as true (dispositifs/age.py).
AGE_DES_CONSTATS = environnement.lire("AGE_DES_CONSTATS")  # months

# What the site promises (contributions/delais.py), and who is written to when nobody keeps it.
DELAI_DECISION = environnement.lire("DELAI_DECISION")  # days
DELAI_URGENT = environnement.lire("DELAI_URGENT")  # hours
DELAI_ANNULATION = environnement.lire("DELAI_ANNULATION")  # minutes
DELAI_REPONSE = environnement.lire("DELAI_REPONSE")  # days
ADRESSE_DE_SECOURS = environnement.lire("ADRESSE_DE_SECOURS")

EMAIL_TIMEOUT = 20
PLAFOND_COURRIELS = environnement.lire("PLAFOND_COURRIELS")
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "taches"
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "successful"}

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "ligne": {
            "()": "config.journaux.Ligne",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "ligne"}},
    "root": {"handlers": ["stderr"], "level": environnement.lire("JOURNAUX")},
    "loggers": {
        "django": {"handlers": []},  # Django's own handlers would say things twice, or by e-mail
        "django.request": {"level": "ERROR"},  # a page not found is told by « acces »
        "acces": {"level": "WARNING"},  # one line a request is for production
        "procrastinate": {"level": "WARNING"},  # two lines a job otherwise
    },
}
