from django.apps import AppConfig


class ComptesConfig(AppConfig):
    name = "comptes"
    verbose_name = "Comptes"

    def ready(self) -> None:
        """Put our rules in the place of those allauth has no setting for (decision 31)."""
        from allauth.core.internal import ratelimit
        from allauth.mfa.totp.internal.auth import TOTP

        from comptes import limites, totp

        ratelimit.consume, ratelimit.clear = limites.consommer, limites.oublier
        TOTP.validate_code = totp.accepter
