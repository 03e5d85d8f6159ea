from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from comptes import sessions
from comptes.avertissements import avertir
from comptes.models import Utilisateur


class Command(BaseCommand):
    help = (
        "Retire le second facteur d’une personne qui l’a perdu, codes de secours compris. Vérifiez d’abord qui demande."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    @transaction.atomic
    def handle(self, *args, email: str, **options) -> None:
        utilisateur = Utilisateur.objects.filter(email=email.strip().lower()).first()
        if utilisateur is None:
            raise CommandError(f"Aucun compte n’a l’adresse « {email} ».")
        retires, _ = Authenticator.objects.filter(user=utilisateur).delete()
        sessions.finir(utilisateur)
        avertir(utilisateur.email, "L’éditeur du site a retiré votre second facteur, et déconnecté tous vos appareils.")
        self.stdout.write(f"Retirés : {retires}. Un nouveau second facteur sera demandé avant de modérer.")
