"""Answers given at fixed instants, so that the time one takes does not tell whether an address has an account.

The work is the same in both cases, but not to the tenth of a millisecond, which is enough to whoever asks many times.
"""

from collections.abc import Callable
from functools import wraps
from time import monotonic, sleep

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

Vue = Callable[..., HttpResponseBase]


def en_cadence(vue: Vue) -> Vue:
    """Hold what answers a form until a whole number of `settings.CADENCE_DES_REPONSES` (seconds) after it came."""

    @wraps(vue)
    def retenue(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        debut = monotonic()
        try:
            return vue(request, *args, **kwargs)
        finally:  # an exception of allauth is an answer too
            if request.method == "POST" and settings.CADENCE_DES_REPONSES:
                sleep(-(monotonic() - debut) % settings.CADENCE_DES_REPONSES)

    return retenue
