"""Signing in: by a code received by e-mail, never by a password (django-allauth)."""

SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
DUREE_RESTER_CONNECTE = 30 * 86400  # not for those who moderate: comptes/sessions.py
CADENCE_DES_REPONSES = 0.1  # seconds; many times what signing in costs: comptes/cadence.py
MINUTES_DE_PREUVE = 10  # how long a proof of who acts is fresh enough for what cannot be undone: comptes/preuve.py
# In a cookie, read only where there is one: messages must not open a session for those who only read.
MESSAGE_STORAGE = "comptes.messages.Messages"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "compte"
LOGOUT_REDIRECT_URL = "accueil"

# What allauth notes in passing, for all processes (identity tokens already seen); the migrations of comptes make the
# table. It may be culled: limits and used codes are not there, but in the base (comptes/limites.py, comptes/totp.py).
CACHES = {
    "default": {
        "BACKEND": "config.cache_partage.CachePartage",
        "LOCATION": "cache_partage",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

_SIX_CHIFFRES = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_ADAPTER = "comptes.adaptateurs.Adaptateur"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_FORMS = {
    "request_login_code": "comptes.forms.DemandeDeCode",
    "confirm_login_code": "comptes.forms.CodeRecu",
    "signup": "comptes.forms.OuvertureDeCompte",
    "confirm_email_verification_code": "comptes.forms.CodeDeConfirmation",
    "change_email": "comptes.forms.AutreAdresse",
    "add_email": "comptes.forms.NouvelleAdresse",
}
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = _SIX_CHIFFRES
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_FORMAT = _SIX_CHIFFRES
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = False
ALLAUTH_TRUSTED_PROXY_COUNT = 0  # production says how many
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Three tries a code: thirty codes a day leave less than one chance in ten thousand to whoever guesses all day long.
# « ip » is a network and its neighbours: comptes/reseau.py, comptes/limites.py.
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "20/m/ip,3/m/key,10/h/key,30/d/key",
    "signup": "10/m/ip,60/h/ip",
    "second_facteur_faux": "2/h/key",  # beyond, its owner is told
    "confirm_email": "1/10s/key,10/h/key,30/d/key",
}

MFA_ADAPTER = "comptes.adaptateurs.AdaptateurSecondFacteur"
MFA_FORMS = {
    "authenticate": "comptes.forms.Verification",
    "reauthenticate": "comptes.forms.Reconfirmation",
    "activate_totp": "comptes.forms.ActivationApplication",
    "add_webauthn": "comptes.forms.AjoutCle",
    "login_webauthn": "comptes.forms.ConnexionParCle",
    "authenticate_webauthn": "comptes.forms.VerificationParCle",
    "reauthenticate_webauthn": "comptes.forms.ReconfirmationParCle",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # thirty seconds of a clock that is not quite right
MFA_TOTP_ISSUER = "Santé en territoires"
USERSESSIONS_TRACK_ACTIVITY = False

# ProConnect, if the environment says so (PROCONNECT): who it sends is written nowhere else than in our own tables.
SOCIALACCOUNT_ADAPTER = "comptes.liaison.AdaptateurProConnect"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"provider_class": "comptes.proconnect.ProConnect"}}
