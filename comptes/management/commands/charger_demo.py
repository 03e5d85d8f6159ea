from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from comptes import demo


class Command(BaseCommand):
    help = "Crée les personnes inventées de la démonstration (répétable ; refusée ailleurs)."

    @transaction.atomic
    def handle(self, *args, **options) -> None:
        if not settings.DEMO:
            raise CommandError("Cette commande ne vaut que pour la démonstration.")
        self.stdout.write(f"Personnes inventées : {demo.charger()} créées.")
