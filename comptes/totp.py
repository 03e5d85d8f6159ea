"""The codes of an application: each is accepted once, and none older than the last one accepted (RFC 6238, 5.2).

`ComptesConfig.ready()` puts `accepter` in the place of allauth's own, which forgets a used code while it is still good.
"""

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.db import transaction

DERNIER = "dernier_compteur"


@transaction.atomic
def accepter(totp: TOTP, code: str) -> bool:
    """Say whether this is the code of now, not accepted yet, and note that it has been."""
    facteur = Authenticator.objects.select_for_update().filter(pk=totp.instance.pk).first()
    if facteur is None:  # removed meanwhile
        return False
    secret = decrypt(facteur.data["secret"])
    for compteur in yield_hotp_counters_from_time():
        attendu = format_hotp_value(hotp_value(secret, compteur))
        if compteur > facteur.data.get(DERNIER, -1) and compare_user_code(actual=code, expected=attendu):
            facteur.data[DERNIER] = compteur
            facteur.save(update_fields=["data"])
            return True
    return False
