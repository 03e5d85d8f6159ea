from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from comptes.models import Utilisateur
from comptes.nomination import nommer
from comptes.roles import Role


class Command(BaseCommand):
    help = "Donne un rôle, et nul autre, à une personne, dont le compte est créé au besoin."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("role", choices=[*(role.name.lower() for role in Role), "aucun"])

    @transaction.atomic
    def handle(self, *args, email: str, role: str, **options) -> None:
        email = email.strip().lower()
        if "@" not in email:
            raise CommandError(f"« {email} » n’est pas une adresse électronique.")
        utilisateur = Utilisateur.objects.filter(email=email).first() or Utilisateur.objects.create_user(email)
        nommer(utilisateur, *([] if role == "aucun" else [Role[role.upper()]]))
        self.stdout.write(f"{email} : {', '.join(utilisateur.roles) or 'aucun rôle'}.")
