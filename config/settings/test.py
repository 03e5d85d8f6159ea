"""Tests: as the demo, with what makes them fast and strict."""

import os

from config.settings.base import *  # noqa: F403
from config.settings.base import DATABASES, INSTALLED_APPS, MIDDLEWARE, TEMPLATES


class VariableAbsente(str):
    """Value of an undefined template variable: using one is an error, not an empty string."""

    __slots__ = ()

    def __mod__(self, nom: object) -> str:
        raise AssertionError(f"Variable de gabarit indéfinie : {nom}")

    def __contains__(self, texte: object) -> bool:
        return texte == "%s"


SECRET_KEY = "clé des tests, sans valeur ailleurs, assez longue pour être acceptée par check"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SITE_URL = "http://testserver"
DEMO = True
INSTALLED_APPS = [*INSTALLED_APPS, "demo"]
SECOND_FACTEUR_REQUIS = False
CADENCE_DES_REPONSES = 0  # nobody waits, but in the tests of comptes/cadence.py
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
DEFAULT_FROM_EMAIL = "Santé en territoires <ne-pas-repondre@exemple.fr>"
# One database per run, so that several runs may go on at once; tests/conftest.py drops those of runs that were killed.
DATABASES["default"]["TEST"] = {"NAME": f"test_{DATABASES['default']['NAME']}_{os.getpid()}"}
DATABASES["default"]["CONN_MAX_AGE"] = 0  # the threads of a server under test leave no connection behind
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = VariableAbsente("%s")
WHITENOISE_AUTOREFRESH = True
# Each test takes back what it published, and the edition with it: pages kept from another test would come back.
# Tests of `LectureMiddleware` put it in its place again: `settings.MIDDLEWARE = base.MIDDLEWARE`.
MIDDLEWARE = [couche for couche in MIDDLEWARE if couche != "config.lecture.LectureMiddleware"]
