from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from comptes import coffre


class Command(BaseCommand):
    help = (
        "Chiffre de nouveau les secrets des seconds facteurs, avec la clé d’aujourd’hui (après un changement de clé)."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            nombre = coffre.rechiffrer(Authenticator.objects.all())
        except InvalidToken:
            raise CommandError(
                "Un secret ne s’ouvre avec aucune clé : rien n’a changé. Donnez l’ancienne dans SECRET_KEY_FALLBACKS."
            ) from None
        self.stdout.write(f"{nombre} seconds facteurs chiffrés avec la clé d’aujourd’hui.")
